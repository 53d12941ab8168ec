// The editions of a meeting, as the secretariat makes them and outsiders read them: agenda, supplement,
// minutes, a correction; the files of old editions never change a byte.
import type { APIRequestContext } from "@playwright/test";
import { enterSection, expectSaved, section } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { confirm } from "./support/secretariat.ts";
import { expect, type Page, test } from "./support/test.ts";

const FILES = ["html", "md", "json", "akn.xml", "sbsys.xml"];

/** The bytes of an edition's files. */
async function bytes(anyone: APIRequestContext, page: string): Promise<string[]> {
  const answers = await Promise.all(FILES.map((extension) => anyone.get(`${page}/dagsorden.${extension}`)));
  return Promise.all(answers.map(async (answer) => (await answer.body()).toString("base64")));
}

const publish = (page: Page, button: string) => confirm(page, button, "Udgiv nu");

test("agenda, supplement, minutes and a correction", async ({ enter, desk, server, playwright }) => {
  test.setTimeout(120_000);
  const anyone = await playwright.request.newContext();
  const meeting = await desk.plan("Godkendelse af dagsorden", "Budget for havnen");
  const [home, base] = [`/moede/${meeting.id}`, `${server.url}/dagsorden/${meeting.id}`];
  const write = (item: string, document: string, key: string, text: string) =>
    desk.command(meeting.id, { type: "write_section", item, document, section: key, blocks: [{ type: "paragraph", text: [{ text }] }], nothing: false });
  await write(meeting.items[1]!.id, "case", "resume", "Havnen koster 12 kroner.");
  const { page } = await enter("sofie", home);
  const first: Record<number, string[]> = {};

  await test.step("the agenda is published", async () => {
    await confirm(page, "Lås dagsordenen", "Lås nu");
    await publish(page, "Udgiv");
    await expect(page.getByRole("link", { name: "Udgave 1: Dagsorden" })).toBeVisible();
    first[1] = await bytes(anyone, `${base}/1`);
  });

  await test.step("a supplement has its own items, and the others lie fast", async () => {
    await confirm(page, "Åbn tillægsdagsorden", "Åbn nu", "En hastesag");
    await expect(page.getByText("Tillægsdagsorden åben")).toBeVisible();
    await expect(page.getByRole("button", { name: "Ret punkt 1" })).toHaveCount(0);
    await page.getByRole("button", { name: "Tilføj punkt" }).click();
    await page.getByRole("dialog").getByLabel("Titel").fill("Hastesag om fyret");
    await page.getByRole("dialog").getByRole("button", { name: "Gem" }).click();
    await expect(page.getByRole("link", { name: /Hastesag om fyret/ })).toBeVisible();
    await inspect(page, "editions-supplement-open");
    await confirm(page, "Lås tillægsdagsordenen", "Lås nu");
    await publish(page, "Udgiv tillægsdagsordenen");
    const html = await (await anyone.get(`${base}/2`)).text();
    expect(html).toContain("TILLÆGSDAGSORDEN");
    expect(html).toContain("Punkt 3: Hastesag om fyret");
    expect(html).not.toContain("Budget for havnen");
    first[2] = await bytes(anyone, `${base}/2`);
  });

  await test.step("the decisions are written in a list, and frozen as the minutes", async () => {
    await page.getByRole("link", { name: "Skriv beslutninger" }).click();
    await expect(page.getByText("0 af 3 punkter har en beslutning.")).toBeVisible();
    await page.getByText("Skriv her, Punkt 2").click();
    await enterSection(page, "Beslutning");
    await page.keyboard.type("Godkendt.");
    await expectSaved(page);
    await expect(page.getByText("1 af 3 punkter har en beslutning.")).toBeVisible({ timeout: 15_000 });
    await expect(section(page, "Beslutning"), "the text stays open").toContainText("Godkendt.");
    await inspect(page, "editions-decisions");
    await page.goto(home);
    await page.getByRole("button", { name: "Lås referatet" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("2 punkter har ingen beslutning:")).toBeVisible();
    await inspect(page, "editions-minutes-dialog");
    await dialog.getByRole("button", { name: "Lås nu" }).click();
    await expect(page.getByText("Referat låst")).toBeVisible();
    await publish(page, "Udgiv referatet");
    const html = await (await anyone.get(base)).text();
    expect(html).toContain("REFERAT");
    for (const words of ["Budget for havnen", "Hastesag om fyret", "Godkendt."]) expect(html).toContain(words);
    first[3] = await bytes(anyone, `${base}/3`);
    await expect(page.getByRole("button", { name: "Åbn tillægsdagsorden" })).toHaveCount(0);
  });

  await test.step("a correction of the minutes says what it corrects, and why", async () => {
    await page.getByRole("button", { name: "Ret en udgave" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Begynd at rette" }).click();
    await expect(dialog.getByText("Vælg mindst én ting, der skal rettes.")).toBeVisible();
    await inspect(page, "editions-correction-dialog");
    await dialog.getByLabel("Punkt 2: Budget for havnen").check();
    await dialog.getByLabel("Hvad er rettet, og hvorfor?").fill("Beslutningen manglede et ord");
    await dialog.getByRole("button", { name: "Begynd at rette" }).click();
    await expect(page.getByRole("main").getByText("Udgave 3 er ved at blive rettet: Beslutningen manglede et ord")).toBeVisible();
    await write(meeting.items[1]!.id, "decision", "beslutning", "Med bemærkninger.");
    await inspect(page, "editions-correction-open");
    await confirm(page, "Lås rettelsen", "Lås nu");
    await publish(page, "Udgiv rettelsen");
    await expect(page.getByText("Gælder ikke længere. Rettet i udgave 4.")).toBeVisible();
    await inspect(page, "editions-published");
  });

  await test.step("an outsider who has the old address is shown the way to what holds", async () => {
    await page.context().clearCookies();
    await page.goto(`${base}/3`);
    const banner = page.getByRole("complementary", { name: "Andre udgaver" });
    await expect(banner).toContainText("gælder ikke længere");
    await inspect(page, "editions-superseded");
    await banner.getByRole("link", { name: "Gå til udgave 4, der gælder nu" }).click();
    await expect(page.getByText("udgave 3: Beslutningen manglede et ord")).toBeVisible();
    await expect(page.getByText("Med bemærkninger.")).toBeVisible();
    await expect(page.getByRole("complementary", { name: "Andre udgaver" })).toHaveCount(0);
    await page.goto(base);
    await expect(page).toHaveURL(`${base}/4`);
    await page.goto(`${base}/1`);
    await expect(page.getByRole("link", { name: "Læs referatet (udgave 4)" })).toBeVisible();
  });

  await test.step("the files of the old editions are what they were, and the log makes them again", async () => {
    for (const edition of [1, 2, 3]) expect(await bytes(anyone, `${base}/${edition}`)).toEqual(first[edition]);
    await server.end();
    expect(await server.run("verify")).toContain("4 låsninger genskabt");
    await server.restart();
  });
  await anyone.dispose();
});

test("a correction can be given up, and the text is what was published", async ({ enter, desk }) => {
  const meeting = await desk.plan("Drøftelse af fyret");
  const item = meeting.items[0]!;
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  await desk.command(meeting.id, { type: "open_correction", edition: 1, items: [item.id], reason: "En tastefejl" });
  const bo = (await enter("bo", `/moede/${meeting.id}/punkt/${item.id}`)).page;
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Forkert rettelse.");
  await expectSaved(bo);
  const { page } = await enter("sofie", `/moede/${meeting.id}`);
  await confirm(page, "Opgiv rettelsen", "Opgiv nu", "Der var ingen fejl");
  await expect(page.getByRole("button", { name: "Ret en udgave" })).toBeVisible();
  await expect(section(bo, "Resumé")).toHaveAttribute("contenteditable", "false");
  await expect(section(bo, "Resumé")).not.toContainText("Forkert rettelse.");
  await page.goto(`/moede/${meeting.id}/historik`);
  await expect(page.getByText(/opgav rettelsen af dagsordenen: Der var ingen fejl/)).toBeVisible();
});
