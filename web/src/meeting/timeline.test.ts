// The milestones of a meeting come in one list, the latest first.
import { expect, it } from "vitest";
import { milestones, receiptUrl, shortHash } from "./timeline.ts";

const by = { user: "u", name: "U", title: "" };

it("puts the latest first and keeps what proves it", () => {
  const list = milestones({
    freezes: [
      { kind: "agenda", round: 1, at: 10, by, reason: "klar", content_hash: "aa", position: 7 },
      { kind: "agenda", round: 2, at: 30, by, reason: "klar", content_hash: "bb", position: 9 },
    ],
    thaws: [{ round: 2, at: 20, by, reason: "tal rettet", position: 8 }],
    publications: [{
      edition: 1, kind: "agenda", corrects: null, correction_reason: null, superseded_by: null, items: [], correctable: true,
      round: 2, at: 40, by, content_hash: "bb", url: "/dagsorden/m/1",
    }],
  });
  expect(list.map((one) => [one.kind, one.at, one.contentHash])).toEqual([
    ["publication", 40, "bb"], ["freeze", 30, "bb"], ["thaw", 20, undefined], ["freeze", 10, "aa"],
  ]);
});

it("knows where the receipts are", () => {
  const one = { by, at: 1, round: 2 };
  expect(receiptUrl("m", { ...one, kind: "freeze" })).toBe("/api/meetings/m/freezes/2/receipt");
  expect(receiptUrl("m", { ...one, kind: "publication", url: "/dagsorden/m/1" })).toBe("/dagsorden/m/1/kvittering.json");
  expect(receiptUrl("m", { ...one, kind: "thaw" })).toBeUndefined();
});

it("shortens a hash and leaves a short one alone", () => {
  expect(shortHash("0123456789abcdef")).toBe("0123456789ab…");
  expect(shortHash("abc")).toBe("abc");
});
