// What counts as a time, and what a plan says.
import { describe, expect, it } from "vitest";
import { isSame, readTime, reasonOf, span, told, written } from "./plan.ts";

const limited = (years: string, months: string) => ({ limited: true, years, months });

describe("a time", () => {
  it.each([["5", "", 60], ["", "1", 1], [" 1 ", " 6 ", 18], ["0", "18", 18], ["50", "0", 600]])("%j år and %j måneder is %s", (years, months, all) =>
    expect(readTime(limited(years, months))).toBe(all));
  it.each([["", ""], ["0", "0"], ["50", "1"], ["1,5", ""], ["-1", ""], ["fem", ""], ["1", "1e2"]])("%j år and %j måneder is none", (years, months) =>
    expect(readTime(limited(years, months))).toBeUndefined());
  it("is null for never, whatever stands in the fields", () => expect(readTime({ limited: false, years: "x", months: "" })).toBeNull());
  it.each([null, 1, 12, 18, 600])("%s is written and read back", (months) => expect(readTime(written(months))).toBe(months));
});

it("is told in words", () => {
  expect([1, 12, 18, 25].map(span)).toEqual(["1 måned", "1 år", "1 år og 6 måneder", "2 år og 1 måned"]);
  const plan = { closed: 60, open: null, withdrawn: 6 };
  expect(told(plan)).toBe("lukkede punkter efter 5 år, åbne punkter aldrig, tilbagetrukne punkter efter 6 måneder");
  expect(reasonOf("closed", plan)).toBe("Sletteplan: lukket punkt, 5 år efter udsendelsen");
  expect([isSame(plan, { ...plan }), isSame(plan, { ...plan, open: 1 })]).toEqual([true, false]);
});
