// The history of an item: who did what, and the text as it was, forwards and backwards.
import { enterSection, expectSaved, itemPath } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";

const TEXTS = ["Alfa.", "Alfa. Beta.", "Alfa. Beta. Gamma."];

/** What the page shows of Resumé at the stop. */
const shown = (page: Page) =>
  page.locator(".then section").filter({ has: page.getByRole("heading", { name: "Resumé" }) }).locator("p");

test("the history tells who wrote what, and shows the text as it was", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om før og nu");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, gitte] = [(await enter("bo", path)).page, (await enter("gitte", path)).page];
  for (const [page, text] of [[bo, "Alfa."], [gitte, " Beta."], [bo, " Gamma."]] as const) {
    await enterSection(page, "Resumé");
    // Slower than what counts as writing at once.
    await page.keyboard.type(text, { delay: 250 });
    await expectSaved(page);
  }
  await desk.command(meeting.id, { type: "set_item_state", item: meeting.items[0]!.id, state: "ready" });
  await gitte.getByRole("link", { name: "Se historik" }).click();
  const changes = gitte.getByRole("region", { name: "Ændringer" });
  const entries = changes.getByRole("listitem");
  const slider = gitte.getByRole("slider", { name: "Tidspunkt" });

  await test.step("sentences, the newest first", async () => {
    await expect(entries).toHaveCount(5);
    await expect(entries.nth(0)).toContainText("Sofie Krog");
    await expect(entries.nth(1)).toContainText(/Bo Ærø .*Resumé/);
    await expect(entries.nth(2)).toContainText(/Gitte Sønderby .*Resumé/);
    await expect(entries.nth(2).getByRole("img", { name: "6 tegn tilføjet" })).toBeVisible();
  });

  await test.step("back and forth by keyboard", async () => {
    await slider.focus();
    await gitte.keyboard.press("Home");
    await expect(gitte.getByText("1 af 5", { exact: true })).toBeVisible();
    await expect(shown(gitte)).not.toContainText("Alfa");
    for (const text of TEXTS) {
      await gitte.keyboard.press("ArrowRight");
      await expect(shown(gitte)).toHaveText([text]);
    }
    await gitte.keyboard.press("ArrowLeft");
    await expect(shown(gitte)).toHaveText(["Alfa. Beta."]);
    await expect(slider).toHaveAttribute("aria-valuetext", /Gitte Sønderby, 3 af 5$/);
    await gitte.keyboard.press("End");
    await expect(shown(gitte)).toHaveText(["Alfa. Beta. Gamma."]);
  });

  await test.step("back and forth with the mouse", async () => {
    const box = (await slider.boundingBox())!;
    const at = (share: number) => [box.x + 8 + (box.width - 16) * share, box.y + box.height / 2] as const;
    await gitte.mouse.move(...at(1));
    await gitte.mouse.down();
    for (const [share, text] of [[0.25, "Alfa."], [0.75, "Alfa. Beta. Gamma."], [0.5, "Alfa. Beta."]] as const) {
      await gitte.mouse.move(...at(share), { steps: 6 });
      await expect(shown(gitte)).toHaveText([text]);
    }
    await gitte.mouse.up();
    await gitte.getByRole("button", { name: "Første" }).click();
    await expect(gitte.getByText("1 af 5", { exact: true })).toBeVisible();
  });

  await test.step("played by itself to the end", async () => {
    await gitte.getByRole("button", { name: "Afspil" }).click();
    for (const text of TEXTS) await expect(shown(gitte)).toHaveText([text]);
    await expect(gitte.getByText("5 af 5", { exact: true })).toBeVisible();
    await expect(gitte.getByRole("button", { name: "Afspil" })).toBeVisible();
  });

  await test.step("choosing an entry goes there", async () => {
    await entries.nth(3).getByRole("button").click();
    await expect(shown(gitte)).toHaveText(["Alfa."]);
  });

  await test.step("only one person, only one kind", async () => {
    await gitte.getByLabel("Person").selectOption("Gitte Sønderby");
    await expect(entries).toHaveCount(1);
    await expect(entries).toContainText("Gitte Sønderby");
    await gitte.getByLabel("Slags").selectOption("Klar og kladde");
    await expect(gitte.getByText("Ingen ændringer passer til det, du har valgt.")).toBeVisible();
    await gitte.getByRole("button", { name: "Vis alle ændringer" }).click();
    await gitte.getByLabel("Slags").selectOption("Klar og kladde");
    await expect(entries).toHaveCount(1);
    await expect(entries).toContainText("Sofie Krog");
  });
});
