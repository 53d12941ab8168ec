// Readers change nothing, and nobody changes what is frozen.
import { expect, it } from "vitest";
import type { MeetingView, Phase, Role } from "../api/types.ts";
import { mayAdd, mayArrange, mayErase, mayHold, mayPlace, mayWrite } from "./rights.ts";

const seen = (phase: Phase, roles: Role[], corrects: number | null = null) => ({
  phase,
  work: { kind: "agenda", corrects, correction_reason: null, items: [] } as MeetingView["work"],
  you: { user: "u", name: "U", roles, may_plan: roles.includes("secretariat") },
});

it.each<[Phase, Role[], boolean, boolean]>([
  ["open", ["secretariat"], true, true],
  ["open", ["reader", "author"], true, false],
  ["open", ["reader"], false, false],
  ["open", [], false, false],
  ["frozen", ["secretariat"], false, false],
  ["published", ["director"], false, false],
])("%s, %s: writes %s, arranges %s", (phase, roles, writes, arranges) => {
  const meeting = seen(phase, roles);
  const item = { open: phase === "open" };
  expect([mayAdd(meeting), mayWrite(meeting, item)]).toEqual([writes, writes]);
  expect([mayArrange(meeting, item), mayPlace(meeting, item)]).toEqual([arranges, arranges]);
});

it("adds nothing to a correction, and moves nothing in it", () => {
  const meeting = seen("open", ["secretariat"], 1);
  expect([mayAdd(meeting), mayPlace(meeting, { open: true }), mayArrange(meeting, { open: true })]).toEqual([false, false, true]);
});

it("leaves alone what is not open while something else is", () => {
  const meeting = seen("open", ["secretariat"]);
  expect([mayWrite(meeting, { open: false }), mayPlace(meeting, { open: false })]).toEqual([false, false]);
});

it("erases nothing that is held or being written, and holds whatever has words", () => {
  const by = { user: "s", name: "S", title: "" };
  const item = { open: false, held: null, erased: null };
  const held = { ...item, held: { at: 1, by, reason: "Arkiv" } };
  const erased = { ...item, erased: { at: 1, by, reason: "Frist", documents: [] } };
  const desk = seen("published", ["secretariat"]);
  expect([item, held, { ...item, open: true }].map((one) => mayErase(desk, one))).toEqual([true, false, false]);
  expect([item, held, erased].map((one) => mayHold(desk, one))).toEqual([true, false, false]);
  const author = seen("published", ["author"]);
  expect([mayErase(author, item), mayHold(author, item)]).toEqual([false, false]);
});
