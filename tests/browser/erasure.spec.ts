// Erasing an item for good: the secretariat gives a reason and confirms with a word; from then on its page, the
// published page and what this computer kept have none of it, and a correction is published without it.
import { enterSection, expectSaved, itemPath, refusal } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { confirm } from "./support/secretariat.ts";
import { expect, test, type Page } from "./support/test.ts";

const paragraph = (text: string) => ({ type: "paragraph", text: [{ text }] });
const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ""));

/** Whether some database of this browser holds the words, as text or in bytes. */
const holds = (page: Page, words: string) =>
  page.evaluate(async (words) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const text = (value: unknown): string => {
      if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
      if (value instanceof Object) return Object.values(value).map(text).join();
      return String(value);
    };
    const all = await Promise.all((await indexedDB.databases()).map(async ({ name }) => {
      const database = await done(indexedDB.open(name!));
      const stores = [...database.objectStoreNames];
      const values = await Promise.all(stores.map((store) => done(database.transaction(store).objectStore(store).getAll())));
      database.close();
      return values.map(text).join();
    }));
    return all.join().includes(words);
  }, words);

test("an item is erased for good, and the agenda is corrected", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Fyrmester Ravns bolig");
  const item = meeting.items[0]!;
  await desk.command(meeting.id, { type: "write_section", item: item.id, document: "case", section: "resume", blocks: [paragraph("Huset er blaat.")], nothing: false });
  const path = itemPath(meeting, item);
  const late = await enter("lasse", path);
  await test.step("somebody writes too late", async () => {
    await enterSection(late.page, "Resumé");
    await expectSaved(late.page);
    await late.context.setOffline(true);
    await late.page.keyboard.type("Ravn flytter.");
    await desk.command(meeting.id, { type: "freeze", reason: "" });
    await late.context.setOffline(false);
    await expect(refusal(late.page).locator("blockquote")).toHaveText("Ravn flytter.");
    expect(await holds(late.page, "Ravn flytter.")).toBe(true);
  });
  await desk.command(meeting.id, { type: "publish" });
  const { page } = await enter("sofie", path);
  await expect(page.getByText("Huset er blaat.").first()).toBeVisible();
  const kept = (await databases(page)).filter((name) => name.includes(item.documents.case));
  expect(kept.length).toBeGreaterThan(0);

  await test.step("others cannot", async () => {
    await expect(late.page.getByText("Huset er blaat.").first()).toBeVisible();
    await expect(late.page.getByRole("button", { name: "Slet teksten for altid" })).toHaveCount(0);
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

  await test.step("nor does the computer of who wrote too late", async () => {
    await expect(late.page.getByRole("heading", { level: 1, name: "Slettet punkt" })).toBeVisible();
    await expect.poll(() => holds(late.page, "Ravn flytter.")).toBe(false);
    await late.page.reload();
    await expect(late.page.getByText("Ravn flytter.")).toHaveCount(0);
    await late.page.getByRole("link", { name: "Se historik" }).click();
    await expect(late.page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(late.page.getByText(/Huset er blaat|Ravn flytter/)).toHaveCount(0);
    await expect(late.page.getByText("Teksten er slettet for altid.")).toBeVisible();
    await expect(late.page.getByText("Dens tekst er slettet.")).toBeVisible();
    await inspect(late.page, "erasure-history");
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
