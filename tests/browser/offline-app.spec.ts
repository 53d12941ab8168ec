// Without a net the client opens all the same; what was typed outlives the browser; and signing out
// leaves nothing of a person on the computer unless they want it so.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browserOn, expectInstalled, expectSafeToLeave, kept } from "./support/computer.ts";
import { enterSection, expectBlocks, expectSaved, itemPath, refusal, section } from "./support/editor.ts";
import { Front } from "./support/front.ts";
import { inspect } from "./support/looks.ts";
import { type Page, expect, test } from "./support/test.ts";
import type { WebSocketRoute } from "@playwright/test";

const saved = (page: Page) => page.locator(".saved");
const fromBefore = (page: Page) => page.getByText(/^Ingen forbindelse til serveren\. Siden vises, som den var .* kl\. /);
const signOut = (page: Page) => page.getByRole("button", { name: "Log ud", exact: true });
const choice = (page: Page) => page.getByRole("dialog", { name: "Der er tekst, som kun findes på denne computer" });
const signInAs = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();

/** Texts can be kept from coming through, though the server answers. The page is loaded anew for it. */
async function controlTexts(page: Page): Promise<{ block: () => Promise<void>; unblock: () => void }> {
  let blocked = false;
  const open: WebSocketRoute[] = [];
  await page.context().routeWebSocket(/\/sync\?/, (socket) => {
    if (blocked) return void socket.close();
    socket.connectToServer();
    open.push(socket);
  });
  await page.reload();
  return {
    block: async () => {
      blocked = true;
      for (const socket of open.splice(0)) await socket.close();
    },
    unblock: () => void (blocked = false),
  };
}

test("the client opens without a server, shows what it showed before and says so, and goes on when it is back", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Orientering om tunnelen", "Drøftelse af resten");
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await page.keyboard.type("Læst før.");
  await expectSaved(page);
  await expectInstalled(page);
  await server.end("SIGKILL");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Orientering om tunnelen" })).toBeVisible();
  await expect(fromBefore(page)).toBeVisible();
  await expectBlocks(section(page, "Resumé"), ["p: Læst før."]);
  await section(page, "Resumé").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Skrevet i tunnelen.");
  await expect(saved(page)).toContainText(/Ingen forbindelse\. \d+ rettelser/);
  await inspect(page, "offline-opened");
  await page.getByRole("navigation").getByRole("link").last().click();
  await expect(page.getByRole("link", { name: /Drøftelse af resten/ })).toBeVisible();
  await expect(fromBefore(page)).toBeVisible();
  await page.goBack();
  await server.restart();
  await page.getByRole("button", { name: "Prøv igen" }).click();
  await expect(fromBefore(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Forbind nu" }).click({ timeout: 3_000 }).catch(() => "already connected");
  await expectSaved(page);
  const bo = await enter("bo", itemPath(meeting, meeting.items[0]!));
  await expectBlocks(section(bo.page, "Resumé"), ["p: Læst før. Skrevet i tunnelen."]);
});

test("the service worker keeps the client's files and no answer of the server", async ({ enter, server }) => {
  const { page, context } = await enter("lasse");
  await expectInstalled(page);
  const files = await page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(files.filter((path) => !/^\/($|assets\/|favicon\.svg$)/.test(path))).toEqual([]);
  expect(files.some((path) => path.endsWith(".wasm"))).toBe(true);
  const worker = await context.request.get(`${server.url}/sw.js`);
  expect(worker.headers()).toMatchObject({ "cache-control": "no-cache", "content-type": "text/javascript; charset=utf-8" });
  expect((await context.request.get(server.url)).headers()["content-security-policy"]).toContain("worker-src 'self'");
});

test("text typed offline outlives the browser, and merges with what others wrote meanwhile", async ({ enter, desk, server, playwright }) => {
  const meeting = await desk.plan("Orientering om strømsvigt");
  const path = itemPath(meeting, meeting.items[0]!);
  const folder = await mkdtemp(join(tmpdir(), "dagsorden-computer-"));
  const front = await Front.before(server.url);
  const first = await browserOn(playwright, folder, front.url);
  const page = await first.newPage();
  await page.goto(path);
  await signInAs(page, /Lasse/);
  await enterSection(page, "Resumé");
  await page.keyboard.type("Fælles.");
  await expectSaved(page);
  await expectInstalled(page);
  front.setAway(true);
  await page.keyboard.type(" Før lukning.");
  await expectBlocks(section(page, "Resumé"), ["p: Fælles. Før lukning."]);
  await expect(saved(page)).toContainText("Ingen forbindelse.");
  await expectSafeToLeave(page);
  await first.close();

  const second = await browserOn(playwright, folder, front.url);
  const again = await second.newPage();
  await again.goto(path);
  await expectBlocks(section(again, "Resumé"), ["p: Fælles. Før lukning."]);
  await expect(fromBefore(again)).toBeVisible();
  await expect(saved(again)).toContainText(/\d+ rettelser er kun gemt i denne browser/);
  await section(again, "Resumé").focus();
  await again.keyboard.press("Control+End");
  await again.keyboard.type(" Efter åbning.");
  const bo = await enter("bo", path);
  await enterSection(bo.page, "Resumé");
  await bo.page.keyboard.press("Control+Home");
  await bo.page.keyboard.type("Fra Bo. ");
  front.setAway(false);
  await again.getByRole("button", { name: "Prøv igen" }).click();
  // The session went with the browser: one signs in again, and the text is there and is sent.
  await signInAs(again, /Lasse/);
  for (const one of [again, bo.page]) await expectBlocks(section(one, "Resumé"), ["p: Fra Bo. Fælles. Før lukning. Efter åbning."]);
  await expectSaved(again);
  await second.close();
  await front.close();
  await rm(folder, { recursive: true, force: true });
});

test("signing out leaves nothing on the computer once all is saved", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om fælles computere");
  const { page, context } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await page.keyboard.type("Fortroligt.");
  await expectSaved(page);
  await expectInstalled(page);
  expect((await kept(page)).length).toBeGreaterThan(0);
  await signOut(page).click();
  await expect(page.getByRole("button", { name: /Lasse/ })).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([]);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("button", { name: "Prøv igen" })).toBeVisible();
  await expect(page.getByText("Orientering om fælles computere")).toHaveCount(0);
});

test("with unsent text one chooses; what is kept is sent under one's own name alone", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om tavse net");
  const path = itemPath(meeting, meeting.items[0]!);
  const { page } = await enter("lasse", path);
  const texts = await controlTexts(page);
  await enterSection(page, "Resumé");
  await page.keyboard.type("Sendt.");
  await expectBlocks(section(page, "Resumé"), ["p: Sendt."]);
  await expectSaved(page);
  await texts.block();
  await expect(saved(page)).toContainText("Ingen forbindelse.");
  await page.keyboard.type(" Kun her.");
  await expect(saved(page)).toContainText(/\d+ rettelser/);
  await test.step("staying changes nothing", async () => {
    await signOut(page).click();
    await expect(choice(page).getByRole("link", { name: "Orientering om tavse net" })).toBeVisible();
    await expect(choice(page).getByRole("button", { name: "Bliv logget ind" })).toBeFocused();
    await inspect(page, "sign-out-unsent");
    await choice(page).getByRole("button", { name: "Bliv logget ind" }).click();
    await expectBlocks(section(page, "Resumé"), ["p: Sendt. Kun her."]);
  });
  await test.step("another person at the same computer neither sees nor sends it", async () => {
    await signOut(page).click();
    await choice(page).getByRole("button", { name: "Log ud og behold teksten" }).click();
    texts.unblock();
    await signInAs(page, /Bo Ærø/);
    await page.goto(path);
    await enterSection(page, "Resumé");
    await expectBlocks(section(page, "Resumé"), ["p: Sendt."]);
    await signOut(page).click();
    await expect(page.getByRole("button", { name: /Lasse/ })).toBeVisible();
  });
  await test.step("it is sent when its author is back, wherever they are in the client", async () => {
    await page.goto("/");
    await signInAs(page, /Lasse/);
    const gitte = await enter("gitte", path);
    await expectBlocks(section(gitte.page, "Resumé"), ["p: Sendt. Kun her."]);
    await signOut(page).click();
    await expect(page.getByRole("button", { name: /Lasse/ })).toBeVisible();
    await expect.poll(() => kept(page)).toEqual([]);
  });
});

test("unsent text is discarded only by the person's own hand", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om fortrydelse");
  const path = itemPath(meeting, meeting.items[0]!);
  const { page } = await enter("lasse", path);
  const texts = await controlTexts(page);
  await enterSection(page, "Resumé");
  await texts.block();
  await expect(saved(page)).toContainText("Ingen forbindelse.");
  await page.keyboard.type("Skal ikke med.");
  await expect(saved(page)).toContainText(/\d+ rettelser/);
  await signOut(page).click();
  const discard = choice(page).getByRole("button", { name: "Slet teksten og log ud" });
  await expect(discard).toBeDisabled();
  await choice(page).getByLabel("Ja, slet teksten for altid").check();
  await discard.click();
  await expect(page.getByRole("button", { name: /Lasse/ })).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([]);
  texts.unblock();
  await signInAs(page, /Lasse/);
  await page.goto(path);
  await enterSection(page, "Resumé");
  await expectBlocks(section(page, "Resumé"), ["p: "]);
});

test("text is not sent under the name of whoever signed in meanwhile in another tab", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om to faner");
  const path = itemPath(meeting, meeting.items[0]!);
  const { page, context, api } = await enter("lasse", path);
  await enterSection(page, "Resumé");
  await context.setOffline(true);
  await page.keyboard.type("Fra Lasse.");
  await expect(saved(page)).toContainText(/\d+ rettelser/);
  await api.signIn("bo");
  await context.setOffline(false);
  await expect(saved(page)).toHaveText(/^Du er ikke længere logget ind\./);
  const gitte = await enter("gitte", path);
  await enterSection(gitte.page, "Resumé");
  await expectBlocks(section(gitte.page, "Resumé"), ["p: "]);
  await api.signIn("lasse");
  await page.reload();
  for (const one of [page, gitte.page]) await expectBlocks(section(one, "Resumé"), ["p: Fra Lasse."]);
});

test("text of an item that one has left is sent when the net is back", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om det første", "Orientering om det andet");
  const [first, second] = [itemPath(meeting, meeting.items[0]!), itemPath(meeting, meeting.items[1]!)];
  const { page, context } = await enter("lasse", second);
  await enterSection(page, "Resumé");
  await expectInstalled(page);
  await page.goto(first);
  await enterSection(page, "Resumé");
  await context.setOffline(true);
  await page.keyboard.type("Skrevet, og så videre.");
  await expect(saved(page)).toContainText(/\d+ rettelser/);
  await page.getByRole("link", { name: /Orientering om det andet/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Orientering om det andet" })).toBeVisible();
  await context.setOffline(false);
  const bo = await enter("bo", first);
  await expectBlocks(section(bo.page, "Resumé"), ["p: Skrevet, og så videre."]);
});

test("what came too late is found in the text that goes on after the agenda was reopened", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om genåbning");
  const { page, context } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await page.keyboard.type("I tide.");
  await expectBlocks(section(page, "Resumé"), ["p: I tide."]);
  await expectSaved(page);
  await context.setOffline(true);
  await page.keyboard.type(" For sent.");
  await expectBlocks(section(page, "Resumé"), ["p: I tide. For sent."]);
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "thaw", reason: "Et spørgsmål" });
  await context.setOffline(false);
  await expect(refusal(page).locator("blockquote")).toHaveText("For sent.");
  await expectBlocks(section(page, "Resumé"), ["p: I tide."]);
  await expect(section(page, "Resumé")).toHaveAttribute("contenteditable", "true");
  await expect(page.getByText("For sent.")).toHaveCount(1);
  await page.reload();
  await expect(refusal(page).locator("blockquote")).toHaveText("For sent.");
  await signOut(page).click();
  await expect(choice(page).getByRole("link", { name: "Orientering om genåbning" })).toBeVisible();
  await choice(page).getByRole("button", { name: "Bliv logget ind" }).click();
  await refusal(page).getByRole("button", { name: "Fjern" }).click();
  await expect(page.getByText("For sent.")).toHaveCount(0);
});

test("in no frame does it say saved of words that are not", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om ærlighed");
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  let silent = false;
  await page.routeWebSocket(/\/sync\?/, (socket) => {
    const behind = socket.connectToServer();
    socket.onMessage((message) => void (silent || behind.send(message)));
  });
  await page.reload();
  await enterSection(page, "Resumé");
  silent = true;
  await section(page, "Resumé").evaluate((text) => {
    const seen: string[] = ((window as unknown as { seen: string[] }).seen = []);
    const look = () => {
      if (text.textContent!.includes("x") && document.querySelector(".saved")!.textContent === "Gemt") seen.push(text.textContent!);
      requestAnimationFrame(look);
    };
    look();
  });
  await page.keyboard.type("xxx xxx", { delay: 30 });
  await expectBlocks(section(page, "Resumé"), ["p: xxx xxx"]);
  await expect(saved(page)).toHaveText("Gemmer …");
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
});

test("leaving the page is warned of only when words are neither at the server nor on the disk", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om fulde diske");
  const { context } = await enter("lasse");
  // A page of its own: a disk that fails is an error in it, and meant to be.
  const page = await context.newPage();
  await page.goto(itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await context.setOffline(true);
  await page.keyboard.type("På disken.");
  await expectSafeToLeave(page);
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
  });
  await page.keyboard.type(" Ingen steder.");
  await expect(page.getByText(/^Browseren kunne ikke gemme på denne computer\./)).toBeVisible();
  const asked = page.waitForEvent("dialog");
  const closed = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closed;
  await context.setOffline(false);
  await expectSaved(page);
  await expectSafeToLeave(page);
});
