// Which places of a text stayed, came and went between two moments of a document: exact, by the
// identity of each letter, as Automerge knows it.

import type { Patch } from "@automerge/automerge";
import type { Path } from "../editor/blocks.ts";

/** A run of places; a place is a block marker or a UTF-16 unit. */
export type Run = { kind: "kept" | "added" | "removed"; length: number };

/** The name of a text in a document. */
export const textName = (path: Path): string => path.join("/");

/** The runs of every text that changed, by its name. The end of a text, if it stayed, is left out. */
export function changedTexts(patches: readonly Patch[]): Map<string, Run[]> {
  const texts = new Map<string, Run[]>();
  for (const { path, ...patch } of patches as (Patch & { value?: unknown })[]) {
    const index = path.at(-1);
    if (typeof index !== "number" || !isText(path)) continue;
    const name = textName(path.slice(0, -1));
    const runs = texts.get(name) ?? [];
    texts.set(name, runs);
    if (patch.action === "splice") add(runs, index, patch.value.length);
    else if (patch.action === "insert") add(runs, index, patch.values.length);
    else if (patch.action === "del") remove(runs, index, patch.length ?? 1);
  }
  return texts;
}

/** A section's body or the text of a cell; not what lies inside one of its markers. */
const isText = (path: readonly (string | number)[]): boolean =>
  (path[0] === "sections" && path[2] === "body" && path.length === 4) ||
  (path[0] === "tables" && path[4] === "t" && path.length === 6);

/** The place in `runs` where `index` places of the present text lie before; splits a run there. */
function at(runs: Run[], index: number): number {
  let left = index;
  for (let place = 0; place < runs.length; place++) {
    const run = runs[place]!;
    if (left === 0) return place;
    if (run.kind === "removed") continue;
    if (left < run.length) {
      runs.splice(place, 1, { ...run, length: left }, { ...run, length: run.length - left });
      return place + 1;
    }
    left -= run.length;
  }
  if (left > 0) runs.push({ kind: "kept", length: left });
  return runs.length;
}

function add(runs: Run[], index: number, length: number): void {
  runs.splice(at(runs, index), 0, { kind: "added", length });
}

function remove(runs: Run[], index: number, length: number): void {
  let place = at(runs, index);
  at(runs, index + length);
  for (let left = length; left > 0;) {
    const run = runs[place];
    if (!run) return;
    if (run.kind !== "removed") {
      left -= run.length;
      if (run.kind === "added") {
        runs.splice(place, 1);
        continue;
      }
      runs[place] = { kind: "removed", length: run.length };
    }
    place++;
  }
}
