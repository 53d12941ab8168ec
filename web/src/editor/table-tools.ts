// The tools that the toolbar has while the caret is in a table, and their keys.

import { closeHistory } from "prosemirror-history";
import { deleteTable, isInTable, mergeCells, splitCell } from "prosemirror-tables";
import type { Command } from "prosemirror-state";
import {
  columnLeft,
  columnRight,
  deleteColumn,
  deleteRow,
  hasHeaderColumn,
  hasHeaderRow,
  mergeOrSplit,
  rowAbove,
  rowBelow,
  toggleHeaderColumn,
  toggleHeaderRow,
} from "./table-commands.ts";
import type { Tool } from "./tools.ts";

export type TableToolId =
  | "rowAbove"
  | "rowBelow"
  | "deleteRow"
  | "columnLeft"
  | "columnRight"
  | "deleteColumn"
  | "mergeCells"
  | "splitCell"
  | "headerRow"
  | "headerColumn"
  | "deleteTable";

/** Drawn in a square of 20 by 20. */
const ICONS: Record<TableToolId, string> = {
  rowAbove: "M3 9h14v8H3zM10 9v8M10 2v5M7.5 4.5h5",
  rowBelow: "M3 3h14v8H3zM10 3v8M10 13v5M7.5 15.5h5",
  deleteRow: "M2 7h16v6H2zM8 8.5l4 3M12 8.5l-4 3",
  columnLeft: "M9 3h8v14H9zM9 10h8M2 10h5M4.5 7.5v5",
  columnRight: "M3 3h8v14H3zM3 10h8M13 10h5M15.5 7.5v5",
  deleteColumn: "M7 2h6v16H7zM8.5 8l3 4M11.5 8l-3 4",
  mergeCells: "M2 5h16v10H2zM4.5 10H9M7.5 8L9 10l-1.5 2M15.5 10H11M12.5 8L11 10l1.5 2",
  splitCell: "M2 5h16v10H2zM10 5v10M8 10H4M5.5 8L4 10l1.5 2M12 10h4M14.5 8L16 10l-1.5 2",
  headerRow: "M3 3h14v14H3zM3 8h14M3 12.500h14M10 8v9M4.5 4.700h11M4.5 6.300h11",
  headerColumn: "M3 3h14v14H3zM8 3v14M12.5 3v14M8 10h9M4.7 4.500v11M6.3 4.500v11",
  deleteTable: "M3 3h14v14H3zM6 6l8 8M14 6l-8 8",
};

/** The command in a table only, and undone by itself, not with what was typed just before. */
const alone =
  (command: Command): Command =>
  (state, dispatch) =>
    isInTable(state) && command(state, dispatch && ((tr) => dispatch(closeHistory(tr))));

const tool = (id: TableToolId, keys: string, command: Command, isOn?: Tool["isOn"]): Tool => ({
  id,
  keys,
  sign: { icon: ICONS[id] },
  command: alone(command),
  ...(isOn ? { isOn } : {}),
});

export const TABLE_GROUPS: readonly (readonly Tool[])[] = [
  [
    tool("rowAbove", "Ctrl+Alt+↑", rowAbove),
    tool("rowBelow", "Ctrl+Alt+↓", rowBelow),
    tool("deleteRow", "Ctrl+Shift+Backspace", deleteRow),
  ],
  [
    tool("columnLeft", "Ctrl+Alt+←", columnLeft),
    tool("columnRight", "Ctrl+Alt+→", columnRight),
    tool("deleteColumn", "Ctrl+Alt+Backspace", deleteColumn),
  ],
  [tool("mergeCells", "Ctrl+Alt+M", mergeCells), tool("splitCell", "Ctrl+Alt+M", splitCell)],
  [
    tool("headerRow", "Ctrl+Alt+H", toggleHeaderRow, hasHeaderRow),
    tool("headerColumn", "Ctrl+Alt+Shift+H", toggleHeaderColumn, hasHeaderColumn),
  ],
  [tool("deleteTable", "Ctrl+Alt+Shift+Backspace", deleteTable)],
];

export const tableKeys: Record<string, Command> = {
  "Mod-Alt-ArrowUp": alone(rowAbove),
  "Mod-Alt-ArrowDown": alone(rowBelow),
  "Mod-Shift-Backspace": alone(deleteRow),
  "Mod-Alt-ArrowLeft": alone(columnLeft),
  "Mod-Alt-ArrowRight": alone(columnRight),
  "Mod-Alt-Backspace": alone(deleteColumn),
  "Mod-Alt-m": alone(mergeOrSplit),
  "Mod-Alt-h": alone(toggleHeaderRow),
  "Mod-Alt-Shift-h": alone(toggleHeaderColumn),
  "Mod-Alt-Shift-Backspace": alone(deleteTable),
};
