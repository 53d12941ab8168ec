// Text edits and old news do not make the meeting be read again.
import { expect, it } from "vitest";
import { isNews } from "./nudge.ts";

const notice = (position: number, kinds: string[]) => ({
  position, kinds, at: 0, by: { user: "u", name: "U", title: "" }, items: [], documents: [],
});

it.each([
  [6, ["AgendaFrozen"], true],
  [6, ["ChangesRecorded", "ItemStateChanged"], true],
  [6, ["ChangesRecorded"], false],
  [6, ["ActorBound", "ChangesRecorded"], false],
  [5, ["AgendaFrozen"], false],
  [6, [], false],
])("position %s with %s: %s", (position, kinds, news) => expect(isNews(notice(position, kinds), 5)).toBe(news));
