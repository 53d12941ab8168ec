// What is found in a text, and where.

import { describe, expect, it } from "vitest";
import { paragraph } from "./blocks.ts";
import { findIn } from "./find.ts";
import { nodes, schema } from "./schema.ts";

const doc = (...texts: string[]) => nodes.doc!.create(null, texts.map((text) => paragraph("own", [schema.text(text)])));
const found = (text: string, words: string, wholeWords = false) =>
  findIn(doc(text), { words, wholeWords }).map(({ from, to }) => doc(text).textBetween(from, to));

describe("find", () => {
  it("does not care about capitals, Danish ones included", () => {
    expect(found("Ærø, ÆRØ og ærø; ÅBEN", "ærø")).toEqual(["Ærø", "ÆRØ", "ærø"]);
    expect(found("ÅBEN åben", "åben")).toEqual(["ÅBEN", "åben"]);
  });

  it("finds whole words only, if asked", () => {
    expect(found("bro, broen og Storebæltsbro. Bro", "bro", true)).toEqual(["bro", "Bro"]);
    expect(found("bro, broen", "bro")).toHaveLength(2);
  });

  it("takes a no-break space for a space, and words over marks and emoji where they are", () => {
    expect(found("🚲 10\u00a0kr. ", "10 kr")).toEqual(["10\u00a0kr"]);
    const bold = nodes.doc!.create(null, paragraph("own", [schema.text("ær"), schema.text("ø", [schema.marks.strong.create()])]));
    expect(findIn(bold, { words: "ærø", wholeWords: true })).toEqual([{ from: 1, to: 4 }]);
  });

  it("keeps its places where small letters are longer than capitals", () => {
    expect(found("İstanbul er stor", "stor")).toEqual(["stor"]);
  });

  it("finds nothing for nothing, and never across paragraphs", () => {
    expect(found("tekst", "  ")).toEqual([]);
    expect(findIn(doc("en", "to"), { words: "en to", wholeWords: false })).toEqual([]);
  });
});
