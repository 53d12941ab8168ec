// What the keys do. Tab moves levels in lists and cells in tables, and leaves the editor
// wherever neither is possible, so that no one is trapped in it.

import { baseKeymap, chainCommands } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { inputRules, textblockTypeInputRule, undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import type { Command, Plugin } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import {
  backspaceAtStart,
  breakLine,
  enterInList,
  indent,
  outdent,
  selectWords,
  setHeading,
  setParagraph,
  toggleBold,
  toggleItalic,
  toggleList,
} from "./commands.ts";
import { moveItem } from "./move.ts";
import { enterInRecommendation, RECOMMENDATION } from "./recommendation.ts";
import { nodes } from "./schema.ts";
import { spokenPlugin } from "./spoken.ts";
import type { Spoken } from "./spoken.ts";
import { rowAtEnd } from "./table-commands.ts";
import { tableKeys } from "./table-tools.ts";

/** What the keyboard asks of the page around the text. */
export type KeyActions = {
  editLink: () => void;
  insertTable: () => void;
  toToolbar: () => void;
  /** What a reader of screens is to be told of a change. */
  spoken: (spoken: Spoken) => void;
};

const call =
  (action: () => void): Command =>
  () => {
    action();
    return true;
  };

export const keyPlugins = (actions: KeyActions, section: string): Plugin[] => [
  listRules,
  spokenPlugin(actions.spoken),
  ...(section === RECOMMENDATION ? [keymap({ Enter: enterInRecommendation })] : []),
  keymap({
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    "Mod-a": selectWords,
    "Mod-b": toggleBold,
    "Mod-i": toggleItalic,
    "Mod-k": call(actions.editLink),
    // The shortcut that office programs use for "to the toolbar".
    "Alt-F10": call(actions.toToolbar),
    "Mod-Alt-0": setParagraph,
    "Mod-Alt-1": setHeading(1),
    "Mod-Alt-2": setHeading(2),
    "Mod-Alt-3": setHeading(3),
    "Mod-Shift-7": toggleList(true),
    "Mod-Shift-8": toggleList(false),
    "Alt-ArrowUp": moveItem(-1),
    "Alt-ArrowDown": moveItem(1),
    Enter: enterInList,
    "Shift-Enter": breakLine,
    Backspace: chainCommands(undoInputRule, backspaceAtStart),
    "Mod-Alt-t": call(actions.insertTable),
    ...tableKeys,
    Tab: chainCommands(goToNextCell(1), rowAtEnd, indent),
    "Shift-Tab": chainCommands(goToNextCell(-1), outdent),
    // In a table, where Tab goes to the next cell.
    "Alt-Shift-ArrowRight": indent,
    "Alt-Shift-ArrowLeft": outdent,
  }),
  keymap(baseKeymap),
];

/** "- " and "1. " at the start of a paragraph begin a list; Backspace takes that back. */
const listRules = inputRules({
  rules: [
    textblockTypeInputRule(/^[-*•]\s$/, nodes.list_item!, { ordered: false, indent: 0 }),
    textblockTypeInputRule(/^1[.)]\s$/, nodes.list_item!, { ordered: true, indent: 0 }),
  ],
});
