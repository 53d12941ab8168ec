// Which words a person means when they ask to comment: what is selected, as far as it is one
// text, or the word at the caret.

import type { Node, ResolvedPos } from "prosemirror-model";
import type { EditorState, Selection } from "prosemirror-state";
import { isCell } from "../editor/schema.ts";

/** Positions in the section's document, and what stands between them. */
export type Meant = { from: number; to: number; quote: string };

type Range = { from: number; to: number };

/** The selected words; null if there are none. Across cells, those of the first cell. */
export function selectedWords(state: EditorState): Meant | null {
  return state.selection.empty ? null : meant(state.doc, firstRange(state.selection));
}

/** The selected words, or the word at the caret. */
export function meantWords(state: EditorState): Meant | null {
  if (!state.selection.empty) return selectedWords(state);
  const word = wordAround(state.selection.$head);
  return word && meant(state.doc, word);
}

function meant(doc: Node, range: Range): Meant | null {
  const text = firstText(doc, range);
  if (!text) return null;
  const quote = doc.textBetween(text.from, text.to, " ", " ").trim();
  return quote === "" ? null : { ...text, quote };
}

/** A selection of cells has a range for each, not in the order of the text. */
function firstRange({ ranges }: Selection): Range {
  const [first] = [...ranges].sort((a, b) => a.$from.pos - b.$from.pos);
  return { from: first!.$from.pos, to: first!.$to.pos };
}

/** The part of a range that lies in one text: a section's body up to a table, or one cell. */
function firstText(doc: Node, { from, to }: Range): Range | null {
  let found: (Range & { cell: number }) | null = null;
  let ended = false;
  doc.nodesBetween(from, to, (node, position) => {
    if (!node.isTextblock) return !ended;
    const start = Math.max(from, position + 1);
    const end = Math.min(to, position + 1 + node.content.size);
    if (ended || start >= end) return false;
    const cell = cellAround(doc.resolve(position));
    if (!found) found = { from: start, to: end, cell };
    else if (found.cell === cell) found.to = end;
    else ended = true;
    return false;
  });
  return found;
}

/** Where the cell around a position begins; -1 outside of tables. */
function cellAround(place: ResolvedPos): number {
  for (let depth = place.depth; depth > 0; depth--) if (isCell(place.node(depth))) return place.before(depth);
  return -1;
}

function wordAround(caret: ResolvedPos): Range | null {
  const block = caret.parent;
  if (!block.isTextblock) return null;
  // One sign for each place that is no letter, so that the offsets stay true.
  const text = block.textBetween(0, block.content.size, undefined, " ");
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (index <= caret.parentOffset && caret.parentOffset <= index + word.length)
      return { from: caret.start() + index, to: caret.start() + index + word.length };
  }
  return null;
}
