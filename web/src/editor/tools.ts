// The tools of the toolbar: what each does, whether it is on, and its name and key for people.

import { redo, undo } from "prosemirror-history";
import type { Command, EditorState } from "prosemirror-state";
import {
  indent,
  isHeading,
  isListItem,
  isMarked,
  isParagraph,
  outdent,
  setHeading,
  setParagraph,
  toggleBold,
  toggleItalic,
  toggleList,
} from "./commands.ts";
import { schema } from "./schema.ts";
import type { TableToolId } from "./table-tools.ts";

type ToolId =
  | "bold"
  | "italic"
  | "paragraph"
  | "heading1"
  | "heading2"
  | "heading3"
  | "bullets"
  | "numbers"
  | "outdent"
  | "indent"
  | "undo"
  | "redo";

export type Tool = {
  /** Its name for people is the text `editor.<id>`. */
  id: ToolId | TableToolId;
  /** The key of keys.ts that does the same, as a person reads it. */
  keys: string;
  /** What the button shows: a letter, a sign or a drawing. Its name is what assistive technology reads. */
  sign: string | { key: "editor.bold.sign" | "editor.italic.sign" } | { icon: string };
  command: Command;
  /** For tools that are on or off; others have no state. */
  isOn?: (state: EditorState) => boolean;
};

const { strong, em } = schema.marks;

/** In the order of the toolbar; each inner list is a group with a gap before it. */
export const TOOL_GROUPS: readonly (readonly Tool[])[] = [
  [
    {
      id: "bold",
      keys: "Ctrl+B",
      sign: { key: "editor.bold.sign" },
      command: toggleBold,
      isOn: (state) => isMarked(state, strong),
    },
    {
      id: "italic",
      keys: "Ctrl+I",
      sign: { key: "editor.italic.sign" },
      command: toggleItalic,
      isOn: (state) => isMarked(state, em),
    },
  ],
  [
    { id: "paragraph", keys: "Ctrl+Alt+0", sign: "¶", command: setParagraph, isOn: isParagraph },
    ...([1, 2, 3] as const).map((level): Tool => ({
      id: `heading${level}`,
      keys: `Ctrl+Alt+${level}`,
      sign: `H${level}`,
      command: setHeading(level),
      isOn: (state) => isHeading(state, level),
    })),
  ],
  [
    {
      id: "bullets",
      keys: "Ctrl+Shift+8",
      sign: "•",
      command: toggleList(false),
      isOn: (state) => isListItem(state, false),
    },
    {
      id: "numbers",
      keys: "Ctrl+Shift+7",
      sign: "1.",
      command: toggleList(true),
      isOn: (state) => isListItem(state, true),
    },
    { id: "outdent", keys: "Shift+Tab, Alt+Shift+←", sign: "⇤", command: outdent },
    { id: "indent", keys: "Tab, Alt+Shift+→", sign: "⇥", command: indent },
  ],
  [
    { id: "undo", keys: "Ctrl+Z", sign: "↶", command: undo },
    { id: "redo", keys: "Ctrl+Y", sign: "↷", command: redo },
  ],
];

/** How a tool stands for the text that has the focus; without one nothing can be done. */
export type ToolState = { enabled: boolean; pressed: boolean | undefined };

export function toolState(tool: Tool, state: EditorState | null): ToolState {
  if (!state) return { enabled: false, pressed: tool.isOn ? false : undefined };
  const pressed = tool.isOn?.(state);
  // A tool that is on stays reachable, though doing it again changes nothing.
  return { enabled: pressed === true || tool.command(state), pressed };
}

/** The place in the toolbar that the arrow keys, Home and End lead to; null for other keys. */
export function nextStop(key: string, from: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (from + 1) % count;
    case "ArrowLeft":
      return (from - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
