// What counts as a number of days, and what a policy says.
import { describe, expect, it } from "vitest";
import { readDays, told } from "./draft-policy.ts";

describe("days", () => {
  it.each([["0", 0], [" 30 ", 30], ["3650", 3650]])("%j is %s", (text, days) => expect(readDays(text)).toBe(days));
  it.each(["", "-1", "3,5", "3651", "tredive", "1e3"])("%j is none", (text) => expect(readDays(text)).toBeUndefined());
});

it("is told in a sentence", () => {
  expect(told({ days: 1, detail: "change_sets" })).toContain("1 dag ");
  expect(told({ days: 30, detail: "change_sets" })).toContain("30 dage");
  expect(told({ days: null, detail: "steps" })).toContain("altid");
});
