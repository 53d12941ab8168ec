// What every local change goes through before it is written, so that the shared text only ever
// gets whole tables: grids without holes, ids for all rows and cells, and room after a last table.

import { fixTables } from "prosemirror-tables";
import type { EditorState, Transaction } from "prosemirror-state";
import { markFilledParagraphs, paragraph } from "./blocks.ts";
import { isTable } from "./schema.ts";
import { giveTableIds } from "./table-ids.ts";
import type { NewId } from "./table-ids.ts";

/** The state after `change` was completed, and what had to be added to it. */
export function prepared(
  state: EditorState,
  newId: NewId,
  change: Transaction,
): { state: EditorState; added: Transaction[] } {
  const rules = [
    fixTables,
    (current: EditorState) => giveTableIds(current, newId),
    roomAfterLastTable,
    markFilled,
  ];
  const added: Transaction[] = [];
  for (const rule of rules) {
    const tr = rule(state);
    if (!tr?.docChanged) continue;
    // Undone together with the change it completes.
    tr.setMeta("appendedTransaction", change);
    added.push(tr);
    state = state.apply(tr);
  }
  return { state, added };
}

/** A caret must be able to stand after a table; an empty virtual paragraph is not stored. */
function roomAfterLastTable(state: EditorState): Transaction | null {
  if (!isTable(state.doc.lastChild ?? undefined)) return null;
  return state.tr.insert(state.doc.content.size, paragraph("virtual"));
}

/** A virtual paragraph with words in it has been written with a marker of its own. */
const markFilled = (state: EditorState): Transaction => markFilledParagraphs(state.tr);
