// What the service signed, in the audit trail; what was refused, in the access log.
import { readFile } from "node:fs/promises";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

const lines = (page: Page) => page.locator("main ol.plain-list > li");

test("signatures stand in both trails, checkpoints when they are wanted", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om underskrifter");
  await desk.command(meeting.id, { type: "freeze", reason: "Udsendes" });
  await desk.command(meeting.id, { type: "publish" });
  const { page } = await enter("sofie", `/moede/${meeting.id}/revisionsspor`);
  const seal = lines(page).filter({ hasText: /Tjenesten underskrev \d+ filer i udgave 1 med nøglen dagsorden\+/ });
  await expect(async () => {
    await page.reload();
    await expect(seal).toHaveCount(1, { timeout: 2_000 });
  }).toPass();
  await expect(seal).toContainText("Underskrift af filer");
  await expect(page.getByLabel("Vis også kontrolpunkter")).toHaveCount(0);
  await page.getByLabel("Person").selectOption({ label: "Tjenesten" });
  await expect(lines(page)).toHaveCount(1);

  await page.goto("/");
  await page.getByRole("link", { name: "Revisionsspor for forummet" }).click();
  await expect(seal.filter({ hasText: "Mødet" })).not.toHaveCount(0);
  const checkpoints = lines(page).filter({ hasText: /underskrev loggen til og med position \d+/ });
  await expect(checkpoints).toHaveCount(0);
  await page.getByLabel("Vis også kontrolpunkter").focus();
  await page.keyboard.press("Space");
  await expect(checkpoints).not.toHaveCount(0);
  await expect(lines(page).filter({ hasText: "planlagde mødet d. 06-03-2030." })).not.toHaveCount(0);
  await inspect(page, "trail-signed");
  await page.getByLabel("Slags").selectOption({ label: "Kontrolpunkter" });
  await expect(lines(page).filter({ hasText: "planlagde mødet" })).toHaveCount(0);
  await expect(checkpoints).not.toHaveCount(0);
  await page.getByRole("button", { name: "Nulstil" }).click();
  await expect(checkpoints).toHaveCount(0);
});

test("the access log says what was refused, and why", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Orientering om afslag");
  const bo = (await enter("bo", `/moede/${meeting.id}`)).page;
  const trail = `/api/meetings/${meeting.id}/trail`;
  expect((await bo.request.get(`${server.url}${trail}`)).status()).toBe(403);
  const headers = { origin: server.url, "content-type": "application/json" };
  const broken = await bo.request.post(`${server.url}/api/meetings/${meeting.id}/commands`, { headers, data: Buffer.from("{") });
  expect(broken.status()).toBe(400);

  const { page } = await enter("sofie");
  await page.getByRole("link", { name: "Adgangslog" }).click();
  await expect(lines(page).filter({ hasText: "Bo Ærø ville se revisionssporet, men havde ikke adgang." })).toContainText("6. marts 2030");
  await expect(lines(page).filter({ hasText: "Bo Ærø sendte en ændring, men det, der blev sendt, kunne ikke læses." })).toContainText("Afvist");
  await page.getByLabel("Person").selectOption({ label: "Sofie Krog" });
  await expect(lines(page).filter({ hasText: "Sofie Krog så adgangsloggen." })).not.toHaveCount(0);
  await page.getByLabel("Person").selectOption({ label: "Alle" });
  await page.getByLabel("Kun afviste").focus();
  await page.keyboard.press("Space");
  await expect(lines(page).filter({ hasText: "så adgangsloggen" })).toHaveCount(0);
  await expect(lines(page).filter({ hasText: "havde ikke adgang" })).not.toHaveCount(0);
  await inspect(page, "access-refused");
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV til Excel" }).click()]);
  const text = await readFile(await csv.path(), "utf8");
  expect(text).toContain(`;afvist: ingen adgang;${trail}`);
  expect(text).not.toContain(";vist;");
  await page.getByLabel("Hvad").selectOption({ label: "intet; sendte en ændring" });
  await expect(lines(page).filter({ hasText: "ville se" })).toHaveCount(0);
  await expect(lines(page)).not.toHaveCount(0);
});
