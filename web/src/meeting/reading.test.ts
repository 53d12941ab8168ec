// What each reading level shows of an item, and the type that a title names.
import { expect, it } from "vitest";
import { typeOfTitle } from "./item-type.ts";
import { readAt } from "./reading.ts";

const template = ["indstilling", "resume", "oekonomi", "lov"].map((key) => ({ key, heading: key.toUpperCase(), guidance: "" }));
const section = (key: string, nothing = false) => ({ key, heading: key.toUpperCase(), nothing, blocks: [] });
const sections = [section("resume"), section("oekonomi", true), section("lov")];

it.each([
  ["overview", ["resume"]],
  ["full", ["resume", "lov"]],
  ["attachments", []],
] as const)("%s shows %s", (level, shown) => {
  const read = readAt(level, template, sections);
  expect(read.shown.map(({ key }) => key)).toEqual(shown);
  expect([read.nothing, read.empty]).toEqual([["OEKONOMI"], ["INDSTILLING"]]);
});

it.each([
  ["Orientering om skolemad", "orientation"],
  [" godkendelse af referat", "decision"],
  ["Temadrøftelse: klima", "discussion"],
  ["Besøg på skolen", null],
] as const)("%s: %s", (title, type) => expect(typeOfTitle(title)).toBe(type));
