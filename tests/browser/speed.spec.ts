// How quick the editor is with long texts. It reports figures and judges none of them: what it
// holds is that everything arrives.
import { cpus } from "node:os";
import { enterSection, expectSaved, expectWords, itemPath, section } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";
import { percentile, scriptPerKey, type KeyCost } from "./support/trace.ts";

const SENTENCE = "Forvaltningen har set på skolevejen, og børnene på Ærø får en ny sti ved åen inden næste år. ";
const KEYS = 60;
/** Slower than the work of one key, so that the next one's is not counted with it. */
const KEY_PAUSE_MS = 120;
const PAGE_OF_TEXT = Array.from({ length: 25 }, () => SENTENCE).join("\n\n");

/** An agenda with one item whose case holds about this many characters, in paragraphs of five lines. */
function agenda(characters: number): string {
  const paragraph = SENTENCE.repeat(5).trim();
  const text = Array.from({ length: Math.ceil(characters / paragraph.length) }, () => paragraph).join("\n\n");
  return `# Dagsorden for Chefforum, den 6. marts 2030\n\n**Mødedato:** Onsdag den 6. marts 2030 kl. 13.00 - 15.00\n\n` +
    `### **Punkt 1: Orientering om stier på ${characters} tegn**\n\n**Resumé**\n\nKort.\n\n**Sagsfremstilling**\n\n${text}\n`;
}

type Row = { what: string; p50: string; p95: string };
const row = (what: string, values: readonly number[]): Row =>
  ({ what, p50: percentile(values, 0.5).toFixed(1), p95: percentile(values, 0.95).toFixed(1) });
const script = (what: string, { toScreen, inAll }: KeyCost): Row[] =>
  [row(`${what}: script to own screen, ms`, toScreen), row(`${what}: script in all, ms`, inAll)];

for (const characters of [10_000, 50_000]) {
  test(`the way of a key in ${characters} characters`, async ({ enter, desk }, info) => {
    test.setTimeout(240_000);
    const meeting = await desk.importAgenda(agenda(characters));
    const path = itemPath(meeting, meeting.items[0]!);
    const [writer, reader] = [(await enter("lasse", path)).page, (await enter("bo", path)).page];
    await enterSection(reader, "Resumé");
    const text = await enterSection(writer, "Sagsfremstilling");
    await text.locator("p").nth(10).click();
    await writer.keyboard.press("End");

    const keys = (key: string) => scriptPerKey(writer, "keydown", () => press(writer, key));
    const rows = [
      ...script("a letter", await keys("e")),
      ...script("Backspace", await keys("Backspace")),
      ...script("Enter", await keys("Enter")),
      ...script("paste of a page", await scriptPerKey(writer, "paste", () => pastePages(writer))),
      row("key to the other screen, ms", await keyToOther(writer, reader)),
    ];
    await expectSaved(writer);
    await expectWords(section(reader, "Sagsfremstilling"), "Sidste ord.");
    info.annotations.push({ type: "speed", description: JSON.stringify(rows) });
    console.log(`${characters} characters, ${cpus().length} x ${cpus()[0]?.model}, 2 browsers and the server on it`);
    console.table(rows);
    expect(rows.every(({ p95 }) => Number.isFinite(Number(p95)))).toBe(true);
  });
}

async function press(page: Page, key: string): Promise<void> {
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(KEY_PAUSE_MS);
  }
}

async function pastePages(page: Page): Promise<void> {
  await page.evaluate((text) => navigator.clipboard.writeText(text), PAGE_OF_TEXT);
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press("Control+v");
    await page.waitForTimeout(1_000);
  }
}

/** From the key in one browser to the letter in the other, both by the clock of this machine. */
async function keyToOther(writer: Page, reader: Page): Promise<number[]> {
  const clock = "const now = () => performance.timeOrigin + performance.now();";
  await writer.evaluate(`${clock} window.pressed = []; addEventListener("keydown", () => window.pressed.push(now()), true);`);
  await reader.evaluate(`${clock} window.seen = [];
    new MutationObserver((changes) => {
      // The caret of the writer moves, too: only letters count.
      const letters = document.querySelector("[aria-label=Sagsfremstilling]").textContent.split("q").length - 1;
      while (window.seen.length < letters) window.seen.push(now());
    }).observe(document.querySelector("[aria-label=Sagsfremstilling]"), { childList: true, characterData: true, subtree: true });`);
  await press(writer, "q");
  await expect.poll(() => reader.evaluate("window.seen.length")).toBe(KEYS);
  await writer.keyboard.type("Sidste ord.");
  const pressed = (await writer.evaluate("window.pressed")) as number[];
  const seen = (await reader.evaluate("window.seen")) as number[];
  return seen.map((at, index) => at - pressed[index]!);
}
