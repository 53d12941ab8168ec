// The printed length: grows with what is written, counts what is printed, and no more.
import type { Node } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { halfPages, printedPages, wordCount, type PrintedSection } from "./length.ts";
import { nodes, schema } from "./schema.ts";

const paragraph = (text: string) => nodes.paragraph!.create(null, text ? schema.text(text) : null);
const section = (...blocks: Node[]): PrintedSection => ({ nothing: false, text: nodes.doc!.create(null, blocks) });
const words = (count: number) => paragraph(Array.from({ length: count }, () => "sagen").join(" "));
const pages = (...sections: PrintedSection[]) => printedPages({ title: "Budget", attachments: [] }, sections);

describe("printed length", () => {
  it("counts no section that is not printed, but a ticked one", () => {
    const empty = section(paragraph(" "));
    expect(pages(empty)).toBe(pages());
    expect(pages({ ...empty, nothing: true })).toBeGreaterThan(pages());
  });

  it("is about one page for a page of prose and two for two", () => {
    const page = [words(160), words(160), words(160), words(160)];
    expect(pages(section(...page))).toBeGreaterThan(0.8);
    expect(pages(section(...page))).toBeLessThan(1.2);
    expect(pages(section(...page, ...page))).toBeGreaterThan(1.7);
  });

  it("takes a table row as high as its highest cell", () => {
    const cell = (count: number) => nodes.table_cell!.create({ col: `c${count}` }, words(count));
    const table = (...counts: number[]) => nodes.table!.create({ id: "t", cols: [] }, nodes.table_row!.create(null, counts.map(cell)));
    const [low, high] = [pages(section(table(5, 5))), pages(section(table(5, 200)))];
    expect(high).toBeGreaterThan(low);
    expect(high).toBeLessThan(pages(section(words(400))));
  });

  it("is said in half pages, never none", () => {
    expect([0.1, 0.8, 1.2, 1.3, 2.76].map(halfPages)).toEqual([0.5, 1, 1, 1.5, 3]);
  });
});

it("counts words over blocks and line breaks", () => {
  const text = nodes.doc!.create(null, [paragraph("et to"), nodes.paragraph!.create(null, [schema.text("tre"), nodes.hard_break!.create(), schema.text("fire")])]);
  expect(wordCount(text)).toBe(4);
});
