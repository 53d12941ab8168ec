// Takes hunks of a suggestion back in its document, so that what is left can be accepted.

import type { Node } from "prosemirror-model";
import { readTable } from "../editor/read.ts";
import { nodes } from "../editor/schema.ts";
import type { Steps, Target } from "../editor/write-steps.ts";
import { writeTable } from "../editor/write-table.ts";
import { writeTokens } from "../editor/write.ts";
import type { Hunk } from "./hunks.ts";

/** What a tick takes beside characters. */
const TICK_COST = 1;

/** Hunks of the suggestion's document as it is now. */
export function* revert(target: Target, hunks: readonly Hunk[]): Steps {
  // From the end, so that earlier places stay where they were.
  for (const hunk of [...hunks].reverse()) {
    if (hunk.kind === "text") {
      yield* writeTokens(target, hunk.path, hunk.change.after[0], hunk.fresh, hunk.old);
      for (const token of hunk.old) if ("block" in token) yield* bringBack(target, token.block);
    } else if (hunk.kind === "table") yield* writeTable(target, hunk.fresh, hunk.old);
    else {
      const section = target.doc.sections[hunk.section];
      if (section) section.nothing = !hunk.fresh;
      yield TICK_COST;
    }
  }
}

/** A table that went is still in the document, as it was when it went. */
function* bringBack(target: Target, block: Node): Steps {
  if (block.type === nodes.table) yield* writeTable(target, readTable(target.doc, String(block.attrs["id"])), block);
}
