// Which items can be copied, and where one can be moved.
import { expect, test } from "vitest";
import type { ForumView, MeetingView } from "../api/types.ts";
import { itemsToCopy, meetingsToMoveTo } from "./bring.ts";

test("items that were moved on are not offered a second time", () => {
  const to = { meeting: "juni", item: "4", date: "2026-06-17" };
  const meeting = {
    items: [{ id: "1", number: 1, title: "Budget" }],
    withdrawn: [
      { id: "2", title: "Skolemad", reason: "Udsat", moved_to: null },
      { id: "3", title: "Cykelstier", reason: "", moved_to: to },
    ],
  } as unknown as MeetingView;
  expect(itemsToCopy(meeting).map(({ text }) => text)).toEqual(["1. Budget", "Skolemad (taget af dagsordenen)"]);
});

test("an item moves to another meeting whose agenda is open, the next one first", () => {
  const forum = {
    meetings: [
      { id: "august", phase: "open" }, { id: "juni", phase: "open" },
      { id: "maj", phase: "open" }, { id: "april", phase: "published" },
    ],
  } as unknown as ForumView;
  expect(meetingsToMoveTo(forum, "maj").map(({ id }) => id)).toEqual(["juni", "august"]);
});
