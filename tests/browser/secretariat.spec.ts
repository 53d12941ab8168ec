// What the secretariat does with a meeting, and that others see it happen without reloading.
import { join } from "node:path";
import { section } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";

const FIXTURE = join(import.meta.dirname, "../../crates/import/tests/fixtures/trin.md");
const titles = (page: Page) => page.getByRole("region", { name: "Punkter" }).getByRole("heading", { level: 3 });

async function addItem(page: Page, title: string, journal = "", minutes = ""): Promise<void> {
  await page.getByRole("button", { name: "Tilføj punkt" }).click();
  const dialog = page.getByRole("dialog", { name: "Tilføj punkt" });
  await dialog.getByLabel("Titel").fill(title);
  await dialog.getByLabel("Journalnummer").fill(journal);
  await dialog.getByLabel("Minutter").fill(minutes);
  await dialog.getByRole("button", { name: "Gem" }).click();
  await expect(dialog).toBeHidden();
}

test("a meeting is planned, and its agenda is made and arranged", async ({ enter }) => {
  const { page } = await enter("sofie");
  await page.getByRole("button", { name: "Planlæg møde" }).click();
  const plan = page.getByRole("dialog", { name: "Planlæg møde" });
  await plan.getByRole("button", { name: "Opret møde" }).click();
  await expect(plan.getByText("Feltet skal udfyldes.")).toBeVisible();
  await plan.getByLabel("Dato").fill("2031-05-07");
  await plan.getByLabel("Starttidspunkt").fill("08:30");
  await plan.getByLabel("Sted").fill("Mødelokale Viben");
  await plan.getByRole("button", { name: "Opret møde" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Chefforum .*7\. maj 2031/);
  await expect(page.getByText("kl. 08:30 · Mødelokale Viben").or(page.getByText("kl. 8.30 · Mødelokale Viben"))).toBeVisible();

  await addItem(page, "Orientering om vejr", "00.01.00-A00-1-26", "15");
  await addItem(page, "Drøftelse af vind", "ikke et nummer", "20");
  await addItem(page, "Beslutning om regn");
  await expect(titles(page)).toHaveText([/Orientering om vejr/, /Drøftelse af vind/, /Beslutning om regn/]);
  await expect(page.getByText("journalnummer har uventet form")).toHaveCount(1);
  await expect(page.getByText("35 min. i alt · slutter kl. 09:05").or(page.getByText(/35 min. i alt · slutter kl. 9.05/))).toBeVisible();

  await test.step("arranged with buttons, and the focus stays on the button", async () => {
    const up = page.getByRole("button", { name: "Flyt op: Beslutning om regn" });
    await up.click();
    await expect(titles(page)).toHaveText([/vejr/, /regn/, /vind/]);
    await expect(up).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(titles(page)).toHaveText([/regn/, /vejr/, /vind/]);
    await page.getByRole("button", { name: "Flyt ned: Beslutning om regn" }).click();
    await expect(titles(page)).toHaveText([/vejr/, /regn/, /vind/]);
    await expect(page.getByText("Beslutning om regn er nu punkt 2 af 3.").last()).toBeAttached();
  });

  await test.step("changed", async () => {
    await page.getByRole("button", { name: "Ret punkt 3, Drøftelse af vind" }).click();
    const dialog = page.getByRole("dialog", { name: "Ret punkt" });
    await dialog.getByLabel("Minutter").fill("syv");
    await dialog.getByRole("button", { name: "Gem" }).click();
    await expect(dialog.getByText("Skriv et helt antal minutter mellem 1 og 600.")).toBeVisible();
    await dialog.getByLabel("Minutter").fill("7");
    await dialog.getByLabel("Titel").fill("Drøftelse af blæst");
    await dialog.getByRole("button", { name: "Gem" }).click();
    await expect(titles(page).nth(2)).toHaveText(/Drøftelse af blæst/);
  });

  await test.step("taken off, with a reason that stays", async () => {
    await page.getByRole("button", { name: "Tag af dagsordenen: punkt 2, Beslutning om regn" }).click();
    const dialog = page.getByRole("dialog", { name: "Tag punktet af dagsordenen" });
    await dialog.getByRole("button", { name: "Tag punktet af" }).click();
    await expect(dialog.getByText("Skriv en begrundelse.")).toBeVisible();
    await dialog.getByLabel("Begrundelse").fill("Venter på høring");
    await dialog.getByRole("button", { name: "Tag punktet af" }).click();
    await expect(titles(page)).toHaveText([/vejr/, /blæst/]);
    await page.getByText("Taget af dagsordenen (1)").click();
    await expect(page.getByText("Begrundelse: Venter på høring")).toBeVisible();
  });

  await test.step("participants", async () => {
    await page.getByRole("button", { name: "Ret deltagere" }).click();
    const dialog = page.getByRole("dialog", { name: "Ret deltagere" });
    await dialog.getByRole("button", { name: "Tilføj deltager" }).click();
    await page.keyboard.type("Gæst Åkjær");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Skoleleder + konst. viceskoleleder");
    await dialog.getByRole("button", { name: "Gem" }).click();
    await page.getByText("Deltagere (1)").click();
    await expect(page.getByRole("listitem").filter({ hasText: "Gæst Åkjær" })).toContainText("Skoleleder + konst. viceskoleleder");
  });
});

test("earlier minutes are imported: first shown, then made", async ({ enter, desk }) => {
  const { page } = await enter("sofie");
  const before = (await desk.forum()).meetings.length;
  await page.getByRole("button", { name: "Importer dagsorden eller referat" }).click();
  const dialog = page.getByRole("dialog", { name: "Importer dagsorden eller referat" });
  await dialog.getByLabel("Fil").setInputFiles(FIXTURE);
  await dialog.getByRole("button", { name: "Vis, hvad der bliver oprettet" }).click();
  await expect(dialog.getByRole("heading", { name: "Det bliver oprettet" })).toBeFocused();
  await expect(dialog).toContainText("Referat Ledergruppen");
  await expect(dialog.getByRole("listitem").filter({ hasText: "Orientering om trappen" })).toContainText("beslutning");
  await expect(dialog).toContainText("4 punkter");
  expect((await desk.forum()).meetings.length, "showing makes nothing").toBe(before);

  await dialog.getByRole("button", { name: "Opret mødet" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/3\. februar 2026/);
  await expect(titles(page)).toHaveText([/Orientering om trappen/, /Drøftelse af broen/, /Besøg på havnen/, /Status på .*2026/]);
  await page.getByRole("link", { name: /Orientering om trappen/ }).click();
  const text = section(page, "Sagsfremstilling");
  await expect(text.getByRole("table")).toContainText("Gelænder");
  await expect(text.locator("ul[data-indent='2'] li")).toHaveText(["venstre side", "højre side, som er slidt"]);
  await expect(section(page, "Resumé").locator("a[href='https://example.dk/tegning']")).toHaveText("tegningen");
  await expect(page.getByRole("checkbox", { name: "Intet at bemærke: Økonomi" })).toBeChecked();
  await page.getByRole("tab", { name: "Beslutning" }).click();
  await expect(section(page, "Beslutning")).toContainText("at trappen males rød");
});

test("an open meeting page follows what the secretariat does", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om ro");
  const { page } = await enter("per", `/moede/${meeting.id}`);
  const facts = page.getByRole("main");
  await expect(titles(page)).toHaveText([/Orientering om ro/]);
  await expect(facts).toContainText("Dagsordenen er under udarbejdelse");
  await expect(page.getByRole("button", { name: "Tilføj punkt" })).toHaveCount(0);
  await desk.command(meeting.id, { type: "add_item", title: "Drøftelse af uro", journal_number: null, minutes: null });
  await expect(titles(page)).toHaveText([/Orientering om ro/, /Drøftelse af uro/]);
  await desk.command(meeting.id, { type: "freeze", reason: "Klar til tryk" });
  await expect(facts).toContainText("Teksterne ligger fast og kan ikke redigeres.");
  await expect(facts).toContainText("Klar til tryk");
  await desk.command(meeting.id, { type: "publish" });
  await expect(page.getByRole("link", { name: /^Udgave 1/ })).toBeVisible();
  await expect(page.getByText("Dagsordenen er nu udgivet.")).toBeAttached();
});
