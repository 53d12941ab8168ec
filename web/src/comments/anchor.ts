// The words that a comment is about, tied to them by two cursors in the shared text: the first
// character moves on when it is deleted, the last one moves back, so the words are gone when the
// last comes before the first. What the server holds may be of any shape; then there are no words.

import * as A from "@automerge/automerge";
import type { CommentAnchor } from "../api/types.ts";
import { placeOf } from "../editor/positions.ts";
import type { TextPlace } from "../editor/positions.ts";
import type { Doc } from "../editor/table-model.ts";

/** Longest quote that is kept with a comment, in characters. */
const MAX_QUOTE = 300;

/** From the first word up to and not including `to`, in one text. */
export type Words = { from: TextPlace; to: TextPlace };

/** Ties an anchor to these words; null if they are not in the shared text (any more). */
export function tieTo(doc: Doc, { from, to }: Words, quote: string): CommentAnchor | null {
  try {
    return {
      path: from.path.map(String),
      from: A.getCursor(doc, from.path, from.index),
      to: A.getCursor(doc, from.path, to.index - 1, "before"),
      quote: shortened(quote),
    };
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

/** Where the words are now; null when they are gone, or have not reached this copy yet. */
export function wordsOf(doc: Doc, anchor: CommentAnchor): Words | null {
  const { path } = anchor;
  try {
    const from = A.getCursorPosition(doc, path, anchor.from);
    const last = A.getCursorPosition(doc, path, anchor.to);
    // A last character with nothing left before it stays at the start instead of leaving it.
    if (last === 0 && A.getCursor(doc, path, 0, "before") !== anchor.to) return null;
    const to = placeOf(doc, { path, cursor: anchor.to });
    return to && last >= from ? { from: { path, index: from }, to } : null;
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function shortened(quote: string): string {
  const characters = [...quote.trim()];
  return characters.length <= MAX_QUOTE ? characters.join("") : `${characters.slice(0, MAX_QUOTE - 1).join("")}…`;
}
