// Which documents of an item are shown, under which headings.
import { expect, it } from "vitest";
import type { Access, ItemSummary } from "../api/types.ts";
import { readable, sectionsOf } from "./sections.ts";

it("uses the keys that the documents have", () => {
  expect(sectionsOf("planning", []).map((section) => section.key)).toEqual(["formaal", "maalgruppe", "budskab", "proces"]);
  expect(sectionsOf("decision", []).map((section) => section.key)).toEqual(["beslutning"]);
  const template = [{ key: "resume", heading: "Resumé", guidance: "" }];
  expect(sectionsOf("case", template)).toBe(template);
});

it("leaves out what may not be read", () => {
  const access = (kinds: Record<string, Access>) => ({ access: kinds }) as unknown as ItemSummary;
  expect(readable(access({ case: "read", planning: "none", decision: "write" }))).toEqual(["case", "decision"]);
});
