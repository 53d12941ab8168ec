// What a person can do with tables, beside typing in their cells.

import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import type { Command, EditorState } from "prosemirror-state";
import {
  TableMap,
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

/** Tab in the last cell: a new row to go on in. */
export const rowAtEnd: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  const rect = selectedRect(state);
  const tr = addRow(state.tr, rect, rect.map.height);
  const start = rect.tableStart + rect.table.content.size;
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(start + 2))).scrollIntoView());
  return true;
};

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
