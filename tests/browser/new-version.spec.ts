// A new version of the client is put in place while pages are open: each page keeps the files that it
// was built with, new pages are of the new version, and the old files go when nobody needs them.
import { expectInstalled } from "./support/computer.ts";
import { enterSection, expectSaved, itemPath } from "./support/editor.ts";
import { Front } from "./support/front.ts";
import { type Page, expect, test } from "./support/test.ts";

const runsLater = (page: Page) => page.evaluate(() => document.querySelector<HTMLScriptElement>("script[type=module]")!.src.endsWith("-later.js"));
const versions = (page: Page) => page.evaluate(async () => (await caches.keys()).length);
const keptVersion = (page: Page) => page.evaluate(async () => (await caches.keys()).join());

async function open(page: Page, title: string): Promise<void> {
  await page.getByRole("link", { name: title }).click();
  await enterSection(page, "Resumé");
}

test("a new version takes over without breaking an open page", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Orientering om versioner");
  const front = await Front.before(server.url);
  const { page: old, context } = await enter("lasse", `/moede/${meeting.id}`, { baseURL: front.url });
  await expectInstalled(old);
  const firstVersion = await keptVersion(old);
  front.later = true;
  const next = await context.newPage();
  await test.step("a page that opens now is of the new version; the open one goes on with its own files", async () => {
    await next.goto(`/moede/${meeting.id}`);
    expect([await runsLater(old), await runsLater(next)]).toEqual([false, true]);
    await expect.poll(() => versions(next)).toBe(2);
    // The editor's old file is no longer at the server.
    await open(old, "Orientering om versioner");
    await old.keyboard.type("Fra den gamle. ");
    await expectSaved(old);
  });
  await test.step("without a net both still have all their files", async () => {
    front.setAway(true);
    await next.getByRole("link", { name: "Orientering om versioner" }).click();
    await expect(next.getByText(/Ingen forbindelse\.|Teksten er ikke hentet endnu/).first()).toBeVisible();
    await old.reload();
    expect(await runsLater(old)).toBe(false);
    await expect(old.getByRole("textbox", { name: "Resumé" })).toHaveText("Fra den gamle. ");
    front.setAway(false);
  });
  await test.step("once no old page is open, the new version takes over and the old files go", async () => {
    await old.close();
    await next.goto(itemPath(meeting, meeting.items[0]!));
    await expect.poll(() => versions(next)).toBe(1);
    expect(await keptVersion(next)).not.toBe(firstVersion);
    await enterSection(next, "Resumé");
    front.setAway(true);
    await next.reload();
    expect(await runsLater(next)).toBe(true);
    await expect(next.getByRole("textbox", { name: "Resumé" })).toHaveText("Fra den gamle. ");
  });
  await front.close();
});
