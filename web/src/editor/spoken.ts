// What a reader of screens is told of a change that sighted people see: another kind of block,
// another list level, another size of table, an item that moved. Words come in at the page.

import type { Node, ResolvedPos } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import type { EditorState, Transaction } from "prosemirror-state";
import { TableMap } from "prosemirror-tables";
import { FROM_SHARED } from "./remote.ts";
import { nodes } from "./schema.ts";

export type Spoken =
  | { kind: "paragraph" }
  | { kind: "heading"; level: number }
  | { kind: "item"; ordered: boolean; level: number }
  | { kind: "table"; rows: number; columns: number }
  | { kind: "noTable" }
  | { kind: "moved"; number: number; total: number };

const key = new PluginKey<Spoken | null>("spoken");

/** Says `spoken` when the transaction is done, in place of what would be made out of it. */
export const say = (tr: Transaction, spoken: Spoken): Transaction => tr.setMeta(key, spoken);

/** Tells `tell` of each change by the person at the keyboard that is worth a word. */
export const spokenPlugin = (tell: (spoken: Spoken) => void): Plugin =>
  new Plugin<Spoken | null>({
    key,
    state: {
      init: () => null,
      // What completes a change must not swallow its word; the same object is not told twice.
      apply: (tr, last, before, after) => worthAWord(tr, before, after) ?? last,
    },
    view: () => ({
      update: (view, before) => {
        const spoken = key.getState(view.state);
        if (spoken && spoken !== key.getState(before)) tell(spoken);
      },
    }),
  });

function worthAWord(tr: Transaction, before: EditorState, after: EditorState): Spoken | null {
  if (!tr.docChanged || tr.getMeta(FROM_SHARED) !== undefined) return null;
  const said = tr.getMeta(key) as Spoken | undefined;
  return said ?? changed(before.selection.$from, after.selection.$from);
}

/** What is different at the caret now, or null. */
export function changed(before: ResolvedPos, after: ResolvedPos): Spoken | null {
  const [old, now] = [tableAround(before), tableAround(after)];
  if (JSON.stringify(old) !== JSON.stringify(now)) return now ?? { kind: "noTable" };
  const [was, is] = [blockKind(before.parent), blockKind(after.parent)];
  return JSON.stringify(was) === JSON.stringify(is) ? null : is;
}

function tableAround(at: ResolvedPos): Extract<Spoken, { kind: "table" }> | null {
  for (let depth = at.depth; depth > 0; depth--) {
    const node = at.node(depth);
    if (node.type !== nodes.table) continue;
    const { height, width } = TableMap.get(node);
    return { kind: "table", rows: height, columns: width };
  }
  return null;
}

function blockKind(block: Node): Spoken | null {
  switch (block.type) {
    case nodes.paragraph:
      return { kind: "paragraph" };
    case nodes.heading:
      return { kind: "heading", level: Number(block.attrs["level"]) };
    case nodes.list_item:
      return { kind: "item", ordered: block.attrs["ordered"] === true, level: Number(block.attrs["indent"]) + 1 };
    default:
      return null;
  }
}
