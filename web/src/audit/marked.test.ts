// Sides of a difference, and the numbers of its list items.
import { describe, expect, it } from "vitest";
import type { DiffBlock } from "../api/types.ts";
import { blockIsOn, isChanged, numbers, runsOn } from "./marked.ts";

type Change = "kept" | "inserted" | "deleted";
const item = (change: Change, indent = 0, ordered = true): DiffBlock => ({
  type: "text", change, kind: { type: "list_item", ordered, indent }, credit: null, runs: [],
});
const words = (change: Change, text: string) => ({ change, text, credit: null });
const paragraph = (change: Change, ...runs: ReturnType<typeof words>[]): DiffBlock => ({
  type: "text", change, kind: { type: "paragraph" }, credit: null, runs,
});

describe("a difference", () => {
  it("counts the items of each side by itself", () => {
    const blocks = [item("kept"), item("deleted"), item("inserted"), item("kept", 1), item("kept")];
    expect(numbers(blocks, "before")).toEqual([1, 2, 0, 1, 3]);
    expect(numbers(blocks, "after")).toEqual([1, 0, 2, 1, 3]);
    expect(numbers([item("kept"), paragraph("kept"), item("kept")], "both")).toEqual([1, 0, 1]);
    expect(numbers([item("kept"), item("kept", 0, false), item("kept")], "both")).toEqual([1, 0, 1]);
  });

  it("shows on each side what stood or stands there", () => {
    const runs = [words("kept", "at "), words("deleted", "godkendes"), words("inserted", "afvises")];
    expect(runsOn("before", runs).map(({ text }) => text)).toEqual(["at ", "godkendes"]);
    expect(runsOn("after", runs).map(({ text }) => text)).toEqual(["at ", "afvises"]);
    expect(blockIsOn("before", paragraph("inserted", words("inserted", "ny")))).toBe(false);
    expect(blockIsOn("before", paragraph("inserted", words("kept", "delt")))).toBe(true);
  });

  it("knows what has changed", () => {
    expect(isChanged(paragraph("kept", words("kept", "a")))).toBe(false);
    expect(isChanged(paragraph("kept", words("inserted", "a")))).toBe(true);
    expect(isChanged(paragraph("deleted"))).toBe(true);
  });
});
