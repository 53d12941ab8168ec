// What a person can do with tables, beside typing in their cells.

import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import type { Command, EditorState } from "prosemirror-state";
import {
  TableMap,
  addColumn,
  addRow,
  deleteColumn as deleteColumns,
  deleteRow as deleteRows,
  deleteTable,
  isInTable,
  mergeCells,
  selectedRect,
  splitCell,
  toggleHeader,
} from "prosemirror-tables";
import type { TableRect } from "prosemirror-tables";
import { children, nodes } from "./schema.ts";
import { MAX_COLUMNS, MAX_ROWS } from "./table-model.ts";

/** A new table below the block that the caret is in; it takes the place of an empty paragraph. */
export function insertTable(rows: number, columns: number, headerRow: boolean): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if ($from.depth !== 1) return false;
    const cell = (row: number) => (headerRow && row === 0 ? nodes.table_header! : nodes.table_cell!).createAndFill()!;
    const row = (_: unknown, y: number) => nodes.table_row!.create(null, Array.from({ length: columns }, () => cell(y)));
    const table = nodes.table!.create(null, Array.from({ length: rows }, row));
    const empty = $from.parent.type === nodes.paragraph && $from.parent.content.size === 0;
    const at = empty ? $from.before(1) : $from.after(1);
    const tr = state.tr.replaceWith(at, empty ? $from.after(1) : at, table);
    dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 3))).scrollIntoView());
    return true;
  };
}

/** Adds a row or column, and puts the caret in its cell that stands in line with where it was. */
function added(add: typeof addRow, at: (rect: TableRect) => { index: number; row: number; column: number }): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const rect = selectedRect(state);
    const { index, row, column } = at(rect);
    const tr = add(state.tr, rect, index);
    const table = tr.doc.nodeAt(rect.tableStart - 1)!;
    const cell = rect.tableStart + TableMap.get(table).positionAt(row, column, table);
    dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(cell + 1))).scrollIntoView());
    return true;
  };
}

const rowAt = (index: number, column: number) => ({ index, row: index, column });
const columnAt = (index: number, row: number) => ({ index, row, column: index });

export const rowAbove: Command = added(addRow, ({ top, left }) => rowAt(top, left));
export const rowBelow: Command = added(addRow, ({ bottom, left }) => rowAt(bottom, left));
/** Tab in the last cell: a new row to go on in. */
export const rowAtEnd: Command = added(addRow, ({ map }) => rowAt(map.height, 0));
export const columnLeft: Command = added(addColumn, ({ left, top }) => columnAt(left, top));
export const columnRight: Command = added(addColumn, ({ right, top }) => columnAt(right, top));

const allSelected = (state: EditorState, first: "top" | "left", last: "bottom" | "right", size: "height" | "width") => {
  const rect = selectedRect(state);
  return rect[first] === 0 && rect[last] === rect.map[size];
};

/** Takes the selected rows out; with all of them the table goes. */
export const deleteRow: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  return (allSelected(state, "top", "bottom", "height") ? deleteTable : deleteRows)(state, dispatch);
};

export const deleteColumn: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  return (allSelected(state, "left", "right", "width") ? deleteTable : deleteColumns)(state, dispatch);
};

/** One key for both: several selected cells become one, a merged cell several. */
export const mergeOrSplit: Command = (state, dispatch) => mergeCells(state, dispatch) || splitCell(state, dispatch);

export const toggleHeaderRow: Command = toggleHeader("row");
export const toggleHeaderColumn: Command = toggleHeader("column");

const isHeader = (cell: Node | null | undefined): boolean => cell?.type === nodes.table_header;

export function hasHeaderRow(state: EditorState): boolean {
  return isInTable(state) && children(selectedRect(state).table.child(0)).every(isHeader);
}

export function hasHeaderColumn(state: EditorState): boolean {
  if (!isInTable(state)) return false;
  const { map, table } = selectedRect(state);
  return Array.from({ length: map.height }, (_, y) => table.nodeAt(map.map[y * map.width]!)).every(isHeader);
}

/** Whether a table is larger than what the published document shows. */
export const hasTooLargeTable = (doc: Node): boolean =>
  children(doc).some((node) => {
    if (node.type !== nodes.table) return false;
    const { width, height } = TableMap.get(node);
    return width > MAX_COLUMNS || height > MAX_ROWS;
  });
