// Tables as the item documents hold them: rows and columns by id, a text for each cell, merged
// cells that end at a row or column id. Read tolerantly: several people write at once.
//
// The text of a cell is made by whoever inserts its row or column, so there is one. Where a new
// row of one person meets a new column of another it is missing. There each writes in a text of
// their own, under "row:column:writer", and the cell shows all of them, one after the other: made
// under one name, one of the two would be hidden.

import * as A from "@automerge/automerge";
import { words } from "./blocks.ts";
import type { Path } from "./blocks.ts";

/** What the published document shows of a table (agenda::document). */
export const MAX_ROWS = 2000;
export const MAX_COLUMNS = 64;

/** One cell: `t` its text, `h` header, `ce` and `re` the last column and row it covers. */
export type CellValue = { t?: string; h?: boolean; ce?: unknown; re?: unknown };
export type TableValue = { rows: unknown[]; cols: unknown[]; cells: Record<string, CellValue> };
export type SectionValue = { body: string; nothing: boolean };
/** An item document: case, planning or decision. */
export type ItemDocument = {
  v: number;
  sections: Record<string, SectionValue>;
  tables: Record<string, TableValue>;
};
export type Doc = A.Doc<ItemDocument>;

export const bodyPath = (section: string): Path => ["sections", section, "body"];
export const cellKey = (row: string, col: string): string => `${row}:${col}`;
/** The key of one of a cell's texts; `writer` is empty for the usual one. */
export const textKey = (cell: string, writer: string): string => (writer ? `${cell}:${writer}` : cell);
export const cellPath = (table: string, key: string): Path => ["tables", table, "cells", key, "t"];

/** The ids of a list, each once: two people may have put the same row back. */
export function uniqueIds(list: readonly unknown[] | undefined): string[] {
  const ids = new Set<string>();
  for (const entry of list ?? []) {
    const id = words(entry);
    if (id !== null) ids.add(id);
  }
  return [...ids];
}

/** A cell's place in the grid. Rows and columns count from zero. */
export type Place = {
  row: string;
  col: string;
  colspan: number;
  rowspan: number;
  cell: CellValue | undefined;
};

/** The cells of each row, left to right, without those that a merged cell covers. */
export function layOut(table: TableValue): { rows: string[]; cols: string[]; places: Place[][] } {
  const rows = uniqueIds(table.rows);
  const cols = uniqueIds(table.cols);
  const taken = rows.map(() => cols.map(() => false));
  const places = rows.map((row, y) => {
    const inRow: Place[] = [];
    cols.forEach((col, x) => {
      if (taken[y]?.[x]) return;
      const cell = table.cells?.[cellKey(row, col)];
      const span = freeSpan(taken, x, y, endOf(cols, x, cell?.ce), endOf(rows, y, cell?.re));
      inRow.push({ row, col, ...span, cell });
    });
    return inRow;
  });
  return { rows, cols, places };
}

function endOf(ids: readonly string[], start: number, last: unknown): number {
  const id = words(last);
  return id === null ? start : Math.max(start, ids.indexOf(id));
}

/** Cuts a merged cell down to what no other cell covers, and takes that. */
function freeSpan(taken: boolean[][], x: number, y: number, right: number, bottom: number) {
  let colspan = 1;
  while (x + colspan <= right && !taken[y]?.[x + colspan]) colspan++;
  const rowFree = (row: number) => taken[row]?.slice(x, x + colspan).every((cell) => !cell) ?? false;
  let rowspan = 1;
  while (y + rowspan <= bottom && rowFree(y + rowspan)) rowspan++;
  for (let row = y; row < y + rowspan; row++) taken[row]?.fill(true, x, x + colspan);
  return { colspan, rowspan };
}

/** Who wrote the texts of each cell, by "row:column" and in the order that they are shown in. */
export function writersOf(table: TableValue): Map<string, string[]> {
  const writers = new Map<string, string[]>();
  // The usual text is the shortest key, and so the first.
  for (const key of Object.keys(table.cells ?? {}).sort()) {
    if (typeof table.cells[key]?.t !== "string") continue;
    const [row = "", col = "", writer = ""] = key.split(":");
    const cell = cellKey(row, col);
    writers.set(cell, [...(writers.get(cell) ?? []), writer]);
  }
  return writers;
}

/** The rows and columns that any cell was ever made for. */
export function usedIds(table: TableValue): Set<string> {
  const used = new Set([...uniqueIds(table.rows), ...uniqueIds(table.cols)]);
  for (const key of Object.keys(table.cells ?? {})) for (const id of key.split(":").slice(0, 2)) used.add(id);
  return used;
}
