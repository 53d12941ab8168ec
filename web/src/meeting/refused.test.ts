// Refused texts: what is shown of them, and in which order.
import { expect, test } from "vitest";
import type { Refused } from "../api/types.ts";
import { joined, notKeptHere } from "./refused.ts";

const part = (text: string, more: Partial<Refused> = {}): Refused => ({
  position: 7, at: 1_000, by: { user: "bo", name: "Bo", title: "" }, document: "d", item: "i", reason: "frozen", text, ...more,
});
const gitte = { user: "gitte", name: "Gitte", title: "" };

test("letters of one go are one text", () => {
  const texts = joined([part("f"), part("o", { at: 2_000, position: 8 }), part("r")]);
  expect(texts.map(({ text }) => text)).toEqual(["for"]);
});

test("another person, document or reason, or a long pause, is another text", () => {
  const parts = [part("a"), part("b", { by: gitte }), part("c", { document: "e" }), part("d", { reason: "forbidden" }), part("e", { at: 9_000_000 })];
  expect(joined(parts)).toHaveLength(5);
});

test("what had no words, as a deletion, is not listed", () => {
  expect(joined([part(""), part(" ")])).toEqual([]);
});

test("one's own words are not shown again where this computer has kept them", () => {
  const texts = [part("I tunnelen."), part("Fra gangen."), part("I tunnelen.", { by: gitte })];
  const shown = notKeptHere(texts, "bo", ["I tide.\nI  tunnelen."]);
  expect(shown.map(({ by, text }) => [by.user, text])).toEqual([["bo", "Fra gangen."], ["gitte", "I tunnelen."]]);
});
