// Items from one meeting to another: Sofie takes an item in from an earlier agenda and moves one on, and everybody
// can see who wrote each word, in which meeting; and who had a hand in what, and what waits for an answer.
import { randomUUID } from "node:crypto";
import type { Api, Meeting } from "./support/api.ts";
import { enterSection, expectSaved, expectWords, itemPath, section } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

async function planned(desk: Api, date: string, title: string): Promise<Meeting> {
  const { id } = await desk.forum();
  const { meeting } = await desk.post<{ meeting: string }>(`/api/forums/${id}/meetings`, { id: randomUUID(), date, time: "09:00", place: "Mødelokale Ulven" });
  await desk.command(meeting, { type: "add_item", title, journal_number: null, minutes: 10 });
  return desk.meeting(meeting);
}

const dialog = (page: Page) => page.getByRole("dialog");
const wordsOf = (page: Page, heading: string) =>
  page.locator(".then section").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });

test("an item is copied from an earlier agenda by keyboard, with who wrote each word", async ({ enter, desk }) => {
  const may = await planned(desk, "2031-05-07", "Cykelstier i Lindeby");
  const path = itemPath(may, may.items[0]!);
  const bo = (await enter("bo", path)).page;
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Stien anlægges.");
  await expectSaved(bo);
  await desk.command(may.id, { type: "close_item", item: may.items[0]!.id, reason: "Personsag" });
  const june = await planned(desk, "2031-06-04", "Godkendelse af dagsorden");

  const { page } = await enter("lasse", `/moede/${june.id}`);
  await test.step("the meeting, then the item; what is left out is asked for", async () => {
    await page.getByRole("button", { name: "Hent punkt fra en tidligere dagsorden" }).press("Enter");
    await expect(dialog(page).getByLabel("Møde")).toBeVisible();
    await dialog(page).getByRole("button", { name: "Hent punktet" }).press("Enter");
    await expect(dialog(page).getByText("Vælg et møde.")).toBeVisible();
    await expect(dialog(page).getByLabel("Møde")).toBeFocused();
    await dialog(page).getByLabel("Møde").selectOption(may.id);
    await dialog(page).getByLabel("Punkt", { exact: true }).selectOption({ label: "1. Cykelstier i Lindeby" });
    await inspect(page, "bring-item");
    await dialog(page).getByRole("button", { name: "Hent punktet" }).press("Enter");
    await expect(dialog(page)).toHaveCount(0);
  });

  await test.step("it stands last, closed as it was, and says where it came from", async () => {
    await page.getByRole("link", { name: /Punkt 2: Cykelstier i Lindeby/ }).click();
    await expect(page.getByText("Hentet af Lasse Hjorth fra mødet den 7. maj 2031.")).toBeVisible();
    await expect(page.getByText("Personsag")).toBeVisible();
    await expectWords(section(page, "Resumé"), "Stien anlægges.");
  });

  await test.step("new words are Lasse's, the rest are Bo's from May", async () => {
    const text = await enterSection(page, "Resumé");
    await text.press("Control+End");
    await page.keyboard.type(" I år.");
    await expectSaved(page);
    await page.getByLabel("Vis hvem der skrev").check();
    await expect(page.locator(".by", { hasText: "Stien anlægges." })).toHaveAttribute("title", /^Bo Ærø, senest .*, fra mødet den 7\. maj 2031, hentet hertil af Lasse Hjorth$/);
    await expect(page.locator(".by", { hasText: "I år." })).toHaveAttribute("title", /^Lasse Hjorth/);
    await inspect(page, "origin-item");
  });

  await test.step("the history says it, and leads to the item in May", async () => {
    await page.goto(`${new URL(page.url()).pathname}/historik?vis=forfattere`);
    await expect(page.getByText("Lasse Hjorth hentede punktet «Cykelstier i Lindeby» fra mødet d. 7. maj 2031.").first()).toBeVisible();
    await page.getByRole("slider", { name: "Tidspunkt" }).press("End");
    await wordsOf(page, "Resumé").locator(".by", { hasText: "Stien anlægges." }).hover();
    await expect(page.getByText(/^Skrevet af Bo Ærø, .*, fra mødet den 7\. maj 2031, hentet hertil af Lasse Hjorth\.$/)).toBeVisible();
    await inspect(page, "origin-history");
    await page.getByRole("link", { name: "mødet den 7. maj 2031" }).click();
    await expect(page).toHaveURL(new RegExp(`${path}/historik`));
  });
});

test("an item is moved to another meeting, and each says where the other is", async ({ enter, desk }) => {
  const may = await planned(desk, "2031-05-14", "Skolemad");
  const june = await planned(desk, "2031-06-11", "Godkendelse af dagsorden");
  const path = itemPath(may, may.items[0]!);
  const bo = (await enter("bo", path)).page;
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Maden er varm.");
  await expectSaved(bo);
  await expect(bo.getByRole("button", { name: "Flyt til et andet møde" })).toHaveCount(0);

  const { page } = await enter("sofie", path);
  await page.getByRole("button", { name: "Flyt til et andet møde" }).press("Enter");
  await dialog(page).getByLabel("Møde").selectOption(june.id);
  await dialog(page).getByLabel("Begrundelse (kan udelades)").fill("Udsat til høringen er slut");
  await inspect(page, "move-item");
  await dialog(page).getByRole("button", { name: "Flyt punktet" }).click();

  await test.step("one stands before it in June", async () => {
    await expect(page).toHaveURL(new RegExp(`/moede/${june.id}/punkt/`));
    await expect(page.getByText("Flyttet hertil af Sofie Krog fra mødet den 14. maj 2031. Begrundelse: Udsat til høringen er slut")).toBeVisible();
    await expectWords(section(page, "Resumé"), "Maden er varm.");
  });

  await test.step("who had it open in May is led on, and the agenda says where it went", async () => {
    await bo.goto(`/moede/${may.id}`);
    await bo.getByText(/^Taget af dagsordenen/).click();
    await expect(bo.getByText("Begrundelse: Udsat til høringen er slut")).toBeVisible();
    await bo.getByRole("link", { name: "mødet den 11. juni 2031" }).click();
    await expect(bo.getByRole("heading", { level: 1, name: "Skolemad" })).toBeVisible();
  });
});

test("the secretariat sees which departments contributed and what waits for an answer", async ({ enter, desk }) => {
  const meeting = await planned(desk, "2031-05-21", "Stier og veje");
  const item = meeting.items[0]!;
  const lasse = (await enter("lasse", itemPath(meeting, item))).page;
  await enterSection(lasse, "Resumé");
  await lasse.keyboard.type("Vejene slides.");
  await expectSaved(lasse);
  const vera = (await enter("vera")).api;
  await vera.command(meeting.id, { type: "comment", item: item.id, document: "case", text: "Hvilken lov?" });
  await vera.command(meeting.id, { type: "open_suggestion", item: item.id });

  const { page } = await enter("sofie", `/moede/${meeting.id}`);
  await page.getByText("Bidrag og ubesvaret feedback").press("Enter");
  const panel = page.getByRole("region", { name: "Sekretariat" });
  await expect(panel.getByText("Plan & Klima og Stab & Jura")).toBeVisible();
  await expect(panel.getByRole("link", { name: "Forslag fra Vera Nygaard" })).toBeVisible();
  await expect(panel.getByText("i dag").first()).toBeVisible();
  await expect(panel).not.toContainText("Lasse");
  await inspect(page, "contributions");
  await panel.getByRole("link", { name: "Kommentar fra Vera Nygaard" }).click();
  await expect(page.locator("[id^='comment-']").filter({ hasText: "Hvilken lov?" })).toBeInViewport();
});
