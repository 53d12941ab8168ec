// Where the files of an agenda and of an item lie.
import { expect, it } from "vitest";
import type { MeetingView } from "../api/types.ts";
import { agendaFiles, itemFiles, newestAddress } from "./formats.ts";

const meeting = (...editions: number[]) =>
  ({ id: "m", publications: editions.map((edition) => ({ edition, url: `/dagsorden/m/${edition}` })) }) as MeetingView;

it("names a file for each format", () => {
  const urls = agendaFiles("/dagsorden/m/1").map(({ url }) => url);
  expect(urls).toHaveLength(10);
  expect(urls[0]).toBe("/dagsorden/m/1/dagsorden.pdf");
  expect(urls).toContain("/dagsorden/m/1/dagsorden.akn.xml");
  expect(urls).toContain("/dagsorden/m/1/dagsorden-samlet.pdf");
});

it("has an item as three files", () => {
  expect(itemFiles("/dagsorden/m/udkast", 3).map(({ url }) => url)).toEqual(
    ["html", "docx", "json"].map((extension) => `/dagsorden/m/udkast/punkter/punkt-3.${extension}`),
  );
});

it("takes the newest edition, and the draft where there is none", () => {
  expect(newestAddress(meeting(2, 10, 1))).toBe("/dagsorden/m/10");
  expect(newestAddress(meeting())).toBe("/dagsorden/m/udkast");
});
