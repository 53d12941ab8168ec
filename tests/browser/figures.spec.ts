// What it costs a person: the time from a key to another person's screen, and the bytes of a first
// load. Figures for the report; no test fails for being slow.
import { expectInstalled } from "./support/computer.ts";
import { enterSection, itemPath, section } from "./support/editor.ts";
import { Front } from "./support/front.ts";
import { type Page, expect, test } from "./support/test.ts";

const KEYS = 100;
const PAUSE_MS = 80;
/** A letter that stands in nobody's name, so that the carets of others do not count. */
const LETTER = "1";

type Marks = { at: number[] };

/** Notes when each key goes down, on a clock that all pages of one computer share. */
const noteKeys = (page: Page) =>
  page.evaluate((letter) => {
    const marks: Marks = ((window as unknown as { marks: Marks }).marks = { at: [] });
    const note = (event: KeyboardEvent) => event.key === letter && marks.at.push(performance.timeOrigin + performance.now());
    window.addEventListener("keydown", note, true);
  }, LETTER);

/** Notes when the page first shows one letter, two letters, and so on. */
const noteLetters = (page: Page, heading: string) =>
  section(page, heading).evaluate((text, letter) => {
    const marks: Marks = ((window as unknown as { marks: Marks }).marks = { at: [] });
    new MutationObserver(() => {
      const shown = text.textContent!.split(letter).length - 1;
      while (marks.at.length < shown) marks.at.push(performance.timeOrigin + performance.now());
    }).observe(text, { childList: true, characterData: true, subtree: true });
  }, LETTER);

const marksOf = (page: Page) => page.evaluate(() => (window as unknown as { marks: Marks }).marks.at);

const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;

test("from one person's key to another's screen", async ({ enter, desk }, { annotations }) => {
  const meeting = await desk.plan("Orientering om hastighed");
  const path = itemPath(meeting, meeting.items[0]!);
  const [lasse, bo] = [await enter("lasse", path), await enter("bo", path)];
  await enterSection(bo.page, "Resumé");
  await enterSection(lasse.page, "Resumé");
  await noteKeys(lasse.page);
  await noteLetters(bo.page, "Resumé");
  await lasse.page.keyboard.type(LETTER.repeat(KEYS), { delay: PAUSE_MS });
  await expect.poll(async () => (await marksOf(bo.page)).length).toBe(KEYS);
  const [down, shown] = [await marksOf(lasse.page), await marksOf(bo.page)];
  const took = shown.map((at, key) => at - down[key]!);
  const figures = [0.5, 0.95, 1].map((share) => `${Math.round(percentile(took, share))} ms`);
  const description = `${KEYS} keys: median ${figures[0]}, p95 ${figures[1]}, slowest ${figures[2]}`;
  annotations.push({ type: "key to another's screen", description });
  console.log(description);
});

test("the bytes of a first load, and the second without a net", async ({ enter, desk, server }, { annotations }) => {
  const meeting = await desk.plan("Orientering om båndbredde");
  const front = await Front.before(server.url);
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!), { baseURL: front.url });
  await enterSection(page, "Resumé");
  const pageBytes = front.bytes;
  await expectInstalled(page);
  front.setAway(true);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Orientering om båndbredde" })).toBeVisible();
  await expect(section(page, "Resumé")).toHaveAttribute("contenteditable", "true");
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  const description = `cold, with the editor and all answers: ${kilobytes(pageBytes)}; all that is kept for later included: ${kilobytes(front.bytes)}`;
  annotations.push({ type: "first load on the wire", description });
  console.log(description);
  await front.close();
});
