// The parts of an item: "Intet at bemærke", guidance, planning that stays inside, and who may write.
import { enterSection, expectSaved, itemPath, section } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";

const nothingIn = (page: Page, heading: string) => page.getByRole("checkbox", { name: `Intet at bemærke: ${heading}` });

test("Intet at bemærke is one click that others see and that is published", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om økonomi");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, gitte] = [(await enter("bo", path)).page, (await enter("gitte", path)).page];
  await enterSection(gitte, "Økonomi");
  await nothingIn(bo, "Økonomi").click();
  await expect(nothingIn(gitte, "Økonomi")).toBeChecked();
  await bo.goto(`/dagsorden/${meeting.id}/udkast`);
  await expect(bo.getByText("Intet at bemærke.")).toHaveCount(1);
  await nothingIn(gitte, "Økonomi").click();
  await expectSaved(gitte);
  await bo.reload();
  await expect(bo.getByText("Intet at bemærke.")).toHaveCount(0);
});

test("words beside Intet at bemærke are published, and the page says so", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om ord");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Økonomi");
  await page.keyboard.type("Ordene vinder");
  await nothingIn(page, "Økonomi").click();
  await expect(page.getByText("Står der tekst herunder, er det den, der udgives.")).toBeVisible();
  await expectSaved(page);
  await page.goto(`/dagsorden/${meeting.id}/udkast`);
  await expect(page.locator("body")).toContainText("Ordene vinder");
  await expect(page.getByText("Intet at bemærke.")).toHaveCount(0);
});

test("guidance stands beside the text and is its description, never part of it", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om vejledning");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  await expect(section(page, "Indstilling")).toHaveAccessibleDescription(/Skriv hvert punkt som en at-sætning/);
  await expect(section(page, "Indstilling")).toHaveText("");
  await page.goto(`/dagsorden/${meeting.id}/udkast`);
  await expect(page.locator("body")).not.toContainText("at-sætning");
});

test("the planning is shared between those who write and is in no published page", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om planlægning");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, gitte] = [(await enter("bo", path)).page, (await enter("gitte", path)).page];
  for (const page of [bo, gitte]) await page.getByRole("tab", { name: "Planlægning" }).click();
  await expect(bo.getByText("Planlægningen udgives aldrig.")).toBeVisible();
  const aim = section(bo, "Formål");
  await expect(aim).toHaveAttribute("contenteditable", "true");
  await aim.click();
  await bo.keyboard.type("Hemmelig hensigt");
  await expect(section(gitte, "Formål")).toContainText("Hemmelig hensigt");
  await expect(bo.getByRole("tabpanel", { name: "Planlægning" }).locator(".saved")).toHaveText("Gemt");
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  for (const edition of ["1", "udkast"]) {
    await bo.goto(`/dagsorden/${meeting.id}/${edition}`);
    await expect(bo.locator("body")).toContainText("Beslutning om planlægning");
    await expect(bo.locator("body")).not.toContainText("Hemmelig hensigt");
  }
});

test("a reader sees the text live, cannot write, and does not see the planning", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const path = itemPath(meeting, meeting.items[2]!);
  const [bo, per] = [(await enter("bo", path)).page, await enter("per", path)];
  const theirs = section(per.page, "Resumé");
  await expect(theirs).toHaveAttribute("contenteditable", "false");
  await expect(per.page.getByText("Du kan læse, men ikke redigere her.")).toBeVisible();
  await expect(per.page.getByRole("tab", { name: "Planlægning" })).toHaveCount(0);
  await expect(per.page.getByRole("toolbar")).toHaveCount(0);
  await expect(per.page.getByRole("button", { name: "Markér som klar" })).toHaveCount(0);
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Maden er økologisk");
  await expect(theirs).toContainText("Maden er økologisk");
  await theirs.click();
  await per.page.keyboard.type("xyz");
  await expect(theirs).not.toContainText("xyz");
  // Nor by going round the page: for Per there is no such document.
  const { request } = per.context;
  const planning = await request.post(`/api/documents/${meeting.items[2]!.documents.planning}/ticket`, { headers: { origin: new URL(per.page.url()).origin } });
  expect(planning.status()).toBe(404);
});
