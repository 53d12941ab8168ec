// What a person can do to the text, as ProseMirror commands: kinds of block, list levels, marks.
// A command without `dispatch` only tells whether it could be done.

import { setBlockType, toggleMark } from "prosemirror-commands";
import type { MarkType, Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import type { Command, EditorState } from "prosemirror-state";
import { MAX_INDENT, children, isTable, nodes, safeLink, schema } from "./schema.ts";

export const setParagraph: Command = setBlockType(nodes.paragraph!);
export const setHeading = (level: number): Command => setBlockType(nodes.heading!, { level });
export const toggleBold: Command = toggleMark(schema.marks.strong);
export const toggleItalic: Command = toggleMark(schema.marks.em);

/** The block that the caret, or the start of the selection, is in. */
const blockOf = (state: EditorState): Node => state.selection.$from.parent;

export const isListItem = (state: EditorState, ordered: boolean): boolean =>
  blockOf(state).type === nodes.list_item && blockOf(state).attrs["ordered"] === ordered;

export const isHeading = (state: EditorState, level: number): boolean =>
  blockOf(state).type === nodes.heading && blockOf(state).attrs["level"] === level;

export const isParagraph = (state: EditorState): boolean => blockOf(state).type === nodes.paragraph;

/** Makes the selected blocks items of that kind, each at the level it has; or paragraphs, if they are. */
export function toggleList(ordered: boolean): Command {
  return (state, dispatch) => {
    if (isListItem(state, ordered)) return setParagraph(state, dispatch);
    const { from, to } = state.selection;
    const tr = state.tr.setBlockType(from, to, nodes.list_item!, (old) => ({
      ordered,
      indent: old.type === nodes.list_item ? old.attrs["indent"] : 0,
    }));
    if (!tr.docChanged) return false;
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

type ItemPlace = { node: Node; position: number; before: Node | null };

function selectedItems(state: EditorState): ItemPlace[] {
  const items: ItemPlace[] = [];
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node, position, parent, index) => {
    if (node.type === nodes.list_item) {
      items.push({ node, position, before: index > 0 && parent ? parent.child(index - 1) : null });
    }
  });
  return items;
}

/** One level deeper, but never more than one below the item before: a list has no gaps. */
export const indent: Command = (state, dispatch) => {
  const [first] = selectedItems(state);
  if (!first) return false;
  const before = first.before?.type === nodes.list_item ? Number(first.before.attrs["indent"]) : -1;
  if (Number(first.node.attrs["indent"]) > before) return false;
  return shift(1)(state, dispatch);
};

/** One level up; not possible at the outermost level. */
export const outdent: Command = (state, dispatch) => {
  const [first] = selectedItems(state);
  if (!first || Number(first.node.attrs["indent"]) === 0) return false;
  return shift(-1)(state, dispatch);
};

function shift(levels: 1 | -1): Command {
  return (state, dispatch) => {
    const tr = state.tr;
    for (const { node, position } of selectedItems(state)) {
      const level = Math.min(MAX_INDENT, Math.max(0, Number(node.attrs["indent"]) + levels));
      if (level !== node.attrs["indent"]) tr.setNodeMarkup(position, null, { ...node.attrs, indent: level });
    }
    if (!tr.docChanged) return false;
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** One step out of the list: a level up, and from the outermost level a paragraph. */
const stepOut: Command = (state, dispatch) => outdent(state, dispatch) || setParagraph(state, dispatch);

/** Enter in a list: a new item; in an empty item one step out. */
export const enterInList: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const item = $from.parent;
  if (item.type !== nodes.list_item || !$from.sameParent($to)) return false;
  if (item.content.size === 0) return stepOut(state, dispatch);
  const tr = state.tr.deleteSelection();
  tr.split(tr.selection.from, 1, [{ type: nodes.list_item!, attrs: item.attrs }]);
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Backspace at the start of an item or heading takes its kind off before it joins blocks. */
export const backspaceAtStart: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0) return false;
  if ($from.parent.type === nodes.list_item) return stepOut(state, dispatch);
  return $from.parent.type === nodes.heading ? setParagraph(state, dispatch) : false;
};

/**
 * Selects all words but not the blocks they stand in: what another person types into the first
 * block then survives when the deletion is undone. With tables everything is selected as usual.
 */
export const selectWords: Command = (state, dispatch) => {
  if (children(state.doc).some(isTable)) return false;
  const selection = TextSelection.between(state.doc.resolve(0), state.doc.resolve(state.doc.content.size));
  dispatch?.(state.tr.setSelection(selection));
  return true;
};

export const breakLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break!.create()).scrollIntoView());
  return true;
};

export function isMarked(state: EditorState, type: MarkType): boolean {
  const { from, to, $from, empty } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

/** The link at the caret or in the selection: its target and where its words are. */
export type LinkPlace = { href: string; from: number; to: number };

export function linkAt(state: EditorState): LinkPlace | null {
  const { $from, from, to, empty } = state.selection;
  const parent = $from.parent;
  let found: LinkPlace | null = null;
  let open: LinkPlace | null = null;
  parent.forEach((child, offset) => {
    const href = schema.marks.link.isInSet(child.marks)?.attrs["href"] as string | undefined;
    const start = $from.start() + offset;
    if (open && href === open.href) open.to = start + child.nodeSize;
    else open = href === undefined ? null : { href, from: start, to: start + child.nodeSize };
    const touches = open && (empty ? open.from <= from && open.to >= from : open.from < to && open.to > from);
    if (touches) found = open;
  });
  return found;
}

/** Links the selection, or changes the link at the caret. With neither, the target itself is the text. */
export function setLink(target: string): Command {
  return (state, dispatch) => {
    const href = safeLink(target);
    if (href === null) return false;
    const mark = schema.marks.link.create({ href });
    const old = linkAt(state);
    const { from, to, empty } = state.selection;
    const tr = state.tr;
    if (!empty) tr.addMark(from, to, mark);
    else if (old) tr.addMark(old.from, old.to, mark);
    else tr.replaceSelectionWith(schema.text(href, [mark]), false);
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

export const removeLink: Command = (state, dispatch) => {
  const old = linkAt(state);
  if (!old) return false;
  dispatch?.(state.tr.removeMark(old.from, old.to, schema.marks.link));
  return true;
};
