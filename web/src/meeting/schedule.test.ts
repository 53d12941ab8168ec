// Clock times and running totals.
import { describe, expect, it } from "vitest";
import { clockTime, minutesOf, schedule } from "./schedule.ts";

describe("schedule", () => {
  it("adds up and gives clock times", () => {
    expect(schedule("09:00", [{ minutes: 10 }, { minutes: null }, { minutes: 55 }])).toEqual([
      { from: "09:00", to: "09:10", total: 10 },
      { from: "09:10", to: "09:10", total: 10 },
      { from: "09:10", to: "10:05", total: 65 },
    ]);
  });

  it("keeps the totals when the start cannot be read", () => {
    expect(schedule("ved middagstid", [{ minutes: 5 }])).toEqual([{ from: null, to: null, total: 5 }]);
  });

  it("goes past midnight", () => {
    expect(schedule("23:50", [{ minutes: 20 }])[0]?.to).toBe("00:10");
  });

  it.each([["08:05", 485], ["9:00", 540], ["24:00", null], ["09:60", null], ["", null]])(
    "reads %s as %s",
    (time, minutes) => expect(minutesOf(time)).toBe(minutes),
  );

  it("writes what it reads", () => {
    for (let minutes = 0; minutes < 1440; minutes += 7) expect(minutesOf(clockTime(minutes))).toBe(minutes);
  });
});
