// Who wrote what: three people write in one section, and everybody can see whose each word is,
// in the history and while they write. What changed is shown, and a section can be brought back.
import { blocks, enterSection, expectBlocks, expectSaved, expectWords, itemPath, section } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Locator, type Page } from "./support/test.ts";

const historyOf = (path: string) => `${path}/historik`;
const part = (page: Page, heading: string): Locator =>
  page.locator(".then section").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });
/** The words with the look that tells whose they are. */
const owned = (text: Locator): Promise<string[]> =>
  text.locator(".by").evaluateAll((all) => all.map((one) => `${[...one.classList].find((name) => name.startsWith("person-"))}: ${one.textContent}`));

/** Three people write after each other: Bo a sentence, Gitte an emoji and more, Lasse over the middle of it. */
async function written(enter: Parameters<Parameters<typeof test>[2]>[0]["enter"], path: string) {
  const bo = (await enter("bo", path)).page;
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Cykelstien godkendes.");
  await expectSaved(bo);
  const gitte = (await enter("gitte", path)).page;
  await enterSection(gitte, "Resumé");
  await gitte.keyboard.type(" Børnene 🚲 glæder sig.");
  await expectSaved(gitte);
  const lasse = (await enter("lasse", path)).page;
  const text = await enterSection(lasse, "Resumé");
  await text.press("Control+Home");
  for (let n = 0; n < "Cykelstien ".length; n += 1) await lasse.keyboard.press("ArrowRight");
  for (let n = 0; n < "godkendes".length; n += 1) await lasse.keyboard.press("Shift+ArrowRight");
  await lasse.keyboard.type("afvises");
  await expectSaved(lasse);
  await expectWords(section(bo, "Resumé"), "Cykelstien afvises. Børnene 🚲 glæder sig.");
  return { bo, gitte, lasse };
}

test("the history names who wrote each word, in three looks", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om hvem der skrev");
  const path = itemPath(meeting, meeting.items[0]!);
  const { gitte } = await written(enter, path);
  await gitte.goto(historyOf(path));
  await gitte.getByRole("radio", { name: "Hvem der skrev" }).check();

  await test.step("every word has its author, and the legend has their names", async () => {
    await expect.poll(() => owned(part(gitte, "Resumé"))).toEqual(["person-0: Cykelstien ", "person-1: afvises", "person-0: .", "person-2:  Børnene 🚲 glæder sig."]);
    await expect(gitte.getByRole("list", { name: "Hvem der skrev" }).getByRole("listitem")).toHaveText(["Bo Ærø", /Lasse/, "Gitte Sønderby"]);
  });

  await test.step("the looks differ by more than colour", async () => {
    const lines = await part(gitte, "Resumé").locator(".by").evaluateAll((all) => all.map((one) => getComputedStyle(one).textDecorationStyle));
    expect(new Set(lines).size).toBe(3);
  });

  await test.step("pointing at a word tells who and when; the name is in the text for those who do not point", async () => {
    await part(gitte, "Resumé").locator(".by", { hasText: "afvises" }).hover();
    await expect(gitte.getByText(/^Skrevet af Lasse .*\d{4}/)).toBeVisible();
    await expect(part(gitte, "Resumé").locator("p")).toHaveText("Bo Ærø: Cykelstien Lasse Hjorth: afvisesBo Ærø: .Gitte Sønderby:  Børnene 🚲 glæder sig.");
  });

  await test.step("the address leads back to the same moment and view", async () => {
    await gitte.getByRole("slider", { name: "Tidspunkt" }).press("Home");
    await gitte.getByRole("slider", { name: "Tidspunkt" }).press("ArrowRight");
    await expect(part(gitte, "Resumé")).toContainText("Cykelstien godkendes.");
    await expect(gitte).toHaveURL(/\?ved=\d+&vis=forfattere$/);
    await gitte.reload();
    await expect(part(gitte, "Resumé")).toContainText("Cykelstien godkendes.");
    await expect(part(gitte, "Resumé")).not.toContainText("Børnene");
  });
  await gitte.getByRole("slider", { name: "Tidspunkt" }).press("End");
  await expect(part(gitte, "Resumé")).toContainText("Børnene");
  await inspect(gitte, "history-authors");
});

test("what changed is shown word by word, in line and beside each other", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om rettelser");
  const item = meeting.items[0]!;
  const path = itemPath(meeting, item);
  const { lasse } = await written(enter, path);
  await desk.command(meeting.id, { type: "set_item_state", item: item.id, state: "ready" });
  await desk.command(meeting.id, { type: "freeze", reason: "Klar til udsendelse" });
  await desk.command(meeting.id, { type: "publish" });
  await lasse.goto(historyOf(path));

  await test.step("the milestones stand on the track", async () => {
    const milestones = lasse.getByRole("list", { name: "Milepæle" }).getByRole("button");
    await expect(milestones).toHaveText(["oprettet", "klar", "låst", "udsendt"]);
    await milestones.nth(1).click();
    await expect(milestones.nth(1)).toHaveAttribute("aria-current", "true");
    await expect(lasse.getByText("5 af 7", { exact: true })).toBeVisible();
  });

  const resume = part(lasse, "Resumé");
  await test.step("one word for another is one replacement", async () => {
    await lasse.getByRole("slider", { name: "Tidspunkt" }).press("ArrowLeft");
    await lasse.getByRole("radio", { name: "Ændringer i teksten" }).check();
    await expect(resume.getByRole("deletion")).toHaveText(/^Slettet af Lasse Hjorth: godkendes \(slut\) ?$/);
    await expect(resume.getByRole("insertion")).toHaveText(/^Tilføjet af Lasse Hjorth: afvises \(slut\) ?$/);
    await expect(resume.locator("ins")).toHaveCSS("text-decoration-line", "underline");
    await expect(resume.locator("del")).toHaveCSS("text-decoration-line", "line-through");
  });

  await test.step("between any two moments", async () => {
    await lasse.getByLabel("Fra", { exact: true }).selectOption("Begyndelsen");
    await expect(resume.locator("del")).toHaveCount(0);
    await expect(resume.locator("ins")).toHaveCount(4);
    await expect(lasse).toHaveURL(/fra=0/);
  });
  await inspect(lasse, "history-changes");

  await test.step("before and after", async () => {
    await lasse.getByLabel("Fra", { exact: true }).selectOption("Trinnet før");
    await lasse.getByRole("radio", { name: "Før og efter" }).check();
    await expect(lasse.getByRole("group", { name: "Resumé: Før" })).toContainText("godkendes");
    await expect(lasse.getByRole("group", { name: "Resumé: Før" })).not.toContainText("afvises");
    await expect(lasse.getByRole("group", { name: "Resumé: Efter" })).toContainText("afvises");
    await expect(lasse.getByRole("group", { name: "Resumé: Efter" })).not.toContainText("godkendes");
  });
  await inspect(lasse, "history-sides");

  await test.step("what is frozen is not restored", async () => {
    await expect(lasse.getByRole("button", { name: /^Gendan/ })).toHaveCount(0);
  });
});

test("a section is brought back as it was, as an edit of whoever asked", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om at gendanne");
  const path = itemPath(meeting, meeting.items[0]!);
  const { bo, gitte } = await written(enter, path);
  await gitte.goto(historyOf(path));
  const slider = gitte.getByRole("slider", { name: "Tidspunkt" });
  await expect(gitte.getByText("4 af 4", { exact: true })).toBeVisible();
  await expect(gitte.getByRole("button", { name: /^Gendan/ }), "the newest text stands already").toHaveCount(0);
  await slider.press("ArrowLeft");
  await gitte.getByRole("button", { name: "Gendan afsnittet Resumé" }).click();
  const dialog = gitte.getByRole("dialog", { name: "Gendan Resumé" });
  await expect(dialog.getByRole("insertion")).toContainText("godkendes");
  await expect(dialog.getByRole("deletion")).toContainText("afvises");
  await inspect(gitte, "history-restore");
  await dialog.getByRole("button", { name: "Gendan afsnittet" }).click();
  await expect(dialog).toBeHidden();

  await test.step("the others see it at once, and the rest stands as it did", async () => {
    await expectBlocks(section(bo, "Resumé"), ["p: Cykelstien godkendes. Børnene 🚲 glæder sig."]);
  });
  await test.step("it is a change of its own, by whoever restored, and what stayed has its authors", async () => {
    await expect(gitte.getByRole("region", { name: "Ændringer" }).getByRole("listitem").first()).toContainText(/Gitte Sønderby .*Resumé/);
    await gitte.getByRole("radio", { name: "Hvem der skrev" }).check();
    await expect(part(gitte, "Resumé").locator("p")).toHaveText(/Bo Ærø: Cykelstien Gitte Sønderby: godkend/);
    await expect(part(gitte, "Resumé").locator("p")).toContainText("Bo Ærø: .");
  });
  await test.step("and it is undone by restoring again", async () => {
    await slider.press("ArrowLeft");
    await gitte.getByRole("button", { name: "Gendan afsnittet Resumé" }).click();
    await dialog.getByRole("button", { name: "Gendan afsnittet" }).click();
    await expect(dialog).toBeHidden();
    await expectBlocks(section(bo, "Resumé"), ["p: Cykelstien afvises. Børnene 🚲 glæder sig."]);
  });
});

test("a section is brought back in the text as it is now, also where an older one lies on the computer", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om en gammel kopi");
  const path = itemPath(meeting, meeting.items[0]!);
  const bo = (await enter("bo", path)).page;
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Broen males.");
  await expectSaved(bo);
  const gitte = (await enter("gitte", path)).page;
  await expectBlocks(section(gitte, "Resumé"), ["p: Broen males."]);
  await expectSaved(gitte);
  await gitte.goto("/");
  const lasse = (await enter("lasse", path)).page;
  await enterSection(lasse, "Resumé");
  await lasse.keyboard.type(" Og rives ned.");
  await expectSaved(lasse);
  await gitte.goto(historyOf(path));
  await gitte.getByRole("slider", { name: "Tidspunkt" }).press("ArrowLeft");
  await gitte.getByRole("button", { name: "Gendan afsnittet Resumé" }).click();
  const dialog = gitte.getByRole("dialog", { name: "Gendan Resumé" });
  await expect(dialog.getByRole("deletion")).toContainText("Og rives ned");
  await dialog.getByRole("button", { name: "Gendan afsnittet" }).click();
  await expect(dialog).toBeHidden();
  await expectBlocks(section(bo, "Resumé"), ["p: Broen males."]);
  await expectBlocks(section(lasse, "Resumé"), ["p: Broen males."]);
});

test("while they write, everybody can see whose each word is", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om farver");
  const path = itemPath(meeting, meeting.items[0]!);
  const { bo, gitte } = await written(enter, path);
  await gitte.getByRole("checkbox", { name: "Vis hvem der skrev" }).check();
  const text = section(gitte, "Resumé");

  await test.step("each has a look of their own", async () => {
    await expect.poll(async () => (await owned(text)).map((one) => one.slice(10))).toEqual(["Cykelstien ", "afvises", ".", " Børnene 🚲 glæder sig."]);
    const looks = (await owned(text)).map((one) => one.slice(0, 8));
    expect(new Set(looks).size).toBe(3);
    expect(looks[0]).toBe(looks[2]);
    await expect(gitte.getByRole("list", { name: "Hvem der skrev" }).getByRole("listitem")).toHaveCount(3);
  });

  await test.step("the word at the caret tells whose it is", async () => {
    await text.locator(".by").first().click();
    await expect(gitte.getByText(/^Skrevet af Bo Ærø/)).toBeVisible();
    await gitte.keyboard.press("Control+End");
    await expect(gitte.getByText(/^Skrevet af Gitte Sønderby/)).toBeVisible();
    await gitte.keyboard.press("Control+Home");
    for (let n = 0; n < 3; n += 1) await gitte.keyboard.press("ArrowRight");
    await expect(gitte.getByText(/^Skrevet af Bo Ærø/)).toBeVisible();
    await expect(text.locator(".by").first()).toHaveAttribute("title", /^Bo Ærø, senest /);
  });

  await test.step("one's own words are one's own at once, those of others after a moment", async () => {
    await gitte.keyboard.type("XX");
    await expect.poll(async () => (await owned(text)).slice(0, 3).map((one) => one.slice(10))).toEqual(["Cyk", "XX", "elstien "]);
    await expectSaved(gitte);
    await enterSection(bo, "Resumé");
    await bo.keyboard.type(" Slut 😀.");
    await expect.poll(async () => (await owned(text)).at(-1)).toMatch(/: {2}?Slut 😀\.$|: Slut 😀\.$/);
    expect(await blocks(text)).toEqual(["p: CykXXelstien afvises. Børnene 🚲 glæder sig. Slut 😀."]);
  });
  await inspect(gitte, "editor-authors");

  await test.step("and it can be put away", async () => {
    await gitte.getByRole("checkbox", { name: "Vis hvem der skrev" }).uncheck();
    await expect(text.locator(".by")).toHaveCount(0);
  });
});
