// Marks of text that is on this computer only.
import { expect, test } from "vitest";
import type { Place } from "./place.ts";
import { forgetUnsent, UnsentMark, unsentPlaces } from "./unsent.ts";
import type { Marks } from "./unsent.ts";

class MemoryMarks implements Marks {
  private readonly entries = new Map<string, string>([["dagsorden.lang", "da"], ["", ""]]);
  get length() {
    return this.entries.size;
  }
  key = (index: number) => [...this.entries.keys()][index] ?? null;
  getItem = (key: string) => this.entries.get(key) ?? null;
  setItem = (key: string, value: string) => void this.entries.set(key, value);
  removeItem = (key: string) => void this.entries.delete(key);
}

const place = (document: string): Place => ({ document, meeting: "m", item: "i", kind: "case", title: `Om ${document}` });
const titles = (marks: Marks, user: string) => unsentPlaces(marks, user).map(({ title }) => title);

test("a mark names the text, for its user alone, until the server has it", () => {
  const marks = new MemoryMarks();
  const mark = new UnsentMark(marks, "bo", place("d"), "1");
  mark.set();
  mark.set();
  expect([titles(marks, "bo"), titles(marks, "bo.holm")]).toEqual([["Om d"], []]);
  mark.clear();
  expect(titles(marks, "bo")).toEqual([]);
});

test("what an earlier session left is cleared by one that has read it, not by one that was there before", () => {
  const marks = new MemoryMarks();
  const open = new UnsentMark(marks, "bo", place("d"), "1");
  new UnsentMark(marks, "bo", place("d"), "2").set();
  open.set();
  open.clear();
  expect(titles(marks, "bo")).toEqual(["Om d"]);
  new UnsentMark(marks, "bo", place("e"), "3").clear();
  expect(titles(marks, "bo")).toEqual(["Om d"]);
  new UnsentMark(marks, "bo", place("d"), "4").clear();
  expect(titles(marks, "bo")).toEqual([]);
});

test("two tabs of one text are one text; discarding forgets one's own only", () => {
  const marks = new MemoryMarks();
  for (const [user, session] of [["bo", "1"], ["bo", "2"], ["gitte", "3"]] as const)
    new UnsentMark(marks, user, place("d"), session).set();
  expect(titles(marks, "bo")).toEqual(["Om d"]);
  forgetUnsent(marks, "bo");
  expect([titles(marks, "bo"), titles(marks, "gitte")]).toEqual([[], ["Om d"]]);
});
