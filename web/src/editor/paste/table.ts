// A pasted table: its rows and cells with what they span. A table inside a cell is not one here.

import { MAX_COLUMNS, MAX_ROWS } from "../table-model.ts";
import type { Block, PastedCell } from "./pasted.ts";

/** The table as a block, after its caption. */
export function readTable(
  table: Element,
  readCell: (cell: Element) => Block[],
  isHidden: (row: Element) => boolean,
): Block[] {
  const rows = rowsOf(table).filter((row) => !isHidden(row));
  const cells = rows.map((row) => cellsOf(row).map((cell) => pastedCell(cell, row, readCell)));
  const filled = cells.filter((row) => row.length > 0);
  const caption = [...table.children].filter(({ localName }) => localName === "caption").flatMap(readCell);
  return filled.length === 0 ? caption : [...caption, { kind: "table", rows: filled }];
}

const rowsOf = (table: Element): Element[] =>
  [...table.children].flatMap((child) => {
    if (child.localName === "tr") return [child];
    return /^t(head|body|foot)$/.test(child.localName) ? rowsOf(child) : [];
  });

const cellsOf = (row: Element): Element[] => [...row.children].filter(({ localName }) => /^t[dh]$/.test(localName));

function pastedCell(cell: Element, row: Element, readCell: (cell: Element) => Block[]): PastedCell {
  const span = (name: string, most: number) => Math.min(most, Math.max(1, Math.trunc(Number(cell.getAttribute(name))) || 1));
  return {
    header: cell.localName === "th" || row.parentElement?.localName === "thead",
    colspan: span("colspan", MAX_COLUMNS),
    rowspan: span("rowspan", MAX_ROWS),
    blocks: readCell(cell),
  };
}
