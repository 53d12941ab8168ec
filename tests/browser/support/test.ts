// What every test gets: a server for its file, and people with a browser each. A page that throws
// an error fails the test that opened it; so does one that breaks WCAG 2.2 AA as the test leaves it.
import { type BrowserContext, type BrowserContextOptions, type Page, expect, test as base } from "@playwright/test";
import { Api } from "./api.ts";
import { violations } from "./looks.ts";
import { Server } from "./server.ts";

export { expect } from "@playwright/test";
export type { Locator, Page } from "@playwright/test";

/** A person in front of a browser of their own. */
export type Person = { page: Page; api: Api; context: BrowserContext };

type Fixtures = {
  server: Server;
  /** Opens a browser as this person of the demonstration, on this path. */
  enter: (user: string, path?: string, options?: BrowserContextOptions) => Promise<Person>;
  /** The secretariat's access without a browser page. */
  desk: Api;
};

export const test = base.extend<Fixtures, { shared: Map<string, Promise<Server>> }>({
  shared: [
    async ({}, use) => {
      const servers = new Map<string, Promise<Server>>();
      await use(servers);
      for (const server of servers.values()) await (await server).remove();
    },
    { scope: "worker" },
  ],
  server: async ({ shared }, use, { file }) => {
    if (!shared.has(file)) shared.set(file, Server.start());
    await use(await shared.get(file)!);
  },
  enter: async ({ browser, server }, use, info) => {
    const contexts: BrowserContext[] = [];
    const thrown: string[] = [];
    await use(async (user, path = "/", options = {}) => {
      const context = await browser.newContext({ baseURL: server.url, permissions: ["clipboard-read", "clipboard-write"], ...options });
      contexts.push(context);
      const api = new Api(context.request, server.url);
      await api.signIn(user);
      const page = await context.newPage();
      page.on("pageerror", (error) => thrown.push(`${user}: ${error.message}`));
      await page.goto(path);
      return { page, api, context };
    });
    // A test that failed says enough.
    if (info.status === "passed") for (const page of contexts.flatMap((context) => context.pages())) await expectAccessible(page);
    for (const context of contexts) await context.close();
    expect(thrown, "errors thrown in pages").toEqual([]);
  },
  desk: async ({ playwright, server }, use) => {
    const request = await playwright.request.newContext();
    const api = new Api(request, server.url);
    await api.signIn("sofie");
    await use(api);
    await request.dispose();
  },
});

async function expectAccessible(page: Page): Promise<void> {
  if (!page.url().startsWith("http")) return;
  // axe-core knows no forced colours, and takes what has scrolled halfway under the toolbar for small.
  await page.emulateMedia({ forcedColors: "none" });
  await page.evaluate(() => window.scrollTo(0, 0));
  expect.soft(await violations(page), `WCAG 2.2 AA at the end, ${new URL(page.url()).pathname}`).toEqual([]);
}
