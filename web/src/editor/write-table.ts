// Changes of a table, written into its rows, columns and cell texts. Rows and columns are
// moved by id, and each cell is a text of its own, so two people in two cells never meet.

import * as A from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import { words } from "./blocks.ts";
import type { Path } from "./blocks.ts";
import { blocksByWriter } from "./parts.ts";
import { children, nodes } from "./schema.ts";
import { readCellText } from "./read.ts";
import { cellKey, cellPath, textKey, usedIds, writersOf } from "./table-model.ts";
import type { CellValue, ItemDocument, TableValue } from "./table-model.ts";
import { CELL_COST, ID_COST } from "./write-steps.ts";
import type { Steps, Target } from "./write-steps.ts";
import { writeBlocks } from "./write.ts";

type Cells = Map<string, { node: Node; row: number; col: number }>;

/** Writes the table `after`; `before` is what the document holds, or null for a new one. */
export function* writeTable(target: Target, before: Node | null, after: Node): Steps {
  const id = String(after.attrs["id"]);
  const table = tableValue(target.doc, id);
  const used = usedIds(table);
  const writers = writersOf(table);
  const rows = children(after).map((row) => String(row.attrs["id"]));
  const cols = (after.attrs["cols"] as unknown[]).map(String);
  writeIds(table.rows, rows);
  writeIds(table.cols, cols);
  yield (rows.length + cols.length) * ID_COST;
  const oldCells: Cells = before?.type === nodes.table ? cellsOf(before) : new Map();
  const newCells = cellsOf(after);
  for (const [key, { node, row, col }] of newCells) {
    const old = oldCells.get(key)?.node ?? null;
    if (old === node && !spans(node) && !mergedBefore(tableValue(target.doc, id).cells[key])) continue;
    const { colspan, rowspan } = node.attrs;
    writeCellShape(tableValue(target.doc, id), key, node, cols[col + Number(colspan) - 1], rows[row + Number(rowspan) - 1]);
    if (old === node) continue;
    const isNew = !used.has(rows[row] ?? "") || !used.has(String(node.attrs["col"]));
    yield CELL_COST;
    yield* writeCellTexts(target, { table: id, key, isNew, writers: writers.get(key) ?? [] }, old, node);
  }
  for (const key of oldCells.keys()) {
    const [row = "", col = ""] = key.split(":");
    if (newCells.has(key) || !rows.includes(row) || !cols.includes(col)) continue;
    // A merged cell covers it; its words moved there.
    yield* writeCellTexts(target, { table: id, key, isNew: false, writers: writers.get(key) ?? [] }, null, null);
  }
}

const spans = (cell: Node): boolean => cell.attrs["colspan"] > 1 || cell.attrs["rowspan"] > 1;

/** A merged cell that another one cut short shows as a single one, and would grow once that one moves. */
const mergedBefore = (cell: CellValue | undefined): boolean =>
  cell?.ce !== undefined || cell?.re !== undefined;

function tableValue(doc: ItemDocument, id: string): TableValue {
  if (!doc.tables[id]) doc.tables[id] = { rows: [], cols: [], cells: {} };
  return doc.tables[id];
}

/** The cells by "row:col", with their place counted from zero. */
function cellsOf(table: Node): Cells {
  const cells: Cells = new Map();
  const cols = (table.attrs["cols"] as unknown[]).map(String);
  children(table).forEach((row, y) => {
    for (const cell of children(row)) {
      const col = String(cell.attrs["col"]);
      cells.set(cellKey(String(row.attrs["id"]), col), { node: cell, row: y, col: cols.indexOf(col) });
    }
  });
  return cells;
}

function writeCellShape(
  table: TableValue,
  key: string,
  node: Node,
  lastCol: string | undefined,
  lastRow: string | undefined,
): void {
  const header = node.type === nodes.table_header;
  if (!table.cells[key]) {
    if (!header && !spans(node)) return;
    table.cells[key] = {};
  }
  const cell = table.cells[key];
  if (Boolean(cell.h) !== header) cell.h = header;
  writeEnd(cell, "ce", node.attrs["colspan"] > 1 ? lastCol : undefined);
  writeEnd(cell, "re", node.attrs["rowspan"] > 1 ? lastRow : undefined);
}

function writeEnd(cell: CellValue, key: "ce" | "re", last: string | undefined): void {
  if ((words(cell[key]) ?? undefined) === last) return;
  if (last === undefined) delete cell[key];
  else cell[key] = new A.ImmutableString(last);
}

/** `isNew`: its row or column is being inserted now, so nobody else can be making its text. */
type TextsPlace = { table: string; key: string; isNew: boolean; writers: readonly string[] };

/** Writes all texts of a cell; without `fresh` they are emptied. */
function* writeCellTexts(target: Target, place: TextsPlace, old: Node | null, fresh: Node | null): Steps {
  const before = old ? blocksByWriter(old) : new Map<string, Node[]>();
  const after = fresh ? blocksByWriter(fresh) : new Map<string, Node[]>();
  for (const writer of new Set([...place.writers, ...before.keys(), ...after.keys()])) {
    const path = textPath(target.doc, place, writer, isBlank(after.get(writer)));
    if (!path) continue;
    const blocks = before.get(writer) ?? readCellText(target.doc, path, null);
    yield* writeBlocks(target, path, blocks, after.get(writer) ?? []);
  }
}

/** Where the words of `writer` stand; made if it is not there and needed. */
function textPath(doc: ItemDocument, place: TextsPlace, writer: string, blank: boolean): Path | null {
  const { table, key, isNew, writers } = place;
  const path = (name: string) => cellPath(table, textKey(key, name));
  if (writers.includes(writer)) return path(writer);
  if (isNew && writer === "") {
    makeText(doc, table, key);
    return path("");
  }
  if (blank) return null;
  const own = writer || A.getActorId(doc);
  if (!writers.includes(own)) makeText(doc, table, textKey(key, own));
  return path(own);
}

function makeText(doc: ItemDocument, table: string, key: string): void {
  const cells = doc.tables[table]!.cells;
  if (!cells[key]) cells[key] = { t: "" };
  else cells[key].t = "";
}

const isBlank = (blocks: readonly Node[] = []): boolean =>
  blocks.every((block) => block.attrs["marker"] === "virtual" && block.content.size === 0);

/** Makes the list hold exactly `wanted`, moving no id that already stands right. */
function writeIds(list: unknown[], wanted: readonly string[]): void {
  for (let i = list.length - 1; i >= 0; i--) {
    const id = words(list[i]);
    const first = list.findIndex((entry) => words(entry) === id);
    if (id === null || !wanted.includes(id) || first !== i) list.splice(i, 1);
  }
  wanted.forEach((id, i) => {
    const at = list.findIndex((entry) => words(entry) === id);
    if (at === i) return;
    if (at > i) list.splice(at, 1);
    list.splice(i, 0, new A.ImmutableString(id));
  });
}
