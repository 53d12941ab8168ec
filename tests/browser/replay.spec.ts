// Replay: an item and a whole agenda at any moment, by keys, from milestone to milestone, by a link.
import { enterSection, expectSaved, itemPath } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

const slider = (page: Page) => page.getByRole("slider", { name: "Tidspunkt" });
const resume = (page: Page) =>
  page.locator(".then section").filter({ has: page.getByRole("heading", { name: "Resumé" }) }).locator("p");
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

test("an item is replayed by keys, from milestone to milestone, and a link leads to the same moment", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om genafspilning");
  const path = itemPath(meeting, meeting.items[0]!);
  const { page, context } = await enter("bo", path);
  await enterSection(page, "Resumé");
  await page.keyboard.type("Alfa.", { delay: 200 });
  await expectSaved(page);
  await desk.command(meeting.id, { type: "set_item_state", item: meeting.items[0]!.id, state: "ready" });
  await enterSection(page, "Resumé");
  await page.keyboard.type(" Beta.", { delay: 200 });
  await expectSaved(page);
  await page.goto(`${path}/historik`);
  await expect(page.getByText("4 af 4", { exact: true })).toBeVisible();

  await test.step("milestones, one after the other", async () => {
    await slider(page).focus();
    await page.keyboard.press("PageDown");
    await expect(page.getByText("Milepæl: klar")).toBeVisible();
    await expect(resume(page)).toHaveText(["Alfa."]);
    await page.getByRole("button", { name: "Forrige milepæl" }).click();
    await expect(page.getByText("Milepæl: oprettet")).toBeVisible();
    await expect(page.getByText("1 af 4", { exact: true })).toBeVisible();
    await page.keyboard.press("PageUp");
    await expect(page.getByText("3 af 4", { exact: true })).toBeVisible();
  });

  await test.step("space plays and pauses", async () => {
    await slider(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await expect(page.getByText("2 af 4", { exact: true })).toBeVisible();
    await page.keyboard.press("Space");
    await expect(page.getByRole("button", { name: "Afspil", exact: true })).toBeVisible();
    await expect(page.getByText(/^Afspilningen er sat på pause\./)).toBeAttached();
  });

  await test.step("a link leads to the moment, also when the change it stood in has grown since", async () => {
    await page.keyboard.press("End");
    await expect(resume(page)).toHaveText(["Alfa. Beta."]);
    await page.getByRole("button", { name: "Kopiér link til dette øjeblik" }).click();
    await expect(page.getByRole("button", { name: "Kopieret" })).toBeVisible();
    const link = await copied(page);
    expect(link).toMatch(/\/historik\?ved=\d+$/);
    const writer = await context.newPage();
    await writer.goto(path);
    await enterSection(writer, "Resumé");
    await writer.keyboard.type(" Gamma.", { delay: 200 });
    await expectSaved(writer);
    const gitte = (await enter("gitte", new URL(link).pathname + new URL(link).search)).page;
    await expect(resume(gitte)).toHaveText(["Alfa. Beta."]);
    await expect(gitte.getByText("Du ser de enkelte skridt i én ændring.")).toBeVisible();
    await slider(gitte).press("End");
    await expect(resume(gitte)).toHaveText(["Alfa. Beta. Gamma."]);
    await slider(gitte).press("ArrowLeft");
    await expect(resume(gitte)).not.toHaveText(["Alfa. Beta. Gamma."]);
    await inspect(gitte, "replay-steps");
    await gitte.getByRole("button", { name: "Tilbage til hele ændringer" }).click();
    await expect(resume(gitte)).toHaveText(["Alfa. Beta. Gamma."]);
    await expect(gitte.getByText("4 af 4", { exact: true })).toBeVisible();
  });
});

test("a whole agenda is replayed: order, titles, texts and phase as they were", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om det første", "Beslutning om det andet");
  const [first, second] = meeting.items as [typeof meeting.items[0], typeof meeting.items[0]];
  const { page } = await enter("bo", itemPath(meeting, first!));
  await enterSection(page, "Resumé");
  await page.keyboard.type("Alfa.");
  await expectSaved(page);
  await desk.command(meeting.id, { type: "move_item", item: second!.id, index: 0 });
  await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
  await page.goto(`/moede/${meeting.id}`);
  await page.getByRole("link", { name: "Afspil hele dagsordenen" }).click();
  const titles = page.getByRole("article").getByRole("heading", { level: 2 });

  await test.step("now: the order after the move, frozen", async () => {
    await expect(titles).toHaveText(["1. Beslutning om det andet", "2. Orientering om det første"]);
    await expect(page.locator(".badge.frozen")).toBeVisible();
  });
  await test.step("before the move", async () => {
    await slider(page).press("ArrowLeft");
    await expect(page.locator(".badge.open")).toBeVisible();
    await expect(page.getByText("Ændret i dette trin")).toBeVisible();
    await slider(page).press("ArrowLeft");
    await expect(titles).toHaveText(["1. Orientering om det første", "2. Beslutning om det andet"]);
    await expect(page.getByRole("article").first()).toContainText("Alfa.");
    await inspect(page, "replay-agenda");
  });
  await test.step("the link leads there", async () => {
    await page.getByRole("button", { name: "Kopiér link til dette øjeblik" }).click();
    const link = new URL(await copied(page));
    const gitte = (await enter("gitte", link.pathname + link.search)).page;
    await expect(gitte.getByRole("article").getByRole("heading", { level: 2 })).toHaveText(["1. Orientering om det første", "2. Beslutning om det andet"]);
  });
  await test.step("at the beginning there was nothing", async () => {
    await slider(page).press("Home");
    await expect(page.getByText("Der var endnu ingen punkter på dagsordenen.")).toBeVisible();
  });
});
