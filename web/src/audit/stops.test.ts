// Where the scrubber stands.
import { describe, expect, it } from "vitest";
import type { HistoryEntry } from "../api/types.ts";
import { clamp, standAt, stopsOf } from "./stops.ts";

const entry = (position: number): HistoryEntry => ({
  position, first_position: position, at: position, by: { user: "u", name: "U", title: "" },
  kind: "text", item: null, section: null, sentence: "", inserted: 0, deleted: 0,
});
const stops = stopsOf([30, 20, 10].map(entry));

describe("stops", () => {
  it("run from the oldest to the newest", () => {
    expect(stops.map((stop) => stop.position)).toEqual([10, 20, 30]);
  });

  it.each([[undefined, 2], [30, 2], [29, 1], [20, 1], [5, 0], [99, 2]])("position %s is stop %s", (position, index) => {
    expect(standAt(stops, position)).toBe(index);
  });

  it("has nowhere to stand without stops", () => {
    expect(standAt([], undefined)).toBe(-1);
    expect(standAt([], 5)).toBe(-1);
    expect(clamp(3, 0)).toBe(-1);
  });

  it.each([[-1, 0], [0, 0], [3, 2]])("keeps %s within three stops as %s", (index, kept) => {
    expect(clamp(index, 3)).toBe(kept);
  });
});
