// Where the files of an agenda and of an item lie.
import { expect, it } from "vitest";
import type { MeetingView } from "../api/types.ts";
import { agendaFiles, itemFiles } from "./formats.ts";

type Published = MeetingView["publications"][number];
const edition = (edition: number, ...items: string[]) => ({ edition, items, url: `/dagsorden/m/${edition}` }) as Published;
const meeting = (work: string[], ...publications: Published[]) => ({ id: "m", publications, work: { items: work } }) as MeetingView;
const first = (one: MeetingView, item: string) => itemFiles(one, item)[0]?.url;

it("names a file for each format", () => {
  const urls = agendaFiles("/dagsorden/m/1").map(({ url }) => url);
  expect(urls).toHaveLength(10);
  expect(urls[0]).toBe("/dagsorden/m/1/dagsorden.pdf");
  expect(urls).toContain("/dagsorden/m/1/dagsorden.akn.xml");
  expect(urls).toContain("/dagsorden/m/1/dagsorden-samlet.pdf");
});

it("has an item as three files", () => {
  expect(itemFiles(meeting(["a", "b", "c"]), "c").map(({ url }) => url)).toEqual(
    ["html", "docx", "json"].map((extension) => `/dagsorden/m/udkast/punkter/punkt-3.${extension}`),
  );
});

it("takes the newest edition that has the item, by its place in it", () => {
  const one = meeting([], edition(2, "c"), edition(10, "a", "b"), edition(1, "a", "b"));
  expect(first(one, "b")).toBe("/dagsorden/m/10/punkter/punkt-2.html");
  expect(first(one, "c")).toBe("/dagsorden/m/2/punkter/punkt-1.html");
});
