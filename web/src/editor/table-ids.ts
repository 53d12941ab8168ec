// Every table, row and cell of the editor has an id before it is written. Table commands make
// rows and cells without ids, or copy them; this gives each its own, and keeps those in use.

import type { Node } from "prosemirror-model";
import { TableMap } from "prosemirror-tables";
import type { EditorState, Transaction } from "prosemirror-state";
import { children, nodes } from "./schema.ts";

/** A source of new ids: short, of letters and digits, without ":" and "/". */
export type NewId = () => string;

const ID_BYTES = 8;

/** Eight random bytes in base 36. */
export const randomId: NewId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
};

/** The transaction that gives ids where they are missing or taken, or null where all is well. */
export function giveTableIds(state: EditorState, newId: NewId): Transaction | null {
  const tr = state.tr;
  const tables = new Set<string>();
  state.doc.forEach((node, offset) => {
    if (node.type === nodes.missing_table) tables.add(String(node.attrs["id"]));
    if (node.type !== nodes.table) return;
    const id = node.attrs["id"] as string | null;
    const fresh = !id || tables.has(id);
    const newTable = fresh ? newId() : id;
    tables.add(newTable);
    const cols = columnIds(node, fresh, newId);
    const changed = fresh || JSON.stringify(cols) !== JSON.stringify(node.attrs["cols"]);
    if (changed) tr.setNodeMarkup(offset, null, { id: newTable, cols });
    giveRowIds(tr, node, offset, fresh, newId);
    giveCellColumns(tr, node, offset, cols);
  });
  return tr.docChanged ? tr : null;
}

function giveRowIds(tr: Transaction, table: Node, offset: number, fresh: boolean, newId: NewId): void {
  const used = new Set<string>();
  table.forEach((row, rowOffset) => {
    let id = row.attrs["id"] as string | null;
    if (!id || fresh || used.has(id)) {
      id = newId();
      tr.setNodeMarkup(offset + 1 + rowOffset, null, { id });
    }
    used.add(id);
  });
}

function giveCellColumns(tr: Transaction, table: Node, offset: number, cols: readonly string[]): void {
  const map = TableMap.get(table);
  table.forEach((row, rowOffset) => {
    row.forEach((cell, cellOffset) => {
      const place = rowOffset + 1 + cellOffset;
      const col = cols[map.map.indexOf(place) % map.width];
      if (cell.attrs["col"] !== col) tr.setNodeMarkup(offset + 1 + place, null, { ...cell.attrs, col });
    });
  });
}

/** The id of each column: from a cell that starts in it, else the old one at that place, else a new one. */
function columnIds(table: Node, fresh: boolean, newId: NewId): string[] {
  const map = TableMap.get(table);
  const ids: (string | null)[] = fresh ? new Array<null>(map.width).fill(null) : idsOfCells(table, map);
  const used = new Set(ids.filter((id) => id !== null));
  const old = (table.attrs["cols"] as unknown[]).map(String);
  return ids.map((id, x) => {
    if (id !== null) return id;
    const before = x === 0 ? -1 : old.indexOf(ids[x - 1] ?? "");
    const candidate = x > 0 && before < 0 ? undefined : old[before + 1];
    const keeps = !fresh && candidate !== undefined && !used.has(candidate);
    // A column that no cell starts in keeps its id; so does each while the width stays.
    const chosen = keeps && (map.width === old.length || isCovered(map, x)) ? candidate : newId();
    used.add(chosen);
    ids[x] = chosen;
    return chosen;
  });
}

function idsOfCells(table: Node, map: TableMap): (string | null)[] {
  const ids = new Array<string | null>(map.width).fill(null);
  const used = new Set<string>();
  map.map.forEach((place, index) => {
    const x = index % map.width;
    if (ids[x] || (x > 0 && map.map[index - 1] === place)) return;
    const col = table.nodeAt(place)?.attrs["col"] as string | null | undefined;
    if (!col || used.has(col)) return;
    ids[x] = col;
    used.add(col);
  });
  return ids;
}

function isCovered(map: TableMap, x: number): boolean {
  if (x === 0) return false;
  for (let y = 0; y < map.height; y++) {
    if (map.map[y * map.width + x - 1] !== map.map[y * map.width + x]) return false;
  }
  return true;
}

/** The node without ids, so that a pasted copy of a table becomes a table of its own. */
export function withoutTableId(node: Node): Node {
  if (node.type !== nodes.table) return node;
  return nodes.table.create({ id: null, cols: [] }, children(node));
}
