// The order of a forum's meetings.
import { expect, it } from "vitest";
import type { MeetingSummary } from "../api/types.ts";
import { localDate, splitMeetings } from "./meetings.ts";

const meeting = (date: string, time = "09:00"): MeetingSummary => ({
  id: date + time, date, time, place: "", phase: "open", published: null, items: 0,
});

it("puts the next meeting and the latest one first", () => {
  const all = ["2026-06-17", "2026-01-02", "2026-05-06", "2026-08-01"].map((date) => meeting(date));
  const split = splitMeetings([...all, meeting("2026-06-17", "08:00")], "2026-06-17");
  expect(split.coming.map((one) => one.id)).toEqual(["2026-06-1708:00", "2026-06-1709:00", "2026-08-0109:00"]);
  expect(split.earlier.map((one) => one.date)).toEqual(["2026-05-06", "2026-01-02"]);
});

it("writes a date as the server does", () => {
  expect(localDate(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
});
