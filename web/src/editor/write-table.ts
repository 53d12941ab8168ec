// Changes of a table, written into its rows, columns and cell texts. Rows and columns are
// moved by id, and each cell is a text of its own, so two people in two cells never meet.

import * as A from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import { words } from "./blocks.ts";
import { children, nodes } from "./schema.ts";
import { readBlocks } from "./read.ts";
import { cellKey, cellPath, uniqueIds } from "./table-model.ts";
import type { CellValue, ItemDocument, TableValue } from "./table-model.ts";
import { writeBlocks } from "./write.ts";

type Cells = Map<string, { node: Node; row: number; col: number }>;

/** Writes the table `after`; `before` is what the document holds, or null for a new one. */
export function writeTable(doc: ItemDocument, before: Node | null, after: Node): void {
  const id = String(after.attrs["id"]);
  const table = tableValue(doc, id);
  const rows = children(after).map((row) => String(row.attrs["id"]));
  const cols = (after.attrs["cols"] as unknown[]).map(String);
  const known = { rows: new Set(uniqueIds(table.rows)), cols: new Set(uniqueIds(table.cols)) };
  writeIds(table.rows, rows);
  writeIds(table.cols, cols);
  const oldCells = before?.type === nodes.table ? cellsOf(before) : new Map();
  const newCells = cellsOf(after);
  for (const [key, cell] of newCells) {
    const old = oldCells.get(key)?.node ?? null;
    if (old === cell.node && !spans(cell.node) && !mergedBefore(table.cells[key])) continue;
    const [row = "", col = ""] = key.split(":");
    const inGrid = known.rows.has(row) && known.cols.has(col);
    if (!table.cells[key] && inGrid && isBlank(cell.node)) continue;
    const value = cellValue(table, key);
    writeCellShape(
      value,
      cell.node,
      cols[cell.col + Number(cell.node.attrs["colspan"]) - 1],
      rows[cell.row + Number(cell.node.attrs["rowspan"]) - 1],
    );
    if (old !== cell.node) writeCellText(doc, id, key, old, cell.node);
  }
  for (const key of oldCells.keys()) {
    if (!newCells.has(key)) emptyCoveredCell(doc, id, key, rows, cols);
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

function cellValue(table: TableValue, key: string): CellValue {
  if (!table.cells[key]) table.cells[key] = { t: "" };
  return table.cells[key];
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

function isBlank(cell: Node): boolean {
  const only = cell.childCount === 1 ? cell.firstChild : null;
  const plain = cell.type === nodes.table_cell && cell.attrs["colspan"] === 1 && cell.attrs["rowspan"] === 1;
  return plain && only?.attrs["marker"] === "virtual" && only.content.size === 0;
}

function writeCellShape(
  cell: CellValue,
  node: Node,
  lastCol: string | undefined,
  lastRow: string | undefined,
): void {
  const header = node.type === nodes.table_header;
  if (Boolean(cell.h) !== header) cell.h = header;
  writeEnd(cell, "ce", node.attrs["colspan"] > 1 ? lastCol : undefined);
  writeEnd(cell, "re", node.attrs["rowspan"] > 1 ? lastRow : undefined);
}

function writeEnd(cell: CellValue, key: "ce" | "re", last: string | undefined): void {
  if ((words(cell[key]) ?? undefined) === last) return;
  if (last === undefined) delete cell[key];
  else cell[key] = new A.ImmutableString(last);
}

function writeCellText(doc: ItemDocument, table: string, key: string, old: Node | null, fresh: Node): void {
  const path = cellPath(table, key);
  writeBlocks(doc, path, old ? children(old) : readBlocks(doc, path, false), children(fresh));
}

/** A cell that a merged one covers now: its words moved there, so they leave here. */
function emptyCoveredCell(
  doc: ItemDocument,
  table: string,
  key: string,
  rows: string[],
  cols: string[],
): void {
  const [row = "", col = ""] = key.split(":");
  if (!rows.includes(row) || !cols.includes(col) || !doc.tables[table]?.cells[key]) return;
  const path = cellPath(table, key);
  writeBlocks(doc, path, readBlocks(doc, path, false), [nodes.paragraph!.create({ marker: "virtual" })]);
}

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
