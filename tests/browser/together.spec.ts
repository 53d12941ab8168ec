// Several people in one item at once: everyone sees everyone's words and carets, and all ends equal.
import { blocks, caretOf, enterSection, expectBlocks, expectSaved, expectWords, itemPath, section, tool } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";

const KEY_PAUSE_MS = 12;
const type = (page: Page, text: string) => page.keyboard.type(text, { delay: KEY_PAUSE_MS });
const HEADINGS = ["Indstilling", "Resumé", "Sagsfremstilling", "Økonomi", "Borgerperspektiv"];

test("three people and the secretariat write at once, and all end with the same text", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const path = itemPath(meeting, meeting.items[1]!);
  const people = await Promise.all(["bo", "gitte", "lasse", "sofie"].map((user) => enter(user, path)));
  const [bo, gitte, lasse, sofie] = people.map(({ page }) => page) as [Page, Page, Page, Page];
  const pages = [bo, gitte, lasse, sofie];

  await test.step("everyone is listed as being here", async () => {
    for (const page of pages) {
      await expect(page.getByRole("list", { name: "Her nu" }).getByRole("listitem")).toHaveCount(4);
    }
    await expect(bo.getByRole("list", { name: "Her nu" })).toContainText("Bo Ærø (dig)");
  });

  // Bo and Gitte are in one paragraph, Lasse in another of the same section, Sofie in another section.
  for (const page of [bo, gitte]) {
    await enterSection(page, "Sagsfremstilling");
    await section(page, "Sagsfremstilling").getByText("Formålet er,").click();
    await page.keyboard.press(page === bo ? "Control+Home" : "End");
  }
  await enterSection(lasse, "Sagsfremstilling");
  await enterSection(sofie, "Resumé");

  await test.step("the carets of others carry their names", async () => {
    for (const name of ["Bo Ærø", "Gitte Sønderby", "Lasse Hjorth"]) await expect(caretOf(sofie, name)).toBeVisible();
    await expect(section(bo, "Resumé").locator(".their-caret")).toHaveText("Sofie Krog");
    await expect(section(bo, "Sagsfremstilling").locator(".their-caret")).toHaveCount(2);
    await expect(caretOf(bo, "Bo Ærø")).toHaveCount(0);
  });

  await test.step("and the list says which section each is in, and leads there", async () => {
    const here = bo.getByRole("list", { name: "Her nu" }).getByRole("listitem");
    await expect(here.filter({ hasText: "Sofie Krog" })).toHaveText(/Sofie Krog\s+i Resumé/);
    await expect(here.filter({ hasText: "Lasse Hjorth" })).toHaveText(/i Sagsfremstilling/);
    await gitte.getByRole("button", { name: "Sofie Krog er i Resumé. Gå dertil" }).click();
    await expect(section(gitte, "Resumé")).toBeFocused();
    await expect(here.filter({ hasText: "Gitte Sønderby" })).toHaveText(/i Resumé/);
    await section(gitte, "Sagsfremstilling").getByText("Formålet er,").click();
    await gitte.keyboard.press("End");
  });

  await Promise.all([
    type(bo, "Først og fremmest: "),
    type(gitte, " Økonomien følger med på ærlig vis."),
    type(lasse, " Ådalen ventes på mandag 🚲🌱."),
    type(sofie, " Sekretariatet læser med, så længe å'et løber."),
  ]);

  await test.step("all words are there, unbroken, on every screen", async () => {
    for (const page of pages) {
      const text = section(page, "Sagsfremstilling");
      await expectWords(text, "Først og fremmest: Formålet er, at børn");
      await expectWords(text, "skoledag. Økonomien følger med på ærlig vis.");
      await expectWords(text, "næste uge. Ådalen ventes på mandag 🚲🌱.");
      await expectWords(section(page, "Resumé"), "afdelinger. Sekretariatet læser med, så længe å'et løber.");
      await expectSaved(page);
    }
    for (const heading of HEADINGS) {
      const expected = await blocks(section(bo, heading));
      for (const page of pages) await expectBlocks(section(page, heading), expected);
    }
  });

  await test.step("undo takes back only one's own words", async () => {
    await lasse.keyboard.press("Control+z");
    for (const page of pages) {
      const text = section(page, "Sagsfremstilling");
      await expect(text).not.toContainText("🌱");
      await expect(text).toContainText("Økonomien følger med på ærlig vis.");
      await expect(text).toContainText("Først og fremmest:");
      await expect(section(page, "Resumé")).toContainText("Sekretariatet læser med");
    }
    await lasse.keyboard.press("Control+y");
    await expect(section(bo, "Sagsfremstilling")).toContainText("🌱");
  });

  await test.step("whoever leaves is no longer shown", async () => {
    await people[2]!.context.close();
    await expect(caretOf(bo, "Lasse Hjorth")).toHaveCount(0);
    await expect(bo.getByRole("list", { name: "Her nu" })).not.toContainText("Lasse Hjorth");
  });
});

test("Danish letters, dead keys and emoji arrive as they were typed", async ({ enter, desk }) => {
  const meeting = await desk.plan("Status på bogstaver");
  const path = itemPath(meeting, meeting.items[0]!);
  const [writer, reader] = [await enter("lasse", path), await enter("gitte", path)];
  const text = await enterSection(writer.page, "Resumé");
  await type(writer.page, "Rødgrød på Ærø: caf");

  // A dead key: the accent is composed first and becomes a letter with the next key.
  const keys = await writer.context.newCDPSession(writer.page);
  await keys.send("Input.imeSetComposition", { text: "´", selectionStart: 1, selectionEnd: 1 });
  await expect(text).toContainText("caf´");
  await keys.send("Input.imeSetComposition", { text: "é", selectionStart: 1, selectionEnd: 1 });
  await keys.send("Input.insertText", { text: "é" });
  await type(writer.page, ", ÆØÅ 👩‍🚒!");

  await expectBlocks(text, ["p: Rødgrød på Ærø: café, ÆØÅ 👩‍🚒!"]);
  await expectSaved(writer.page);
  await expectBlocks(section(reader.page, "Resumé"), ["p: Rødgrød på Ærø: café, ÆØÅ 👩‍🚒!"]);
});

test("others may write while a letter is being composed", async ({ enter, desk }) => {
  const meeting = await desk.plan("Drøftelse af accenter");
  const path = itemPath(meeting, meeting.items[0]!);
  const [writer, other] = [await enter("lasse", path), await enter("bo", path)];
  await enterSection(writer.page, "Resumé");
  await type(writer.page, "caf");
  const theirs = await enterSection(other.page, "Resumé");
  await expectBlocks(theirs, ["p: caf"]);
  await other.page.keyboard.press("Home");
  const keys = await writer.context.newCDPSession(writer.page);
  await keys.send("Input.imeSetComposition", { text: "´", selectionStart: 1, selectionEnd: 1 });
  await type(other.page, "Bo: ");
  await expectSaved(other.page);
  await keys.send("Input.insertText", { text: "é" });
  await type(writer.page, "en");
  for (const { page } of [writer, other]) await expectBlocks(section(page, "Resumé"), ["p: Bo: caféen"]);
});

test("formatting by keyboard and by toolbar is seen by the others", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om former");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, gitte] = [(await enter("bo", path)).page, (await enter("gitte", path)).page];
  const seen = section(gitte, "Sagsfremstilling");
  await enterSection(bo, "Sagsfremstilling");

  await test.step("by keyboard: heading, bold, italic, list with levels", async () => {
    await bo.keyboard.press("Control+Alt+2");
    await type(bo, "Baggrund");
    await bo.keyboard.press("Enter");
    await type(bo, "Det er ");
    await bo.keyboard.press("Control+b");
    await type(bo, "vigtigt");
    await bo.keyboard.press("Control+b");
    await type(bo, " og ");
    await bo.keyboard.press("Control+i");
    await type(bo, "nyt");
    await bo.keyboard.press("Control+i");
    await bo.keyboard.press("Enter");
    await type(bo, "- første");
    await bo.keyboard.press("Enter");
    await bo.keyboard.press("Tab");
    await type(bo, "dybere");
    await expect(seen.locator("h3, h4").filter({ hasText: "Baggrund" })).toBeVisible();
    await expect(seen.locator("strong")).toHaveText("vigtigt");
    await expect(seen.locator("em")).toHaveText("nyt");
    await expectBlocks(seen, ["h4: Baggrund", "p: Det er vigtigt og nyt", "ul: første", "ul: dybere"]);
    await expect(seen.locator("ul[data-indent='1']")).toContainText("dybere");
  });

  await test.step("by toolbar: numbered list, body text, heading", async () => {
    await tool(bo, "Nummereret liste").click();
    await expect(tool(bo, "Nummereret liste")).toHaveAttribute("aria-pressed", "true");
    await expect(seen.locator("ol li")).toContainText("dybere");
    await tool(bo, "Ryk ud").click();
    await expect(seen.locator("ol[data-indent='0']")).toContainText("dybere");
    await tool(bo, "Overskrift 3").click();
    await expect(seen.locator("h5")).toContainText("dybere");
    await tool(bo, "Brødtekst").click();
    await expect(seen.locator("p").last()).toContainText("dybere");
    await expect(section(bo, "Sagsfremstilling")).toBeFocused();
  });

  await test.step("a link by dialog, from the keyboard", async () => {
    await bo.keyboard.press("Shift+Home");
    await expect.poll(() => bo.evaluate(() => getSelection()?.toString())).toBe("dybere");
    await bo.keyboard.press("Control+k");
    const dialog = bo.getByRole("dialog", { name: "Link" });
    await dialog.getByLabel("Adresse").fill("javascript:alert(1)");
    await bo.keyboard.press("Enter");
    await expect(dialog.getByRole("alert").or(dialog.locator(".error")).first()).toContainText("Adressen skal begynde med");
    await dialog.getByLabel("Adresse").fill("https://lindeby.example/plan");
    await bo.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(seen.locator("a, .link").filter({ hasText: "dybere" })).toHaveAttribute("href", "https://lindeby.example/plan");
    await expect(section(bo, "Sagsfremstilling")).toBeFocused();
  });
  await expectBlocks(seen, await blocks(section(bo, "Sagsfremstilling")));
});
