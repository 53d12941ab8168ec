// What a browser sees of a file before it is sent.
import { expect, it } from "vitest";
import { MAX_BYTES, objection, quarterPassed, sizeText } from "./files.ts";

it.each([
  ["kort.PDF", 1, undefined],
  ["foto.jpeg", MAX_BYTES, undefined],
  ["foto.jpeg", MAX_BYTES + 1, "tooLarge"],
  ["kort.svg", 1, "wrongKind"],
  ["side.pdf.html", 1, "wrongKind"],
  ["pdf", 1, "wrongKind"],
  ["mappe", 0, "empty"],
])("%s of %i bytes: %s", (name, size, expected) => {
  expect(objection({ name, size })).toBe(expected);
});

it("says sizes as the published page does", () => {
  expect([0, 999, 70_001, 1_250_000].map(sizeText)).toEqual(["0 byte", "999 byte", "71 kB", "1,3 MB"]);
});

it.each([
  [0, 0.1, undefined],
  [0.1, 0.26, 25],
  [0.26, 0.3, undefined],
  [0.3, 0.8, 75],
  [0.8, 1, undefined],
])("from %d to %d passes %s %%", (before, now, expected) => {
  expect(quarterPassed(before, now)).toBe(expected);
});
