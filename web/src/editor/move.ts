// Moving an item of a list, with all that is nested under it, past its neighbour on its own level.

import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import type { Command, EditorState } from "prosemirror-state";
import { children, nodes } from "./schema.ts";
import { say } from "./spoken.ts";

/** Blocks from `start` up to but not including `end`, counted in their parent. */
type Group = { start: number; end: number };

const indentOf = (node: Node | undefined): number =>
  node?.type === nodes.list_item ? Number(node.attrs["indent"]) : -1;

/** The item at `start` and the deeper ones that follow it. */
function groupAt(siblings: readonly Node[], start: number): Group {
  const level = indentOf(siblings[start]);
  let end = start + 1;
  while (indentOf(siblings[end]) > level) end++;
  return { start, end };
}

/** The item on the same level that stands right before `start` or at `end`, or null. */
function neighbour(siblings: readonly Node[], group: Group, step: -1 | 1): Group | null {
  const level = indentOf(siblings[group.start]);
  if (step === 1) return indentOf(siblings[group.end]) === level ? groupAt(siblings, group.end) : null;
  let start = group.start - 1;
  while (indentOf(siblings[start]) > level) start--;
  return indentOf(siblings[start]) === level ? { start, end: group.start } : null;
}

/** Which of the items of its level the one at `start` is, and how many there are. */
function placeAmong(siblings: readonly Node[], start: number): { number: number; total: number } {
  const count = (from: Group, step: -1 | 1) => {
    let found = 0;
    for (let at = neighbour(siblings, from, step); at; at = neighbour(siblings, at, step)) found++;
    return found;
  };
  const own = groupAt(siblings, start);
  const before = count(own, -1);
  return { number: before + 1, total: before + 1 + count(own, 1) };
}

/** Moves the item that the caret is in up or down; the caret stays in it. */
export function moveItem(step: -1 | 1): Command {
  return (state, dispatch) => {
    const { $from, $to } = state.selection;
    if ($from.parent.type !== nodes.list_item || !$from.sameParent($to)) return false;
    const siblings = children($from.node($from.depth - 1));
    const own = groupAt(siblings, $from.index($from.depth - 1));
    const other = neighbour(siblings, own, step);
    if (other) dispatch?.(swapped(state, siblings, own, other));
    // At the end of the list the key is used up: it must not do something else there.
    return true;
  };
}

function swapped(state: EditorState, siblings: readonly Node[], own: Group, other: Group) {
  const { $from, anchor, head } = state.selection;
  const depth = $from.depth - 1;
  const size = (group: Group) =>
    siblings.slice(group.start, group.end).reduce((sum, node) => sum + node.nodeSize, 0);
  const [first, second] = own.start < other.start ? [own, other] : [other, own];
  const from = $from.posAtIndex(first.start, depth);
  const taken = [...siblings.slice(second.start, second.end), ...siblings.slice(first.start, first.end)];
  const tr = state.tr.replaceWith(from, from + size(first) + size(second), taken);
  const shift = own === first ? size(second) : -size(first);
  tr.setSelection(TextSelection.create(tr.doc, anchor + shift, head + shift));
  const moved = own === first ? first.start + (second.end - second.start) : first.start;
  const after = [...siblings.slice(0, first.start), ...taken, ...siblings.slice(second.end)];
  return say(tr, { kind: "moved", ...placeAmong(after, moved) }).scrollIntoView();
}
