// Access to drafts: the secretariat sets how long they are shown, and what is withheld is said.
import { enterSection, expectSaved, itemPath } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test } from "./support/test.ts";

test("the secretariat sets how long drafts are shown; then members see what was frozen, and why no more", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om kladder");
  const path = itemPath(meeting, meeting.items[0]!);
  const { page } = await enter("bo", path);
  await enterSection(page, "Resumé");
  await page.keyboard.type("Et første bud.");
  await expectSaved(page);
  await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
  await desk.command(meeting.id, { type: "publish" });
  await page.goto(`${path}/historik`);
  const entries = page.getByRole("region", { name: "Ændringer" }).getByRole("listitem");
  await expect(entries).toHaveCount(4);

  const sofie = (await enter("sofie")).page;
  await test.step("the setting, its errors and its versions", async () => {
    await sofie.getByRole("link", { name: "Indstillinger" }).click();
    await expect(sofie.getByRole("heading", { level: 1, name: "Indstillinger" })).toBeVisible();
    await expect(sofie.getByText("Indstillingen er ikke ændret.")).toBeVisible();
    await sofie.getByRole("radio", { name: "Et antal dage" }).check();
    await sofie.getByRole("textbox", { name: "Antal dage" }).fill("mange");
    await sofie.getByRole("button", { name: "Gem" }).click();
    await expect(sofie.getByText("Skriv et helt tal fra 0 til 3650.")).toBeVisible();
    await inspect(sofie, "drafts-settings");
    await sofie.getByRole("textbox", { name: "Antal dage" }).fill("0");
    await sofie.getByRole("button", { name: "Gem" }).click();
    await expect(sofie.getByRole("listitem").filter({ hasText: "Kladder kan ikke ses, når dagsordenen er udsendt." })).toContainText("Sofie Krog");
  });

  await test.step("a member is shown the frozen text, and told why no more", async () => {
    await page.reload();
    await expect(entries).toHaveCount(2);
    await expect(page.getByText(/^Detaljer fra før låsningen vises ikke/)).toBeVisible();
    await expect(page.locator(".then")).toContainText("Et første bud.");
    await inspect(page, "drafts-withheld");
    await page.goto(path);
    await expect(page.getByText("Hvordan den blev til, vises ikke længere.").first()).toBeVisible();
    await expect(page.getByText("Et første bud.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Resumé" })).toHaveCount(0);
    const kept = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ""));
    expect(kept.filter((name) => name.includes(meeting.items[0]!.documents.case))).toEqual([]);
    await inspect(page, "drafts-text-alone");
    await page.goto(`/moede/${meeting.id}/afspil`);
    await expect(page.getByText(/^Detaljer fra før låsningen vises ikke/)).toBeVisible();
    await expect(page.getByRole("article")).toContainText("Et første bud.");
  });

  await test.step("the secretariat sees all", async () => {
    await sofie.goto(`${path}/historik`);
    await expect(sofie.getByRole("region", { name: "Ændringer" }).getByRole("listitem")).toHaveCount(4);
  });

  await test.step("who is no secretary may read the setting", async () => {
    const forum = await desk.forum();
    await page.goto(`/forum/${forum.id}/indstillinger`);
    await expect(page.getByText("Det er sekretariatet, der kan ændre indstillingen.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Gem" })).toHaveCount(0);
  });
});
