// What a computer keeps of the people who use its browser, and a browser that can be closed and
// opened again on it.
import { type BrowserContext, type Page, type PlaywrightWorkerArgs, expect } from "@playwright/test";
import config from "../playwright.config.ts";

/** The names of everything that is kept of this site, but for the client's own files. */
export const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return [...databases.map(({ name }) => name!), ...Object.keys(localStorage).filter((key) => key.includes("dagsorden."))].sort();
  });

/** Waits until the page could be opened without a net. */
export async function expectInstalled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  });
}

/** Waits until leaving the page would lose nothing: what was typed is at the server or on the disk. */
export const expectSafeToLeave = (page: Page): Promise<void> =>
  expect.poll(() => page.evaluate(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })))).toBe(true);

/** A browser whose disk is `folder`. */
export function browserOn(playwright: PlaywrightWorkerArgs["playwright"], folder: string, baseURL: string): Promise<BrowserContext> {
  const { locale, timezoneId, viewport, launchOptions } = config.use!;
  return playwright.chromium.launchPersistentContext(folder, { ...launchOptions, locale, timezoneId, viewport, baseURL });
}
