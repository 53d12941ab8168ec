// Flat list items become nested lists, whatever their indents.
import { describe, expect, it } from "vitest";
import type { Block } from "../api/types.ts";
import { type List, type Nested, nested } from "./nesting.ts";

const item = (name: string, indent = 0, ordered = false): Block => ({
  type: "list_item", ordered, indent, text: [{ text: name }],
});
const paragraph = (name: string): Block => ({ type: "paragraph", text: [{ text: name }] });

/** "ul(a(ol(b)))" */
function outline(blocks: Nested[]): string {
  return blocks.map((block) => (block.type === "list" ? listOutline(block) : block.type)).join(" ");
}
function listOutline(list: List): string {
  const items = list.items.map((entry) => {
    const inner = entry.lists.map(listOutline).join(" ");
    return (entry.text[0]?.text ?? "") + (inner === "" ? "" : `(${inner})`);
  });
  return `${list.ordered ? "ol" : "ul"}(${items.join(" ")})`;
}

describe("nested", () => {
  it.each<[string, Block[], string]>([
    ["siblings", [item("a"), item("b")], "ul(a b)"],
    ["three levels and back", [item("a"), item("b", 1), item("c", 2), item("d")], "ul(a(ul(b(ul(c)))) d)"],
    ["a jump is one step", [item("a"), item("b", 5)], "ul(a(ul(b)))"],
    ["an indented first item", [item("a", 3), item("b")], "ul(a b)"],
    ["kinds do not mix", [item("a"), item("b", 0, true)], "ul(a) ol(b)"],
    ["kinds do not mix below", [item("a"), item("b", 1, true), item("c", 1)], "ul(a(ol(b) ul(c)))"],
    ["a paragraph ends a list", [item("a"), paragraph("p"), item("b", 1)], "ul(a) paragraph ul(b)"],
    ["nothing", [], ""],
  ])("%s", (_, blocks, expected) => expect(outline(nested(blocks))).toBe(expected));

  it("loses no item", () => {
    let seed = 7;
    const random = (limit: number) => (seed = (seed * 48271) % 2147483647) % limit;
    for (let run = 0; run < 200; run += 1) {
      const names = Array.from({ length: random(12) }, (_, index) => `n${index}.`);
      const blocks = names.map((name) => item(name, random(8), random(2) === 0));
      expect(outline(nested(blocks)).match(/n\d+\./g) ?? []).toEqual(names);
    }
  });
});
