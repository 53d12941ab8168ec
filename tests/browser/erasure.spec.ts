// Erasing an item for good: the secretariat gives a reason and confirms with a word; from then on its page, the
// published page and what this computer kept have none of it, and a correction is published without it.
import { itemPath } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { confirm } from "./support/secretariat.ts";
import { expect, test, type Page } from "./support/test.ts";

const paragraph = (text: string) => ({ type: "paragraph", text: [{ text }] });
const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ""));

test("an item is erased for good, and the agenda is corrected", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Fyrmester Ravns bolig");
  const item = meeting.items[0]!;
  await desk.command(meeting.id, { type: "write_section", item: item.id, document: "case", section: "resume", blocks: [paragraph("Huset er blaat.")], nothing: false });
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  const path = itemPath(meeting, item);
  const { page } = await enter("sofie", path);
  await expect(page.getByText("Huset er blaat.").first()).toBeVisible();
  const kept = (await databases(page)).filter((name) => name.includes(item.documents.case));
  expect(kept.length).toBeGreaterThan(0);

  await test.step("others cannot", async () => {
    const other = (await enter("lasse", path)).page;
    await expect(other.getByText("Huset er blaat.").first()).toBeVisible();
    await expect(other.getByRole("button", { name: "Slet teksten for altid" })).toHaveCount(0);
    await other.close();
  });

  await test.step("it takes a reason and a word", async () => {
    await page.getByRole("button", { name: "Slet teksten for altid" }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Slet for altid" }).click();
    await expect(dialog.getByText("Skriv SLET med store bogstaver.")).toBeVisible();
    await inspect(page, "erasure-dialog");
    await dialog.getByLabel("Begrundelse").fill("Personen har bedt om det");
    await dialog.getByLabel("Skriv SLET for at bekræfte").fill("SLET");
    await dialog.getByRole("button", { name: "Slet for altid" }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("the page says who, when and why, and this computer keeps nothing", async () => {
    await expect(page.getByRole("heading", { level: 1, name: "Slettet punkt" })).toBeVisible();
    await expect(page.getByText(/Teksten blev slettet for altid .* af Sofie .*Personen har bedt om det/)).toBeVisible();
    await expect(page.getByText("Huset er blaat.")).toHaveCount(0);
    await inspect(page, "erasure-item");
    await expect.poll(async () => (await databases(page)).filter((name) => kept.includes(name))).toEqual([]);
  });

  await test.step("the published page says so, too", async () => {
    await page.goto(`${server.url}/dagsorden/${meeting.id}/1`);
    await expect(page.getByRole("heading", { name: "Udgaven kan ikke længere vises" })).toBeVisible();
    await expect(page.getByText(/punkt 1 blev slettet for altid/)).toBeVisible();
    await inspect(page, "erasure-published");
  });

  await test.step("a correction is published without it", async () => {
    await page.goto(`/moede/${meeting.id}`);
    await page.getByRole("button", { name: "Ret en udgave" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Hvad er rettet, og hvorfor?").fill("Personoplysninger er slettet");
    await dialog.getByLabel(/Slettet punkt/).check();
    await dialog.getByRole("button", { name: "Begynd at rette" }).click();
    await expect(dialog).toBeHidden();
    await confirm(page, "Lås rettelsen", "Lås nu");
    await confirm(page, "Udgiv rettelsen", "Udgiv nu");
    await page.goto(`${server.url}/dagsorden/${meeting.id}/1`);
    await page.getByRole("link", { name: "Gå til udgave 2, der gælder nu" }).click();
    await expect(page.getByRole("heading", { name: /Slettet punkt/ })).toBeVisible();
  });
});
