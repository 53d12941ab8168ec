// A section is written back as it was: words, tables and the tick; the rest stands.
import * as A from "@automerge/automerge";
import { expect, it } from "vitest";
import { readSection } from "./read.ts";
import { hasCome, writeBack } from "./restore.ts";
import { nodes, schema } from "./schema.ts";
import type { Doc, ItemDocument } from "./table-model.ts";
import { inChanges } from "./write-steps.ts";
import { writeSection } from "./write.ts";

const paragraph = (words: string) => nodes.paragraph!.create({ marker: "own" }, schema.text(words));
const cell = (col: string, words: string) => nodes.table_cell!.create({ col }, [paragraph(words)]);
const table = (...words: string[]) =>
  nodes.table!.create({ id: "t", cols: ["a"] }, words.map((text, row) => nodes.table_row!.create({ id: `r${row}` }, [cell("a", text)])));

it("brings back what stood there, and only there", () => {
  let doc: Doc = A.from<ItemDocument>({
    v: 1, sections: { resume: { body: "", nothing: true }, lov: { body: "", nothing: false } }, tables: {},
  });
  const handle = { doc: () => doc, change: (edit: (doc: ItemDocument) => void) => void (doc = A.change(doc, edit)) };
  const write = (section: string, ...blocks: ReturnType<typeof paragraph>[]) =>
    inChanges((edit) => handle.change(edit), (target) =>
      writeSection(target, section, readSection(doc, section), nodes.doc!.create(null, blocks)));
  write("resume", paragraph("Æble 🚲"), table("et", "to"), paragraph("slut"));
  const [heads, then] = [A.getHeads(doc), readSection(doc, "resume")];
  write("lov", paragraph("§ 3"));
  write("resume", paragraph("Pære"));
  handle.change((open) => void (open.sections["resume"]!.nothing = false));
  const lov = readSection(doc, "lov");

  writeBack(handle as Parameters<typeof writeBack>[0], "resume", heads);
  expect(readSection(doc, "resume").toJSON()).toEqual(then.toJSON());
  expect(doc.sections["resume"]!.nothing).toBe(true);
  expect(readSection(doc, "lov").toJSON()).toEqual(lov.toJSON());

  const before = A.getHeads(doc);
  writeBack(handle as Parameters<typeof writeBack>[0], "resume", heads);
  expect(A.getHeads(doc)).toEqual(before);
});

it("waits for what the person saw", () => {
  const first: Doc = A.from<ItemDocument>({ v: 1, sections: { resume: { body: "et", nothing: false } }, tables: {} });
  const heads = A.getHeads(first);
  const later = A.change(A.clone(first), (doc) => void (doc.sections["resume"]!.nothing = true));
  const wish = { heads, seen: A.getHeads(later) };
  expect(hasCome(first, wish)).toBe(false);
  expect(hasCome(A.merge(first, later), wish)).toBe(true);
});
