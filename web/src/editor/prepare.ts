// What every local change goes through before it is written, so that the shared text only ever
// gets whole tables: grids without holes, ids for all rows and cells, and room beside tables.

import { fixTables } from "prosemirror-tables";
import type { EditorState, Transaction } from "prosemirror-state";
import { markFilledParagraphs, needsRoom, paragraph } from "./blocks.ts";
import { fitParts, ownNewTexts } from "./parts.ts";
import type { HasText } from "./parts.ts";
import { withSelection } from "./remote.ts";
import { children } from "./schema.ts";
import { giveTableIds } from "./table-ids.ts";
import type { NewId } from "./table-ids.ts";

/** A cell that fills a hole may push a merged one into another: what came of two tables may take some rounds. */
const TABLE_FIXES = 4;

/** Who makes a change, and what is there by now. */
export type Maker = { writer: string; newId: NewId; hasText: HasText };

/** The state after `change` was completed, and what had to be added to it. */
export function prepared(
  state: EditorState,
  { writer, newId, hasText }: Maker,
  change: Transaction,
): { state: EditorState; added: Transaction[] } {
  const rules = [
    ...new Array<typeof fixTables>(TABLE_FIXES).fill(fixTables),
    (current: EditorState) => giveTableIds(current, newId),
    (current: EditorState) => ownNewTexts(current, writer, hasText),
    fitParts,
    roomBesideTables,
    markFilled,
  ];
  const added: Transaction[] = [];
  for (const rule of rules) {
    const tr = rule(state);
    if (!tr?.docChanged) continue;
    // Undone together with the change it completes.
    tr.setMeta("appendedTransaction", change);
    added.push(tr);
    state = state.apply(withSelection(tr, state.selection));
  }
  return { state, added };
}

/** A caret must be able to stand before and after a table; an empty virtual paragraph is not stored. */
function roomBesideTables(state: EditorState): Transaction | null {
  const tr = state.tr;
  const blocks = children(state.doc);
  let end = state.doc.content.size;
  for (let i = blocks.length; i >= 0; i--) {
    if (needsRoom(blocks[i - 1], blocks[i])) tr.insert(end, paragraph("virtual"));
    end -= blocks[i - 1]?.nodeSize ?? 0;
  }
  return tr.docChanged ? tr : null;
}

/** A virtual paragraph with words in it has been written with a marker of its own. */
const markFilled = (state: EditorState): Transaction => markFilledParagraphs(state.tr);
