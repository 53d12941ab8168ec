// Flat items as a reader sees them: the same nesting and numbers as the published text (publish::tree).

import type { Node } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { paragraph } from "./blocks.ts";
import { itemPlaces } from "./lists.ts";
import { nodes } from "./schema.ts";

/** "o0 u1 p": ordered at indent 0, unordered at 1, a paragraph. */
const blocks = (text: string): Node[] =>
  text.split(" ").map((word) => {
    if (word === "p") return paragraph("own");
    return nodes.list_item!.create({ ordered: word[0] === "o", indent: Number(word[1]) });
  });
const places = (text: string) =>
  itemPlaces(blocks(text)).map((place) => (place ? `${place.depth}:${place.number}/${place.count}` : "p"));

describe("the place of an item", () => {
  it("goes on past what is nested, and begins anew past a paragraph", () => {
    expect(places("o0 u1 u1 o0 p o0")).toEqual(["0:1/2", "1:1/2", "1:2/2", "0:2/2", "p", "0:1/1"]);
  });

  it("begins anew where the kind changes", () => {
    expect(places("o0 u0 o0")).toEqual(["0:1/1", "0:1/1", "0:1/1"]);
    expect(places("o0 o1 u1 o0 o1")).toEqual(["0:1/2", "1:1/1", "1:1/1", "0:2/2", "1:1/1"]);
  });

  it("has no gaps where levels were skipped or lie between", () => {
    expect(places("u0 u3 u1")).toEqual(["0:1/1", "1:1/2", "1:2/2"]);
    expect(places("u2 u0")).toEqual(["0:1/2", "0:2/2"]);
  });
});
