// What may be sent about an item.
import { describe, expect, it } from "vitest";
import { complete } from "./details.ts";
import { checkItemForm } from "./item-form.ts";

const form = (title: string, minutes = "", journalNumber = "") => ({ title, minutes, journalNumber, itemType: "decision" as const });

describe("item form", () => {
  it("keeps an odd journal number and drops stray spaces", () => {
    expect(checkItemForm(form(" Budget ", " 20 ", " 00.30-P05 "))).toEqual({
      ok: true, fields: { title: "Budget", minutes: 20, journal_number: "00.30-P05", item_type: "decision" },
    });
  });

  it("lets journal number and minutes wait", () => {
    expect(checkItemForm(form("Budget"))).toEqual({
      ok: true, fields: { title: "Budget", minutes: null, journal_number: null, item_type: "decision" },
    });
  });

  it.each(["0", "601", "-5", "1.5", "1e2", "ti"])("does not take %s for minutes", (minutes) => {
    expect(checkItemForm(form("Budget", minutes))).toEqual({ ok: false, titleMissing: false, minutesInvalid: true });
  });

  it("wants a title", () => {
    expect(checkItemForm(form("  "))).toEqual({ ok: false, titleMissing: true, minutesInvalid: false });
  });
});

describe("meeting details", () => {
  it("cuts off seconds and spaces", () => {
    expect(complete({ date: "2026-06-17", time: "09:00:00", place: " A " })).toEqual({ date: "2026-06-17", time: "09:00", place: "A" });
  });

  it("wants date and time, not the place", () => {
    expect(complete({ date: "", time: "09:00", place: "A" })).toBeUndefined();
    expect(complete({ date: "2026-06-17", time: "", place: "A" })).toBeUndefined();
    expect(complete({ date: "2026-06-17", time: "09:00", place: " " })?.place).toBe("");
  });
});
