// Tables in the editor as a person meets them: rows and cells by their place, and the clipboard.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Locator, type Page, expect } from "@playwright/test";

/** The cells of each row; "#" before a header, spans behind, blocks joined by "/". */
export const grid = (text: Locator): Promise<string[][]> =>
  text.evaluate((element) =>
    [...element.querySelectorAll("tr")].map((row) =>
      [...row.cells].map((cell) => {
        const copy = cell.cloneNode(true) as HTMLElement;
        copy.querySelectorAll(".their-caret, .ProseMirror-separator").forEach((caret) => caret.remove());
        const words = [...copy.children].map((block) => block.textContent).join("/");
        const span = cell.colSpan * cell.rowSpan > 1 ? `(${cell.colSpan}x${cell.rowSpan})` : "";
        return `${cell.tagName === "TH" ? "#" : ""}${words}${span}`;
      }),
    ),
  );

export const expectGrid = (text: Locator, expected: string[][]) => expect.poll(() => grid(text)).toEqual(expected);

export const cell = (text: Locator, row: number, column: number): Locator =>
  text.locator("tr").nth(row).locator("td, th").nth(column);

/** Puts the caret at the end of a cell. */
export async function enterCell(page: Page, text: Locator, row: number, column: number): Promise<void> {
  await cell(text, row, column).locator("p, li, h3, h4, h5").last().click();
  await page.keyboard.press("End");
}

/** A table of empty cells, made in the dialog; the caret is in its first cell afterwards. */
export async function insertTable(page: Page, rows: number, columns: number, headerRow: boolean): Promise<void> {
  await page.keyboard.press("Control+Alt+t");
  const dialog = page.getByRole("dialog", { name: "Indsæt tabel" });
  await dialog.getByLabel("Rækker").fill(String(rows));
  await dialog.getByLabel("Kolonner").fill(String(columns));
  await dialog.getByLabel("Første række er overskrifter").setChecked(headerRow);
  await dialog.getByRole("button", { name: "Indsæt tabel" }).click();
  await expect(dialog).toBeHidden();
}

/** Puts it on the real clipboard, as another program would. */
export async function toClipboard(page: Page, content: { html?: string; text: string }): Promise<void> {
  await page.evaluate(async ({ html, text }) => {
    const item: Record<string, Blob> = { "text/plain": new Blob([text], { type: "text/plain" }) };
    if (html !== undefined) item["text/html"] = new Blob([html], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(item)]);
  }, content);
}

export async function paste(page: Page, text: Locator, content: { html?: string; text: string }): Promise<void> {
  await toClipboard(page, content);
  await text.focus();
  await page.keyboard.press("Control+v");
}

/** What lies on the clipboard now. */
export const clipboard = (page: Page, type: "text/html" | "text/plain"): Promise<string> =>
  page.evaluate(async (wanted) => {
    const [item] = await navigator.clipboard.read();
    return (await item!.getType(wanted)).text();
  }, type);

/** What a program puts on the clipboard, as the unit tests have it. */
export const fixture = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../../web/src/editor/paste/fixtures/${name}.html`), "utf8");
