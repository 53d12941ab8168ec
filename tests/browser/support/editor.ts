// The editor as a person meets it: sections by their heading, carets by their name.
import { type Locator, type Page, expect } from "@playwright/test";
import type { Item, Meeting } from "./api.ts";

export const itemPath = (meeting: Meeting, item: Item) => `/moede/${meeting.id}/punkt/${item.id}`;

export const section = (page: Page, heading: string): Locator => page.getByRole("textbox", { name: heading, exact: true });
export const caretOf = (page: Page, name: string): Locator => page.locator(".their-caret", { hasText: name });
export const tool = (page: Page, name: string): Locator => page.getByRole("toolbar").getByRole("button", { name: new RegExp(`^${name}`) });

/** The blocks of a section as tag and text, without the carets of others. */
export const blocks = (text: Locator): Promise<string[]> =>
  text.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    copy.querySelectorAll(".their-caret, .ProseMirror-separator").forEach((caret) => caret.remove());
    return [...copy.children].map((block) => `${block.tagName.toLowerCase()}: ${block.textContent}`);
  });

export const expectBlocks = (text: Locator, expected: string[]) => expect.poll(() => blocks(text)).toEqual(expected);

export const expectSaved = (page: Page) => expect(page.locator(".saved").first()).toHaveText("Gemt");

/** These words stand unbroken in one block. */
export const expectWords = (text: Locator, words: string) => expect.poll(async () => (await blocks(text)).join("\n")).toContain(words);

/** Waits until the text is there and connected, and puts the caret at its end. */
export async function enterSection(page: Page, heading: string): Promise<Locator> {
  const text = section(page, heading);
  await expect(text).toHaveAttribute("contenteditable", "true");
  await expectSaved(page);
  await text.focus();
  await page.keyboard.press("Control+End");
  return text;
}

export const notice = (page: Page): Locator => page.getByText(/^Låst af .*Teksten kan læses, men ikke rettes\.$/);
/** Words of one's own that did not get in, as the editor shows them. */
export const refusal = (page: Page): Locator => page.getByRole("region", { name: "Denne tekst kom ikke med" });
