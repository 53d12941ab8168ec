// Takes hunks of a suggestion back in its document, so that what is left can be accepted.

import type { Node } from "prosemirror-model";
import { readTable } from "../editor/read.ts";
import { nodes } from "../editor/schema.ts";
import type { ItemDocument } from "../editor/table-model.ts";
import { writeTable } from "../editor/write-table.ts";
import { writeTokens } from "../editor/write.ts";
import type { Hunk } from "./hunks.ts";

/** To be called inside a change of the suggestion's document, with hunks of it as it is now. */
export function revert(doc: ItemDocument, hunks: readonly Hunk[]): void {
  // From the end, so that earlier places stay where they were.
  for (const hunk of [...hunks].reverse()) {
    if (hunk.kind === "text") {
      writeTokens(doc, hunk.path, hunk.change.after[0], hunk.fresh, hunk.old);
      hunk.old.forEach((token) => "block" in token && bringBack(doc, token.block));
    } else if (hunk.kind === "table") writeTable(doc, hunk.fresh, hunk.old);
    else {
      const section = doc.sections[hunk.section];
      if (section) section.nothing = !hunk.fresh;
    }
  }
}

/** A table that went is still in the document, as it was when it went. */
function bringBack(doc: ItemDocument, block: Node): void {
  if (block.type === nodes.table) writeTable(doc, readTable(doc, String(block.attrs["id"])), block);
}
