// The audit trail and the access log, as the secretariat uses them.
import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { enterSection, expectSaved, itemPath } from "./support/editor.ts";
import { expectNoSideways, inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

const lines = (page: Page) => page.locator("main ol.plain-list > li");

test("the trail tells what was done and what was refused, and is filtered by keyboard", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Orientering om spor", "Drøftelse af intet");
  const item = meeting.items[0]!;
  const bo = (await enter("bo", itemPath(meeting, item))).page;
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Alfa beta.");
  await expectSaved(bo);
  const refused = await bo.request.post(`${server.url}/api/meetings/${meeting.id}/commands`, {
    headers: { origin: server.url },
    data: { id: randomUUID(), command: { type: "freeze", reason: "Nu" } },
  });
  expect(refused.status()).toBe(403);
  await desk.command(meeting.id, { type: "close_item", item: item.id, reason: "Personsag" });

  const { page } = await enter("sofie", `/moede/${meeting.id}`);
  await page.getByRole("link", { name: "Revisionsspor for mødet" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Revisionsspor for mødet" })).toBeFocused();
  await expect(lines(page).first()).toContainText("Sofie Krog gjorde punktet lukket: Personsag");
  await expect(lines(page).filter({ hasText: "Bo Ærø ville låse dagsordenen, men blev afvist: «Det kan kun sekretariatet gøre." })).toContainText("Afvist");
  await expect(lines(page).filter({ hasText: "Bo Ærø skrev 10 tegn i Resumé." })).toContainText("1. Orientering om spor");
  await expect(lines(page).last()).toContainText("Sofie Krog planlagde mødet d. 06-03-2030.");
  await inspect(page, "trail");

  await test.step("only what was refused", async () => {
    await page.getByLabel("Kun afviste").focus();
    await page.keyboard.press("Space");
    await expect(lines(page)).toHaveCount(1);
    await expect(page.getByLabel("Slags")).toHaveValue("refused");
    await page.getByRole("button", { name: "Nulstil" }).press("Enter");
    await expect(lines(page).first()).toContainText("Personsag");
  });

  await test.step("person, item, words and days", async () => {
    await page.getByLabel("Person").selectOption({ label: "Bo Ærø" });
    await expect(lines(page).first()).toContainText("Bo Ærø ville låse");
    await page.getByLabel("Punkt").selectOption({ label: "1. Orientering om spor" });
    await expect(lines(page)).toHaveCount(1);
    await page.getByRole("button", { name: "Nulstil" }).click();
    await page.getByLabel("Søg i teksten").fill("personsag");
    await page.keyboard.press("Enter");
    await expect(lines(page)).toHaveCount(1);
    await page.getByLabel("Til dato").fill("2020-01-01");
    await expect(page.getByText("Intet passer til det, du har valgt.")).toBeVisible();
    await page.getByRole("button", { name: "Nulstil" }).click();
  });

  await test.step("what is shown, as files", async () => {
    await page.getByLabel("Kun afviste").check();
    await expect(lines(page)).toHaveCount(1);
    const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV til Excel" }).click()]);
    expect(csv.suggestedFilename()).toMatch(/^revisionsspor-2030-03-06-til-position-\d+\.csv$/);
    const text = await readFile(await csv.path(), "utf8");
    expect(text.startsWith("\ufeffPosition;")).toBe(true);
    expect(text.trimEnd().split("\r\n")).toHaveLength(2);
    const [json] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "JSON Lines" }).click()]);
    expect(JSON.parse(await readFile(await json.path(), "utf8"))).toMatchObject({ event: "CommandRefused", user: "bo" });
  });
});

test("a long trail goes on, and the focus with it", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om meget");
  const item = meeting.items[0]!.id;
  for (let n = 0; n < 110; n += 1) {
    await desk.command(meeting.id, { type: "comment", item, document: "case", text: `Nummer ${n}`, mentions: [] });
  }
  const { page } = await enter("sofie", `/moede/${meeting.id}/revisionsspor`);
  await expect(lines(page)).toHaveCount(100);
  await page.getByRole("button", { name: "Vis ældre" }).press("Enter");
  await expect(lines(page)).toHaveCount(112);
  await expect(lines(page).nth(100)).toBeFocused();
  await expect(page.getByRole("button", { name: "Vis ældre" })).toHaveCount(0);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page, "a long trail");
});

test("the forum has a trail, and a log of who looked back", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om blikke");
  const gitte = await enter("gitte", `${itemPath(meeting, meeting.items[0]!)}/historik`);
  await expect(gitte.page.getByRole("heading", { level: 1 })).toBeVisible();
  await gitte.page.goto("/");
  await expect(gitte.page.getByRole("link", { name: "Adgangslog" })).toHaveCount(0);

  const { page } = await enter("sofie");
  await page.getByRole("link", { name: "Revisionsspor for forummet" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Revisionsspor for forummet" })).toBeVisible();
  await expect(lines(page).first()).toContainText("planlagde mødet d. 06-03-2030.");
  await expect(lines(page).filter({ hasText: /tilføjede Bo Ærø som medlem/ })).toHaveCount(1);
  await inspect(page, "trail-forum");
  await page.getByRole("link", { name: "Forum", exact: true }).click();
  await page.getByRole("link", { name: "Adgangslog" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Adgangslog" })).toBeVisible();
  await page.getByLabel("Person").selectOption({ label: "Gitte Sønderby" });
  await expect(lines(page).filter({ hasText: "Gitte Sønderby så historikken." })).toContainText("6. marts 2030");
  await inspect(page, "access");
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV til Excel" }).click()]);
  expect(await readFile(await csv.path(), "utf8")).toContain(";Gitte Sønderby;");
});
