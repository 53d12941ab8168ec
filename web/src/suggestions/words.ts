// Changed places as a person sees them: whole words. "godkendes" to "afvises" is one change,
// although its last two letters may have stayed.

import { sameMarker } from "../editor/blocks.ts";
import type { Token } from "../editor/write.ts";
import type { Run } from "./runs.ts";

/** What stands at these places of the old text became what stands at those of the new one. */
export type Change = { before: [number, number]; after: [number, number] };

/** Letters that may stay between two changes of one word for them to be one change. */
const MAX_KEPT_IN_WORD = 24;

const isWord = (token: Token | undefined): boolean =>
  token !== undefined && "unit" in token && /[\p{L}\p{N}\p{M}\uD800-\uDFFF]/u.test(token.unit);

/** The changes, in order, each grown to whole words where it replaces something. */
export function wordChanges(runs: readonly Run[], old: readonly Token[], fresh: readonly Token[]): Change[] {
  const changes: Change[] = [];
  for (const change of plainChanges(runs)) {
    trim(change, old, fresh);
    if (change.before[0] === change.before[1] && change.after[0] === change.after[1]) continue;
    const last = changes.at(-1);
    if (last && inOneWord(last, change, old)) {
      last.before[1] = change.before[1];
      last.after[1] = change.after[1];
    } else changes.push(change);
  }
  for (const [index, change] of changes.entries())
    grow(change, old, fresh, changes[index - 1]?.before[1] ?? 0, changes[index + 1]?.before[0] ?? old.length);
  return changes;
}

function plainChanges(runs: readonly Run[]): Change[] {
  const changes: Change[] = [];
  let [b, a] = [0, 0];
  let open: Change | null = null;
  for (const { kind, length } of runs) {
    if (kind === "kept") open = null;
    else if (!open) changes.push((open = { before: [b, b], after: [a, a] }));
    if (kind !== "added") b += length;
    if (kind !== "removed") a += length;
    if (open) [open.before[1], open.after[1]] = [b, a];
  }
  return changes;
}

/** What went and came back the same, as words that somebody put back, is no change. */
function trim({ before, after }: Change, old: readonly Token[], fresh: readonly Token[]): void {
  const both = () => before[0] < before[1] && after[0] < after[1];
  while (both() && alike(old[before[0]], fresh[after[0]])) {
    before[0]++;
    after[0]++;
  }
  while (both() && alike(old[before[1] - 1], fresh[after[1] - 1])) {
    before[1]--;
    after[1]--;
  }
}

/** Whether two places say the same, with the same marks. */
export function alike(old: Token | undefined, fresh: Token | undefined): boolean {
  if (!old || !fresh) return old === fresh;
  if ("block" in old) return "block" in fresh && sameMarker(old.block, fresh.block);
  if ("block" in fresh || old.unit !== fresh.unit) return false;
  return (
    old.marks.length === fresh.marks.length &&
    old.marks.every((mark, index) => fresh.marks[index] && mark.eq(fresh.marks[index]))
  );
}

function inOneWord(left: Change, right: Change, old: readonly Token[]): boolean {
  const kept = old.slice(left.before[1], right.before[0]);
  return kept.length <= MAX_KEPT_IN_WORD && kept.every(isWord);
}

/** A replacement takes the letters beside it along, up to where the word ends. */
function grow(change: Change, old: readonly Token[], fresh: readonly Token[], low: number, high: number): void {
  const { before, after } = change;
  if (before[0] === before[1] || after[0] === after[1]) return;
  const touches = (b: number, a: number) => isWord(old[b]) && isWord(fresh[a]);
  if (touches(before[0], after[0])) {
    while (before[0] > low && isWord(old[before[0] - 1])) {
      before[0]--;
      after[0]--;
    }
  }
  if (touches(before[1] - 1, after[1] - 1)) {
    while (before[1] < high && isWord(old[before[1]])) {
      before[1]++;
      after[1]++;
    }
  }
}
