// Bold, italic and links, written into the shared text as marks over the longest possible ranges.

import * as A from "@automerge/automerge";
import type { Mark } from "prosemirror-model";
import { EXPAND, MARK_NAMES, markValues, marksFrom } from "./blocks.ts";
import type { MarkName, Path } from "./blocks.ts";
import { MARK_COST } from "./write-steps.ts";
import type { Steps, Target } from "./write-steps.ts";

/** The unit at place `at` has these marks and should have those. */
export type Remark = { at: number; have: readonly Mark[] | A.MarkSet; want: readonly Mark[] };

/** One mark to set on (`value`) or take off (null) the places from `start` up to `end`. */
type MarkRange = { name: MarkName; value: true | string | null; start: number; end: number };

export function* writeMarks(target: Target, path: Path, remarks: readonly Remark[]): Steps {
  for (const { name, value, start, end } of rangesOf(remarks)) {
    const range = { start, end, expand: EXPAND[name] };
    if (value === null) A.unmark(target.doc, path, range, name);
    else A.mark(target.doc, path, range, name, value);
    yield MARK_COST + String(value).length;
  }
}

function rangesOf(remarks: readonly Remark[]): MarkRange[] {
  const inOrder = [...remarks].sort((a, b) => a.at - b.at);
  return MARK_NAMES.flatMap((name) => rangesOfMark(name, inOrder));
}

function rangesOfMark(name: MarkName, remarks: readonly Remark[]): MarkRange[] {
  const ranges: MarkRange[] = [];
  for (const { at, have, want } of remarks) {
    const value = markValues(want)[name] ?? null;
    if ((markValues(asMarks(have))[name] ?? null) === value) continue;
    const last = ranges.at(-1);
    if (last && last.end === at && last.value === value) last.end++;
    else ranges.push({ name, value, start: at, end: at + 1 });
  }
  return ranges;
}

const isMarks = (marks: readonly Mark[] | A.MarkSet): marks is readonly Mark[] => Array.isArray(marks);
const asMarks = (marks: readonly Mark[] | A.MarkSet) => (isMarks(marks) ? marks : marksFrom(marks));
