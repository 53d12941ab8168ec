// Every page and every dialog, as axe-core and a narrow screen see it.
import type { Api } from "./support/api.ts";
import { caretOf, enterSection, expectSaved, itemPath, notice } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

test.describe.configure({ mode: "parallel" });

const heading = (page: Page, name: string | RegExp) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

async function dialog(page: Page, button: string | RegExp, name: string): Promise<void> {
  await page.getByRole("button", { name: button }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await inspect(page, name);
  await page.getByRole("dialog").getByRole("button", { name: "Annuller" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

/** A meeting whose first item has text of three people, frozen and thawed once. */
async function livedIn(desk: Api) {
  const meeting = await desk.demoMeeting();
  await desk.command(meeting.id, { type: "freeze", reason: "Klar til gennemsyn" });
  await desk.command(meeting.id, { type: "thaw", reason: "Direktøren har et spørgsmål" });
  return desk.meeting(meeting.id);
}

test("sign-in, missing page", async ({ page, server }) => {
  await page.goto(server.url);
  await expect(page.getByRole("button", { name: /Bo Ærø/ })).toBeVisible();
  await inspect(page, "sign-in");
});

test("forum and its dialogs", async ({ enter }) => {
  const { page } = await enter("sofie");
  await heading(page, "Chefforum");
  await inspect(page, "forum");
  await dialog(page, "Planlæg møde", "forum-plan");
  await dialog(page, "Importer dagsorden", "forum-import");
  await dialog(page, "Tilføj medlem", "forum-member");
  await dialog(page, "Ret Bo Ærø", "forum-change-member");
  await dialog(page, "Fjern Bo Ærø", "forum-remove-member");
  await page.goto("/findes/ikke");
  await heading(page, "Siden findes ikke");
  await inspect(page, "missing");
});

test("import preview", async ({ enter }) => {
  const { page } = await enter("sofie");
  await page.getByRole("button", { name: "Importer dagsorden" }).click();
  await page.getByLabel("Fil").setInputFiles("../../crates/import/tests/fixtures/trin.md");
  await page.getByRole("button", { name: "Vis, hvad der bliver oprettet" }).click();
  await expect(page.getByRole("heading", { name: "Det bliver oprettet" })).toBeVisible();
  await inspect(page, "import-preview");
});

test("meeting and its dialogs", async ({ enter, desk }) => {
  const meeting = await livedIn(desk);
  const { page } = await enter("sofie", `/moede/${meeting.id}`);
  await heading(page, /Chefforum/);
  await page.getByText(/^Deltagere \(/).click();
  await inspect(page, "meeting");
  await dialog(page, "Tilføj punkt", "meeting-add-item");
  await dialog(page, /^Ret punkt 2/, "meeting-change-item");
  await dialog(page, /^Tag af dagsordenen: punkt 2/, "meeting-withdraw");
  await dialog(page, "Ret møde", "meeting-details");
  await dialog(page, "Ret deltagere", "meeting-participants");
  await dialog(page, "Lås dagsordenen", "meeting-freeze");
});

test("item with others in it, its dialogs and parts", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const path = itemPath(meeting, meeting.items[1]!);
  const [{ page }, bo, gitte] = [await enter("sofie", path), await enter("bo", path), await enter("gitte", path)];
  await enterSection(bo.page, "Sagsfremstilling");
  await enterSection(gitte.page, "Resumé");
  await enterSection(page, "Indstilling");
  await expect(caretOf(page, "Bo Ærø")).toBeVisible();
  await expect(caretOf(page, "Gitte Sønderby")).toBeVisible();
  await inspect(page, "item");
  await dialog(page, "Ret punkt", "item-change");
  await dialog(page, "Ret bidragydere", "item-contributors");
  await dialog(page, "Link", "item-link");
  for (const [tab, name] of [["Planlægning", "item-planning"], ["Beslutning", "item-decision"]] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab }).locator(".saved")).toHaveText("Gemt");
    await inspect(page, name);
  }
});

test("the picture for the README: three people in one item", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const path = itemPath(meeting, meeting.items[1]!);
  const [{ page }, bo, gitte, lasse] = [await enter("sofie", path), await enter("bo", path), await enter("gitte", path), await enter("lasse", path)];
  await enterSection(bo.page, "Indstilling");
  await enterSection(gitte.page, "Resumé");
  await enterSection(lasse.page, "Sagsfremstilling");
  await lasse.page.getByText("Formålet er,").click();
  await lasse.page.keyboard.press("End");
  await expect(page.getByRole("textbox").locator(".their-caret")).toHaveCount(3);
  await page.setViewportSize({ width: 1280, height: 920 });
  await page.screenshot({ path: "report/screens/readme.png" });
});

test("item as a reader sees it, without a net, frozen with refused text", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om det hele", "Drøftelse af resten");
  const path = itemPath(meeting, meeting.items[0]!);
  const [per, { page, context }, sofie] = [await enter("per", path), await enter("lasse", path), await enter("sofie", `/moede/${meeting.id}`)];
  await expect(per.page.getByText("Du kan læse, men ikke redigere her.")).toBeVisible();
  await inspect(per.page, "item-reader");
  await enterSection(page, "Resumé");
  await page.keyboard.type("Noget nåede frem.");
  await expectSaved(page);
  await context.setOffline(true);
  await page.keyboard.type(" Noget nåede ikke frem.");
  await expect(page.getByText(/Ingen forbindelse\. \d+/)).toBeVisible();
  await inspect(page, "item-offline");
  await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
  await context.setOffline(false);
  await expect(notice(page)).toBeVisible();
  await expect(page.getByRole("region", { name: "Denne tekst kom ikke med" })).toBeVisible();
  await inspect(page, "item-refused");
  await inspect(sofie.page, "meeting-frozen");
  await dialog(sofie.page, "Genåbn", "meeting-thaw");
  await dialog(sofie.page, "Udgiv", "meeting-publish");
  await page.getByRole("link", { name: "Se historik" }).click();
  await expect(page.getByRole("slider")).toBeVisible();
  await expect(page.locator(".then h3")).toBeVisible();
  await inspect(page, "history");
});

test("published page and draft", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const { page } = await enter("sofie", `/dagsorden/${meeting.id}/udkast`);
  await expect(page.getByText("UDKAST").first()).toBeVisible();
  await inspect(page, "draft");
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  await page.goto(`/dagsorden/${meeting.id}/1`);
  await heading(page, /DAGSORDEN/);
  await inspect(page, "published");
  await page.goto(`/moede/${meeting.id}`);
  await expect(page.getByRole("link", { name: /^Udgave 1/ })).toBeVisible();
  await inspect(page, "meeting-published");
});

test("enlarged to 200 %, in forced colours, with less motion", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om syn");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!), { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
  await enterSection(page, "Resumé");
  await page.keyboard.type("Kan læses af alle.");
  await expectSaved(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  await page.screenshot({ path: "report/screens/item-200-percent.png" });
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await page.screenshot({ path: "report/screens/item-forced-colours.png" });
  await expect(page.getByRole("tab", { selected: true })).toHaveCSS("forced-color-adjust", "none");
  const lasting = () => document.getAnimations().filter((one) => one.playState === "running").length;
  expect(await page.evaluate(lasting)).toBe(0);
});
