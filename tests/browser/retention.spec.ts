// The retention plan of a forum: tried before it is saved, told on the forum's page, carried out item by item, and
// kept off an item by a hold.
import { itemPath } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

const CLOSED = ["Ansættelse af fyrmester", "Afsked af fyrmester", "Klage over fyrmester", "Lån til fyrmester", "Bolig til fyrmester"];

const due = (page: Page) => page.getByRole("region", { name: /^Har nået fristen/ });
const chosen = (page: Page, title: RegExp | string) => due(page).getByRole("checkbox", { name: title });

async function confirmErasure(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Slet de valgte/ }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Skriv SLET for at bekræfte").fill("SLET");
  await dialog.getByRole("button", { name: "Slet for altid" }).click();
  await expect(dialog).toBeHidden();
}

test("a retention plan is tried, saved and carried out, and a hold keeps an item", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Fyrets maling", ...CLOSED);
  for (const item of meeting.items.slice(1)) await desk.command(meeting.id, { type: "close_item", item: item.id, reason: "Personsag" });
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  await server.end();
  await server.age(400);
  await server.restart();
  const forum = await desk.forum();
  const [, , held, late] = meeting.items;
  const { page } = await enter("sofie", `/forum/${forum.id}`);

  await test.step("as every forum begins, nothing is erased", async () => {
    await page.getByRole("link", { name: "Sletteplan" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Sletteplan" })).toBeVisible();
    await expect(page.getByText("Ingen punkter har nået fristen.")).toBeVisible();
    await page.getByText("Hvad sletning gør").click();
    await inspect(page, "retention-begin");
  });

  const closed = page.getByRole("group", { name: "Lukkede punkter" });
  await test.step("a plan is tried", async () => {
    await closed.getByRole("radio", { name: "Slettes efter" }).check();
    await closed.getByLabel("År").fill("51");
    await page.getByRole("button", { name: "Prøv planen" }).click();
    await expect(closed.getByText("Skriv hele tal, i alt fra 1 måned til 50 år.")).toBeVisible();
    await expect(closed.getByLabel("År")).toBeFocused();
    await closed.getByLabel("År").fill("1");
    await page.getByRole("button", { name: "Prøv planen" }).press("Enter");
    await expect(page.getByText(/^Du prøver en plan, der ikke er gemt: lukkede punkter efter 1 år/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "Hvad den prøvede plan rammer" })).toBeFocused();
    await expect(page.getByRole("heading", { name: "Har nået fristen (5)" })).toBeVisible();
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await inspect(page, "retention-tried");
    await page.getByRole("button", { name: "Vis den gemte plan" }).click();
    await expect(page.getByRole("heading", { name: "Har nået fristen (0)" })).toBeVisible();
  });

  await test.step("it is saved, and the forum's page tells what is due", async () => {
    await page.getByRole("button", { name: "Gem planen" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: "lukkede punkter efter 1 år" })).toContainText("Sofie Krog");
    await expect(due(page).getByRole("checkbox", { checked: true })).toHaveCount(5);
    await inspect(page, "retention-due");
    await page.goto(`/forum/${forum.id}`);
    await expect(page.getByText("5 punkter har nået slettefristen.")).toBeVisible();
    await inspect(page, "retention-notice");
  });

  await test.step("a hold is put on an item", async () => {
    await page.goto(itemPath(meeting, held!));
    await page.getByRole("button", { name: "Sæt slettestop" }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Sæt slettestop" }).click();
    await expect(dialog.getByText("Skriv en begrundelse.")).toBeVisible();
    await inspect(page, "hold-dialog");
    await dialog.getByLabel("Begrundelse").fill("Aktindsigt, sag 7");
    await dialog.getByRole("button", { name: "Sæt slettestop" }).click();
    await expect(page.getByText("Der er slettestop på punktet: Aktindsigt, sag 7")).toBeVisible();
    await expect(page.getByRole("button", { name: "Slet teksten for altid" })).toHaveCount(0);
    await inspect(page, "hold-item");
    const other = (await enter("lasse", itemPath(meeting, held!))).page;
    await expect(other.getByRole("heading", { level: 1, name: held!.title })).toBeVisible();
    await expect(other.getByText("slettestop")).toHaveCount(0);
    await other.goto(`/forum/${forum.id}/sletteplan`);
    await expect(other.getByText("Nu slettes lukkede punkter efter 1 år, åbne punkter aldrig, tilbagetrukne punkter aldrig.")).toBeVisible();
    await expect(other.getByRole("button", { name: "Gem planen" })).toHaveCount(0);
    await other.close();
  });

  await test.step("the erasing is confirmed, shows how far it is, and can be stopped", async () => {
    await page.goto(`/forum/${forum.id}/sletteplan`);
    await expect(page.getByRole("heading", { name: "Slettestop (1)" })).toBeVisible();
    await expect(page.getByText(/^Aktindsigt, sag 7\. Sat af Sofie Krog/)).toBeVisible();
    await page.getByRole("button", { name: "Vælg ingen" }).click();
    await page.getByRole("button", { name: "Slet de valgte (0)" }).click();
    await expect(page.getByText("Vælg mindst ét punkt.")).toBeVisible();
    await page.getByRole("button", { name: "Vælg alle" }).click();
    await chosen(page, /Klage/).uncheck();
    await page.getByRole("button", { name: "Slet de valgte (3)" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Slet for altid" }).click();
    await expect(dialog.getByText("Skriv SLET med store bogstaver.")).toBeVisible();
    await inspect(page, "retention-confirm");
    await dialog.getByRole("button", { name: "Annuller" }).click();

    let let_go = () => {};
    const stopped = new Promise<void>((done) => (let_go = done));
    let asked = 0;
    await page.route("**/commands", async (route) => {
      if (++asked === 2) await stopped;
      await route.continue();
    });
    await confirmErasure(page);
    await expect(page.getByText("1 af 3 er behandlet.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Hvad planen rammer" })).toBeFocused();
    await inspect(page, "retention-erasing");
    await page.getByRole("button", { name: "Stop" }).click();
    let_go();
    await expect(page.getByText(/^2 punkter er slettet\. Udsendte udgaver/)).toBeVisible();
    await expect(page.getByText(/^Du stoppede sletningen\. 1 punkt er ikke behandlet/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "Har nået fristen (2)" })).toBeVisible();
    await page.unroute("**/commands");
  });

  await test.step("what is refused is told with its reason, and the rest goes on", async () => {
    await chosen(page, /Klage/).check();
    await page.route("**/commands", (route) => route.abort());
    await confirmErasure(page);
    await expect(page.getByText(/^Sletningen blev afbrudt\. 2 punkter er ikke behandlet/)).toBeVisible();
    await page.unroute("**/commands");
    await desk.command(meeting.id, { type: "hold_item", item: late!.id, reason: "Aflevering til arkiv" });
    await confirmErasure(page);
    await expect(page.getByText(/^1 punkt er slettet\. Udsendte udgaver/)).toBeVisible();
    await expect(page.getByText(/^Der er slettestop på punktet, så teksten må ikke slettes/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "Har nået fristen (0)" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Slettestop (2)" })).toBeVisible();
    await expect(page.getByText("3 punkter er slettet.")).toBeVisible();
    await inspect(page, "retention-after");
  });

  await test.step("an erased item says that it was the plan; a hold is released", async () => {
    await page.goto(itemPath(meeting, meeting.items[1]!));
    await expect(page.getByText(/Begrundelse: Sletteplan: lukket punkt, 1 år efter udsendelsen/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Sæt slettestop" })).toHaveCount(0);
    await page.goto(itemPath(meeting, held!));
    await page.getByRole("button", { name: "Ophæv slettestop" }).click();
    await expect(page.getByRole("button", { name: "Slet teksten for altid" })).toBeVisible();
    await page.goto(`/forum/${forum.id}`);
    await expect(page.getByText("1 punkt har nået slettefristen.")).toBeVisible();
  });
});
