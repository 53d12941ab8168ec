// A selection of table cells whose table another person takes out.

import { EditorState } from "prosemirror-state";
import { CellSelection } from "prosemirror-tables";
import { expect, it } from "vitest";
import { paragraph } from "./blocks.ts";
import { remoteTransaction } from "./remote.ts";
import { nodes, schema } from "./schema.ts";

it("ends in the text when its table goes", () => {
  const cell = nodes.table_cell.create({ col: "c" }, paragraph("own", [schema.text("ord")]));
  const table = nodes.table.create({ id: "t", cols: ["c"] }, nodes.table_row.create({ id: "r" }, cell));
  const text = paragraph("own", [schema.text("tekst")]);
  const doc = nodes.doc.create(null, [table, text]);
  const state = EditorState.create({ schema, doc, selection: CellSelection.create(doc, 2) });
  const tr = remoteTransaction(state, nodes.doc.create(null, [text]));
  expect(tr && state.apply(tr).doc.textContent).toBe("tekst");
});
