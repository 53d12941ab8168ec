// What was edited, written into the shared text: the difference between two ProseMirror
// documents becomes the smallest Automerge operations, so that concurrent edits of others
// keep their place. Only blocks that are not the same node any more are looked at.

import * as A from "@automerge/automerge";
import type { Mark, Node } from "prosemirror-model";
import { blockValue, hasMarker, placesOf, sameMarker } from "./blocks.ts";
import type { Path } from "./blocks.ts";
import { writeMarks } from "./write-marks.ts";
import type { Remark } from "./write-marks.ts";
import { children, isTable, nodes } from "./schema.ts";
import { bodyPath } from "./table-model.ts";
import type { ItemDocument } from "./table-model.ts";
import { readTable } from "./read.ts";
import { BLOCK_COST, MOST_PER_CHANGE } from "./write-steps.ts";
import type { Steps, Target } from "./write-steps.ts";
import { writeTable } from "./write-table.ts";

/** Writes the change from `before` to `after` of one section. */
export function* writeSection(target: Target, section: string, before: Node, after: Node): Steps {
  yield* writeBlocks(target, bodyPath(section), children(before), children(after));
  const oldTables = new Map<string, Node>();
  for (const node of children(before))
    if (node.type === nodes.table) oldTables.set(String(node.attrs["id"]), node);
  for (const node of children(after)) {
    const id = String(node.attrs["id"]);
    if (node.type !== nodes.table || oldTables.get(id) === node) continue;
    // A table that comes back by undo is compared with what the document kept of it.
    yield* writeTable(target, oldTables.get(id) ?? readTable(target.doc, id), node);
  }
}

/** One place of the text: a block marker or one UTF-16 unit with its marks. */
export type Token = { block: Node } | { unit: string; marks: readonly Mark[] };
type Range = { oldFrom: number; oldTo: number; newFrom: number; newTo: number };

/** Writes the change of one text from the blocks `before` to the blocks `after`. */
export function* writeBlocks(
  target: Target,
  path: Path,
  before: readonly Node[],
  after: readonly Node[],
): Steps {
  const starts = [0];
  before.forEach((_, index) => starts.push((starts[index] ?? 0) + placesOf(before, index)));
  // From the end, so that earlier places stay where they were.
  for (const range of changedRanges(before, after).reverse()) {
    const old = tokensOf(before, range.oldFrom, range.oldTo);
    const fresh = tokensOf(after, range.newFrom, range.newTo);
    yield* writeTokens(target, path, starts[range.oldFrom] ?? 0, old, fresh);
  }
}

/** The runs of blocks that differ, between blocks that are the very same node with the same marker. */
function changedRanges(before: readonly Node[], after: readonly Node[]): Range[] {
  const same = (i: number, j: number) =>
    before[i] === after[j] && hasMarker(before, i) === hasMarker(after, j);
  let head = 0;
  while (head < before.length && head < after.length && same(head, head)) head++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && same(before.length - 1 - tail, after.length - 1 - tail)) tail++;
  return between(before, after, head, tail, same);
}

function between(
  before: readonly Node[],
  after: readonly Node[],
  head: number,
  tail: number,
  same: (i: number, j: number) => boolean,
): Range[] {
  const ranges: Range[] = [];
  const places = new Map<Node, number>();
  for (let j = head; j < after.length - tail; j++) places.set(after[j]!, j);
  let oldFrom = head;
  let newFrom = head;
  const end = (oldTo: number, newTo: number) => {
    if (oldFrom < oldTo || newFrom < newTo) ranges.push({ oldFrom, oldTo, newFrom, newTo });
    oldFrom = oldTo + 1;
    newFrom = newTo + 1;
  };
  for (let i = head; i < before.length - tail; i++) {
    const j = places.get(before[i]!);
    if (j !== undefined && j >= newFrom && same(i, j)) end(i, j);
  }
  end(before.length - tail, after.length - tail);
  return ranges;
}

function tokensOf(siblings: readonly Node[], from: number, to: number): Token[] {
  const tokens: Token[] = [];
  for (let index = from; index < to; index++) {
    const node = siblings[index]!;
    if (hasMarker(siblings, index)) tokens.push({ block: node });
    if (!node.isTextblock) continue;
    for (const child of children(node)) {
      const text = child.isText ? (child.text ?? "") : "\n";
      for (let unit = 0; unit < text.length; unit++) tokens.push({ unit: text[unit]!, marks: child.marks });
    }
  }
  return tokens;
}

function* writeTokens(target: Target, path: Path, start: number, old: Token[], fresh: Token[]): Steps {
  const { head, tail } = commonEnds(old, fresh);
  const at = start + head;
  yield* removeTokens(target, path, at, old.slice(head, old.length - tail));
  const added = fresh.slice(head, fresh.length - tail);
  const remarks: Remark[] = [];
  yield* insertTokens(target, path, at, added, remarks);
  for (let k = 0; k < head; k++) keepToken(target.doc, path, start + k, old[k]!, fresh[k]!, remarks);
  for (let k = 1; k <= tail; k++) {
    const index = at + added.length + tail - k;
    keepToken(target.doc, path, index, old[old.length - k]!, fresh[fresh.length - k]!, remarks);
  }
  yield* writeMarks(target, path, remarks);
}

/** From the end, piece by piece. */
function* removeTokens(target: Target, path: Path, at: number, tokens: readonly Token[]): Steps {
  for (let left = tokens.length; left > 0;) {
    let from = Math.max(0, left - MOST_PER_CHANGE);
    while (from > 0 && isLowSurrogate(tokens[from])) from--;
    A.splice(target.doc, path, at + from, left - from, "");
    yield left - from;
    left = from;
  }
}

/** How many tokens at both ends say the same. Never ends inside a surrogate pair. */
function commonEnds(old: readonly Token[], fresh: readonly Token[]): { head: number; tail: number } {
  let head = 0;
  while (head < old.length && head < fresh.length && alike(old[head]!, fresh[head]!)) head++;
  while (head > 0 && (isLowSurrogate(old[head]) || isLowSurrogate(fresh[head]))) head--;
  let tail = 0;
  const shorter = Math.min(old.length, fresh.length) - head;
  while (tail < shorter && alike(old[old.length - 1 - tail]!, fresh[fresh.length - 1 - tail]!)) tail++;
  while (tail > 0 && (isLowSurrogate(old[old.length - tail]) || isLowSurrogate(fresh[fresh.length - tail])))
    tail--;
  return { head, tail };
}

function alike(a: Token, b: Token): boolean {
  if ("unit" in a) return "unit" in b && a.unit === b.unit;
  if ("unit" in b) return false;
  return isTable(a.block) || isTable(b.block) ? sameMarker(a.block, b.block) : true;
}

const isLowSurrogate = (token: Token | undefined): boolean =>
  token !== undefined && "unit" in token && token.unit >= "\udc00" && token.unit <= "\udfff";

/** Inserts markers and runs of text, and adds what marks the new text should have to `remarks`. */
function* insertTokens(
  target: Target,
  path: Path,
  at: number,
  tokens: readonly Token[],
  remarks: Remark[],
): Steps {
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i]!;
    if ("block" in token) {
      A.splitBlock(target.doc, path, at + i, blockValue(token.block));
      i++;
      yield BLOCK_COST;
      continue;
    }
    const run = textRun(tokens, i);
    A.splice(target.doc, path, at + i, 0, run.map((unit) => unit.unit).join(""));
    // New text takes over the marks around it; all of one run the same ones.
    const inherited = marksAround(target.doc, path, at + i);
    run.forEach((unit, k) => remarks.push({ at: at + i + k, have: inherited, want: unit.marks }));
    i += run.length;
    yield run.length;
  }
}

/** Not `A.marksAt`: in automerge 3.5 it misses marks that run over a block marker. */
function marksAround(doc: ItemDocument, path: Path, at: number): A.MarkSet {
  const around = A.marks(doc, path).filter((mark) => mark.start <= at && at < mark.end);
  return Object.fromEntries(around.map((mark) => [mark.name, mark.value])) as A.MarkSet;
}

function textRun(tokens: readonly Token[], from: number): { unit: string; marks: readonly Mark[] }[] {
  const run: { unit: string; marks: readonly Mark[] }[] = [];
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (!("unit" in token) || (run.length >= MOST_PER_CHANGE && !isLowSurrogate(token))) break;
    run.push(token);
  }
  return run;
}

/** A place that stays: its marker may have new attributes, its unit new marks. */
function keepToken(
  doc: ItemDocument,
  path: Path,
  at: number,
  old: Token,
  fresh: Token,
  remarks: Remark[],
): void {
  if ("block" in old && "block" in fresh) {
    if (!sameMarker(old.block, fresh.block)) A.updateBlock(doc, path, at, blockValue(fresh.block));
  } else if ("unit" in old && "unit" in fresh && old.marks !== fresh.marks) {
    remarks.push({ at, have: old.marks, want: fresh.marks });
  }
}
