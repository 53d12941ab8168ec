// Suggestions: a director suggests, the case's authors go on writing, and somebody takes it in,
// whole or in part, or turns it down; with real keys in several browsers.
import { caretOf, enterSection, expectBlocks, expectSaved, expectWords, itemPath, notice, refusal, section, tool } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

const KEY_PAUSE_MS = 12;
/** Several browsers, each looked at in four ways. */
const LONG_MS = 150_000;
test.describe.configure({ timeout: LONG_MS });

const type = (page: Page, text: string) => page.keyboard.type(text, { delay: KEY_PAUSE_MS });
const mode = (page: Page, name: string) => page.getByRole("radio", { name });
const card = (page: Page, name: string) => page.getByRole("article").filter({ has: page.getByRole("heading", { name: new RegExp(name) }) });
const ins = (page: Page, heading: string) => section(page, heading).locator("ins");
const del = (page: Page, heading: string) => section(page, heading).locator("del");

/** Puts the caret after these words, by keyboard: from the end of the text. */
async function caretBefore(page: Page, heading: string, words: string) {
  await enterSection(page, heading);
  const text = (await section(page, heading).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    copy.querySelectorAll("del.suggested-out[contenteditable], .their-caret").forEach((widget) => widget.remove());
    return copy.textContent ?? "";
  }));
  for (let left = text.length - text.indexOf(words); left > 0; left--) await page.keyboard.press("ArrowLeft");
}

async function selectForward(page: Page, count: number) {
  for (let k = 0; k < count; k++) await page.keyboard.press("Shift+ArrowRight");
}

test("a director suggests by default, the author goes on, and the whole suggestion is taken in", async ({ enter, desk }) => {
  const meeting = await desk.plan("Drøftelse af lokaler");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, henrik] = [(await enter("bo", path)).page, (await enter("henrik", path)).page];
  await expect(mode(bo, "Skriv")).toBeChecked();
  await enterSection(bo, "Resumé");
  await type(bo, "Planen godkendes af udvalget nu");
  await expectSaved(bo);

  await test.step("what the director types is a suggestion, shown inline", async () => {
    await expect(mode(henrik, "Foreslå")).toBeChecked();
    await caretBefore(henrik, "Resumé", "godkendes");
    await selectForward(henrik, "godkendes".length);
    await type(henrik, "afvises");
    await expect(ins(henrik, "Resumé")).toHaveText("afvises");
    await expect(del(henrik, "Resumé")).toHaveText("godkendes");
    await expect(ins(henrik, "Resumé")).toHaveAttribute("title", /Henrik Toft/);
    await expectSaved(henrik);
    await henrik.keyboard.press("Control+End");
    await type(henrik, " og her");
    await expectSaved(henrik);
  });

  await test.step("the author sees it in the case and goes on writing", async () => {
    await expectWords(section(bo, "Resumé"), "godkendes");
    await expect(card(bo, "Henrik Toft")).toContainText("2 ændringer");
    await expect(del(bo, "Resumé")).toHaveText("godkendes");
    await expect(ins(bo, "Resumé")).toHaveText(["afvises", " og her"]);
    await enterSection(bo, "Sagsfremstilling");
    await type(bo, "Bo skriver videre.");
    await expectWords(section(henrik, "Sagsfremstilling"), "Bo skriver videre.");
    await expect(section(henrik, "Sagsfremstilling").locator("ins")).toHaveCount(0);
    await expect(caretOf(henrik, "Bo Ærø"), "who writes the case is seen by who suggests, and the other way round").toBeVisible();
    await henrik.keyboard.press("Control+Home");
    await expect(caretOf(bo, "Henrik Toft")).toBeVisible();
    await inspect(bo, "suggestion-seen");
    await inspect(henrik, "suggestion-own");
  });

  await test.step("accepted: the words are the case's, and the history names the director", async () => {
    await card(bo, "Henrik Toft").getByRole("button", { name: /Godkend/ }).click();
    await expectBlocks(section(bo, "Resumé"), ["p: Planen afvises af udvalget nu og her"]);
    await expect(card(bo, "Henrik Toft")).toHaveCount(0);
    await expect(henrik.getByText("Dit forslag er godkendt af Bo Ærø.")).toBeVisible();
    await expectBlocks(section(henrik, "Resumé"), ["p: Planen afvises af udvalget nu og her"]);
    await bo.goto(`${path}/historik`);
    await expect(bo.getByText(/Henrik Toft skrev \d+ tegn og slettede \d+ i Resumé/)).toBeVisible();
    await expect(bo.getByRole("button", { name: "Bo Ærø godkendte et forslag." })).toBeVisible();
  });
});

test("part of a suggestion is taken in: new paragraph, list, heading and a cell", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const path = itemPath(meeting, meeting.items[1]!);
  const [lasse, amina] = [(await enter("lasse", path)).page, (await enter("amina", path)).page];
  await expect(mode(amina, "Foreslå")).toBeChecked();
  await enterSection(amina, "Resumé");
  await type(amina, " Ja.");
  await amina.keyboard.press("Enter");
  await type(amina, "Et nyt afsnit.");
  await enterSection(amina, "Økonomi");
  await tool(amina, "Punktliste").click();
  await enterSection(amina, "Sagsfremstilling");
  await section(amina, "Sagsfremstilling").getByText("De to linjeføringer").click();
  await tool(amina, "Overskrift 3").click();
  await section(amina, "Sagsfremstilling").getByText("8,2 mio. kr.").click();
  await amina.keyboard.press("End");
  await type(amina, " i alt");
  await expectSaved(amina);
  const seen = card(lasse, "Amina");
  await expect(seen).toContainText("4 ændringer");
  await seen.getByText("Vis ændringerne").click();
  const ticks = seen.getByRole("checkbox");
  await expect(ticks).toHaveCount(4);
  await seen.getByRole("checkbox", { name: /Et nyt afsnit/ }).uncheck();
  await seen.getByRole("checkbox", { name: /Overskrift 3/ }).uncheck();
  await inspect(lasse, "suggestion-parts");
  await seen.getByRole("button", { name: /Godkend 2 af 4/ }).click();
  await expect(seen).toHaveCount(0);
  for (const page of [lasse, amina]) {
    await expect(section(page, "Økonomi").locator("ul.item")).toHaveCount(1);
    await expect(section(page, "Sagsfremstilling").locator("td, th").filter({ hasText: "8,2 mio. kr. i alt" })).toHaveCount(1);
    await expect(section(page, "Sagsfremstilling").locator("h4")).toHaveText("De to linjeføringer");
    await expect(section(page, "Resumé")).not.toContainText("Et nyt afsnit.");
  }
});

test("a reviewer only suggests; a rejection is told with its reason; one's own is taken back", async ({ enter, desk }) => {
  const meeting = await desk.plan("Status på høring");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, vera] = [(await enter("bo", path)).page, (await enter("vera", path)).page];
  await enterSection(bo, "Resumé");
  await type(bo, "Høringen er slut.");
  await expectSaved(bo);
  await expect(vera.getByRole("radio", { name: /^(Skriv|Foreslå)$/ })).toHaveCount(0);
  await enterSection(vera, "Resumé");
  await type(vera, " Næsten.");
  await expectSaved(vera);
  await card(bo, "Vera Nygaard").getByRole("button", { name: /Afvis/ }).click();
  const dialog = bo.getByRole("dialog");
  await dialog.getByRole("button", { name: "Afvis forslaget" }).click();
  await expect(dialog).toContainText("Skriv en begrundelse.");
  await dialog.getByLabel("Begrundelse").fill("Det står i bilaget");
  await inspect(bo, "suggestion-reject");
  await bo.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Afvis forslaget" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(vera.getByText("Dit forslag er afvist af Bo Ærø: Det står i bilaget")).toBeVisible();
  await expectBlocks(section(vera, "Resumé"), ["p: Høringen er slut."]);

  await enterSection(vera, "Resumé");
  await type(vera, " Igen.");
  await expectSaved(vera);
  await expect(card(bo, "Vera Nygaard")).toBeVisible();
  await vera.getByRole("button", { name: "Træk forslaget tilbage" }).click();
  await vera.getByRole("dialog").getByRole("button", { name: "Træk forslaget tilbage" }).click();
  await expectBlocks(section(vera, "Resumé"), ["p: Høringen er slut."]);
  await expect(card(bo, "Vera Nygaard")).toHaveCount(0);
});

test("the switch is reached by keyboard, and what is written then is the case", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om tider");
  const path = itemPath(meeting, meeting.items[0]!);
  const [henrik, bo] = [(await enter("henrik", path)).page, (await enter("bo", path)).page];
  await mode(henrik, "Foreslå").focus();
  await henrik.keyboard.press("ArrowLeft");
  await expect(mode(henrik, "Skriv")).toBeChecked();
  await expect(henrik.getByText("Du skriver nu direkte i sagen.")).toBeAttached();
  await enterSection(henrik, "Resumé");
  await type(henrik, "Direkte.");
  await expectBlocks(section(bo, "Resumé"), ["p: Direkte."]);
  await expect(card(bo, "Henrik Toft")).toHaveCount(0);
});

test("words refused by a freeze are handed over in one click, and accepted after a thaw", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om frister");
  const path = itemPath(meeting, meeting.items[0]!);
  const [lasse, sofie] = [await enter("lasse", path), await enter("sofie", path)];
  await enterSection(lasse.page, "Resumé");
  await type(lasse.page, "I tide.");
  await expectSaved(lasse.page);
  await lasse.context.setOffline(true);
  await type(lasse.page, " For sent.");
  await desk.command(meeting.id, { type: "freeze", reason: "Udsendes" });
  await lasse.context.setOffline(false);
  await expect(refusal(lasse.page)).toBeVisible();
  await expect(notice(lasse.page)).toBeVisible();
  await inspect(lasse.page, "suggestion-hand-over");
  await refusal(lasse.page).getByRole("button", { name: "Send som forslag til sekretariatet" }).click();
  await expect(refusal(lasse.page)).toHaveCount(0);
  const late = card(sofie.page, "Tekst fra Lasse Hjorth");
  await expect(late).toContainText("1 ændring");
  await expect(late.getByRole("button", { name: /Godkend/ })).toHaveCount(0);
  await expect(section(sofie.page, "Resumé").locator("ins")).toHaveText(" For sent.");
  await desk.command(meeting.id, { type: "thaw", reason: "Lasses ord skal med" });
  await late.getByRole("button", { name: /Godkend/ }).click();
  await expectBlocks(section(sofie.page, "Resumé"), ["p: I tide. For sent."]);
  await expectBlocks(section(lasse.page, "Resumé"), ["p: I tide. For sent."]);
});
