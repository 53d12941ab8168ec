// What of a copy did not get in, in words that a person can take elsewhere.

import * as A from "@automerge/automerge";
import { knownHeads } from "./saved.ts";
import type { RefusalReason } from "./wire.ts";

/** A text that was not taken in. `at`: milliseconds since 1970; `bytes`: the copy with all its edits. */
export type Refusal = { id: string; at: number; reason: RefusalReason; text: string; bytes: Uint8Array };

/** Whether this copy still has any of the refused changes; after a reset it has none. */
export const holdsAny = (doc: A.Doc<unknown>, hashes: readonly string[]): boolean =>
  hashes.some((hash) => A.hasHeads(doc, [hash]));

/**
 * The words in this copy that are not in what the server has, one run a line. Text that was
 * only deleted, moved or made bold leaves nothing here.
 */
export function refusedText(doc: A.Doc<unknown>, serverHeads: A.Heads): string {
  const runs: { where: string; end: number; text: string }[] = [];
  for (const patch of A.diff(doc, knownHeads(doc, serverHeads), A.getHeads(doc))) {
    if (patch.action !== "splice") continue;
    const where = patch.path.slice(0, -1).join("/");
    const start = Number(patch.path.at(-1));
    const text = patch.value;
    const last = runs.at(-1);
    if (last?.where === where && last.end === start) {
      last.text += text;
      last.end += text.length;
    } else runs.push({ where, end: start + text.length, text });
  }
  return runs
    .map((run) => run.text.trim())
    .filter((text) => text !== "")
    .join("\n");
}
