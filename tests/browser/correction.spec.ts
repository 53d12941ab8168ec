// A correction of when and where a meeting is, and of who takes part: only in the new edition, and gone again
// when it is given up.
import { inspect } from "./support/looks.ts";
import { confirm } from "./support/secretariat.ts";
import { expect, test } from "./support/test.ts";

test("when, where and who are corrected in an edition of their own", async ({ enter, desk, server, playwright }) => {
  const anyone = await playwright.request.newContext();
  const meeting = await desk.plan("Drøftelse af fyret");
  await desk.command(meeting.id, { type: "change_participants", participants: [{ name: "Agnete Strandgaard", roles: ["Havnechef"] }] });
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  const base = `${server.url}/dagsorden/${meeting.id}`;
  const file = async (edition: number, extension: string) => (await anyone.get(`${base}/${edition}/dagsorden.${extension}`)).body();
  const first = { json: await file(1, "json"), pdf: await file(1, "pdf") };
  const { page } = await enter("sofie", `/moede/${meeting.id}`);

  await test.step("a correction of no item is begun", async () => {
    await page.getByRole("button", { name: "Ret en udgave" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Hvad er rettet, og hvorfor?").fill("Mødet er flyttet");
    await dialog.getByRole("button", { name: "Begynd at rette" }).click();
    await expect(dialog.getByText("Vælg mindst én ting, der skal rettes.")).toBeVisible();
    await dialog.getByLabel("Mødets dato, tid, sted og deltagere").check();
    await inspect(page, "correction-facts-dialog");
    await dialog.getByRole("button", { name: "Begynd at rette" }).click();
    await expect(page.getByText("Rettelse åben")).toBeVisible();
  });

  const change = async (place: string, name: string) => {
    await page.getByRole("button", { name: "Ret møde", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Sted").fill(place);
    await page.getByRole("dialog").getByRole("button", { name: "Gem" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    await page.getByRole("button", { name: "Ret deltagere" }).click();
    await page.getByRole("dialog").getByLabel("Navn").first().fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Gem" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  };

  await test.step("what is changed stands in the new edition alone", async () => {
    await change("Broen", "Agnete Strandgård");
    await inspect(page, "correction-facts-open");
    await confirm(page, "Lås rettelsen", "Lås nu");
    await confirm(page, "Udgiv rettelsen", "Udgiv nu");
    await page.goto(`${base}/2`);
    for (const words of ["Broen", "Agnete Strandgård", "udgave 1: Mødet er flyttet"]) {
      await expect(page.getByText(words).first()).toBeVisible();
    }
    await page.goto(`${base}/1`);
    await expect(page.getByText("Agnete Strandgaard").first()).toBeVisible();
    await expect(page.getByText("Broen")).toHaveCount(0);
  });

  await test.step("a correction that is given up leaves nothing", async () => {
    await desk.command(meeting.id, { type: "open_correction", edition: 2, items: [], reason: "En fejl til" });
    await page.goto(`/moede/${meeting.id}`);
    await change("Kajen", "Bo Skov");
    await expect(page.getByText("Kajen").first()).toBeVisible();
    await confirm(page, "Opgiv rettelsen", "Opgiv nu", "Der var ingen fejl");
    await expect(page.getByText("Broen").first()).toBeVisible();
    await expect(page.getByText("Kajen")).toHaveCount(0);
  });

  await test.step("the old edition's files are what they were, and the log makes both again", async () => {
    expect((await file(1, "json")).equals(first.json)).toBe(true);
    expect((await file(1, "pdf")).equals(first.pdf)).toBe(true);
    await server.end();
    expect(await server.run("verify")).toContain("2 låsninger genskabt");
    await server.restart();
  });
  await anyone.dispose();
});
