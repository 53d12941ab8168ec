// What others wrote, shown in the editor: the transaction from the document on screen to a
// new one. As small as it can be, so that carets, undo and the screen stay where they are.

import type { Node } from "prosemirror-model";
import { Selection } from "prosemirror-state";
import type { EditorState, Transaction } from "prosemirror-state";
import { Transform } from "prosemirror-transform";
import { markFilledParagraphs } from "./blocks.ts";
import { children } from "./schema.ts";

/** Marks transactions that bring the shared text in; they are not written back. */
export const FROM_SHARED = "from-shared-text";

/** The transaction to `next`, or null if that is what stands there. Never part of one's own undo history. */
export function remoteTransaction(state: EditorState, next: Node): Transaction | null {
  if (state.doc.eq(next)) return null;
  const attempts = [smallest, changedBlocks, everything];
  for (const attempt of attempts) {
    const tr = attempt(state, next);
    if (tr?.doc.eq(next))
      return withSelection(tr, state.selection).setMeta(FROM_SHARED, true).setMeta("addToHistory", false);
  }
  throw new Error("the shared text does not fit the editor's schema");
}

/**
 * Sees to it that the transaction has a selection: one of table cells cannot say where it is once
 * its table is gone, and throws.
 */
export function withSelection(tr: Transaction, before: Selection): Transaction {
  try {
    if (tr.selection) return tr;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  const nearby = Math.min(tr.mapping.map(before.head), tr.doc.content.size);
  return tr.setSelection(Selection.near(tr.doc.resolve(nearby)));
}

/** From the first character that differs to the last one. May not fit, for instance across cells. */
function smallest(state: EditorState, next: Node): Transaction | null {
  const tr = markFilledParagraphs(state.tr);
  const start = tr.doc.content.findDiffStart(next.content);
  const ends = tr.doc.content.findDiffEnd(next.content);
  if (start === null || !ends) return tr;
  // Equal letters on both sides may overlap ("aa" -> "aaa"): push the ends behind the start.
  const overlap = Math.max(0, start - Math.min(ends.a, ends.b));
  try {
    return tr.replace(start, ends.a + overlap, next.slice(start, ends.b + overlap));
  } catch {
    return null;
  }
}

/**
 * `latest` after the edit that made `edited` of what is on screen. The edit stays behind the words
 * that it was made behind, and never takes out what others wrote. Throws if its text is gone.
 */
export function carriedOver(state: EditorState, edited: Node, latest: Node): Node {
  const tr = remoteTransaction(state, latest);
  const start = state.doc.content.findDiffStart(edited.content);
  const ends = state.doc.content.findDiffEnd(edited.content);
  if (!tr || start === null || !ends) return edited;
  const overlap = Math.max(0, start - Math.min(ends.a, ends.b));
  const later = new Transform(tr.doc);
  // One place at a time, so that what others wrote between two of them stays.
  for (let place = ends.a + overlap; place > start; place--) {
    const [from, to] = [tr.mapping.map(place - 1, 1), tr.mapping.map(place, -1)];
    if (from < to) later.delete(from, to);
  }
  const at = later.mapping.map(tr.mapping.map(start, -1), -1);
  const written = edited.slice(start, ends.b + overlap);
  if (written.size > 0 && !later.doc.resolve(at).parent.isTextblock) throw new Error("its text is gone");
  return later.replace(at, at, written).doc;
}

/** All blocks from the first that differs to the last one. Always fits. */
function changedBlocks(state: EditorState, next: Node): Transaction {
  const before = children(state.doc);
  const after = children(next);
  let head = 0;
  while (head < before.length && head < after.length && before[head]!.eq(after[head]!)) head++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before.at(-1 - tail)!.eq(after.at(-1 - tail)!)) tail++;
  const size = (blocks: readonly Node[]) => blocks.reduce((sum, block) => sum + block.nodeSize, 0);
  const from = size(before.slice(0, head));
  const to = size(before.slice(0, before.length - tail));
  return state.tr.replaceWith(from, to, after.slice(head, after.length - tail));
}

const everything = (state: EditorState, next: Node): Transaction =>
  state.tr.replaceWith(0, state.doc.content.size, next.content);
