// How long feedback waits, and where it is.
import { expect, test } from "vitest";
import { placeOfFeedback, waitedFor } from "./waiting.ts";

const HOUR = 60 * 60 * 1_000;

test("feedback waits by whole days", () => {
  expect([0, 23, 24, 47, 72].map((hours) => waitedFor(0, hours * HOUR))).toEqual(["i dag", "i dag", "i 1 dag", "i 1 dag", "i 3 dage"]);
});

test("a comment on the case is found by its thread, the rest on the item's page", () => {
  const place = (kind: "comment" | "suggestion", document: "case" | "decision") => placeOfFeedback("m", "p", { kind, id: "7", document });
  expect(place("comment", "case")).toContain("/moede/m/punkt/p#");
  expect([place("comment", "decision"), place("suggestion", "case")]).toEqual(["/moede/m/punkt/p", "/moede/m/punkt/p"]);
});
