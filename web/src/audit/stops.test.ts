// Where the scrubber stands.
import { describe, expect, it } from "vitest";
import type { HistoryEntry } from "../api/types.ts";
import { clamp, lastFrozen, marksOf, milestoneFrom, setAround, standAt, stopsOf, strokesOf } from "./stops.ts";

const entry = (position: number): HistoryEntry => ({
  position, first_position: position, at: position, by: { user: "u", name: "U", title: "" },
  kind: "text", item: null, section: null, sentence: "", milestone: null, inserted: 0, deleted: 0,
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

describe("a change set", () => {
  const sets = [{ ...entry(20), first_position: 11 }, { ...entry(30), first_position: 30 }];

  it.each([[15, 20], [11, 20]])("has position %s within it", (position, end) => {
    expect(setAround(sets, position)?.position).toBe(end);
  });
  it.each([20, 25, 30, 10])("does not have position %s within it", (position) => {
    expect(setAround(sets, position)).toBeUndefined();
  });
});

describe("milestones", () => {
  const life = stopsOf([5, 4, 3, 2, 1].map((position): HistoryEntry => ({
    ...entry(position), milestone: ({ 2: "ready", 3: "frozen", 4: "published" } as const)[position] ?? null,
  })));

  it("stand on the track where they happened", () => {
    expect(marksOf(life).map(({ index, share, row }) => [index, share, row])).toEqual([[1, 0.25, 0], [2, 0.5, 0], [3, 0.75, 0]]);
  });

  it("do not lie on each other", () => {
    const dense = Array.from({ length: 21 }, (_, at): HistoryEntry => ({ ...entry(at), milestone: at === 4 || at === 5 ? "ready" : null }));
    expect(marksOf(dense).map(({ row }) => row)).toEqual([0, 1]);
  });

  it("are stepped between, the minor ones too", () => {
    const mixed = life.map((stop) => (stop.position === 1 ? { ...stop, milestone: "comment_resolved" as const } : stop));
    expect([0, 1, 3, 4].map((at) => milestoneFrom(mixed, at, 1))).toEqual([1, 2, undefined, undefined]);
    expect([0, 1, 4].map((at) => milestoneFrom(mixed, at, -1))).toEqual([undefined, 0, 3]);
    expect(marksOf(mixed).map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(strokesOf(mixed)).toEqual([0]);
  });

  it("of an item are minor on the track of a whole agenda", () => {
    const ofItem = life.map((stop) => (stop.milestone === "ready" ? { ...stop, item: "i" } : stop));
    expect(marksOf(ofItem, true).map(({ index }) => index)).toEqual([2, 3]);
    expect(strokesOf(ofItem, true)).toEqual([0.25]);
  });

  it("tell since when it was last frozen", () => {
    expect(lastFrozen(life, 4)).toBe(3);
    expect(lastFrozen(life, 2)).toBeUndefined();
    expect(lastFrozen([], -1)).toBeUndefined();
  });
});
