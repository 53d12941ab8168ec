// How a page is looked at: by axe-core, on a narrow screen, and as a picture for a person to judge.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 320, height: 640 };

/** What breaks WCAG 2.2 A or AA on the page as it is, as far as axe-core can tell. */
export async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

const sideways = (page: Page) =>
  page.evaluate(() => Math.max(document.documentElement.scrollWidth - document.documentElement.clientWidth, 0));

export const expectNoSideways = (page: Page, what: string) =>
  expect.poll(() => sideways(page), `${what}: scrolls sideways`).toBe(0);

/** The width over which content is cut off inside an open dialog. */
const cutOff = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll("dialog[open]")].map((d) => d.scrollWidth - d.clientWidth).find((w) => w > 0) ?? 0);

/** No WCAG violation in light and dark, no sideways scrolling at 320 px; pictures of all. */
export async function inspect(page: Page, name: string): Promise<void> {
  const picture = (look: string, fullPage: boolean) => page.screenshot({ path: `report/screens/${name}-${look}.png`, fullPage });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect.soft(await violations(page), `${name}, ${colorScheme}`).toEqual([]);
    await picture(colorScheme, false);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const before = page.viewportSize()!;
  await page.setViewportSize(WIDE);
  await picture("wide", false);
  await page.setViewportSize(NARROW);
  expect.soft(await sideways(page), `${name}: scrolls sideways at 320 px`).toBe(0);
  expect.soft(await cutOff(page), `${name}: a dialog is cut off at 320 px`).toBe(0);
  await picture("320", true);
  await page.setViewportSize(before);
}
