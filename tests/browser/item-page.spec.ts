// The item page around the text: recommendation, "Intet at bemærke", guidance, planning, type,
// people, reading levels, the whole agenda, and the printed length.
import { enterSection, expectBlocks, expectSaved, itemPath, section } from "./support/editor.ts";
import { item, paragraph, realisticMeeting, write } from "./support/realistic.ts";
import { expect, test, type Page } from "./support/test.ts";

const level = (page: Page, name: string) => page.getByRole("radio", { name, exact: true });

test("a recommendation is written with a role, at-points by Enter, and moved by keys, as others see it", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om indstilling");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, gitte] = [(await enter("bo", path)).page, (await enter("gitte", path)).page];
  const [text, seen] = [await enterSection(bo, "Indstilling"), section(gitte, "Indstilling")];
  const sender = bo.getByRole("combobox", { name: "Hvem indstiller?" });
  const offered = await bo.locator("datalist option").evaluateAll((options) => options.map((one) => (one as HTMLOptionElement).value));
  expect(offered).toEqual([
    "Direktøren for Børn & Velfærd", "Kommunaldirektøren", "Afdelingschefen for Plan & Klima", "Afdelingschefen for Økonomi",
    "Den konst. digitaliseringschef",
  ]);

  await sender.fill("Kommunaldirektøren");
  await sender.press("Enter");
  await expectBlocks(seen, ["p: Kommunaldirektøren indstiller,"]);
  await text.focus();
  await bo.keyboard.press("Control+End");
  await bo.keyboard.press("Enter");
  await bo.keyboard.type("cykelstien anlægges,");
  await bo.keyboard.press("Enter");
  await bo.keyboard.type("den betales af puljen.");
  await bo.keyboard.press("Alt+ArrowUp");
  await expectBlocks(seen, ["p: Kommunaldirektøren indstiller,", "ol: at den betales af puljen.", "ol: at cykelstien anlægges,"]);
  await bo.getByRole("button", { name: "+ at-punkt" }).click();
  await bo.keyboard.type("sagen lukkes.");
  await expect(bo.getByText("3 at-punkter")).toBeVisible();
  await sender.fill("Direktionen");
  await sender.press("Tab");
  const expected = ["p: Direktionen indstiller,", "ol: at den betales af puljen.", "ol: at cykelstien anlægges,", "ol: at sagen lukkes."];
  await expectBlocks(seen, expected);
  await expect(gitte.getByRole("combobox", { name: "Hvem indstiller?" })).toHaveValue("Direktionen");

  await test.step("and a point that was moved is still one that can be undone", async () => {
    await text.focus();
    await bo.keyboard.press("Control+z");
    await expect(seen).toContainText("Kommunaldirektøren indstiller,");
    await bo.keyboard.press("Control+y");
    await expectBlocks(seen, expected);
  });
});

test("typing in a ticked section takes the tick off, for everyone, and says so", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om flueben");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, gitte] = [(await enter("bo", path)).page, (await enter("gitte", path)).page];
  const tick = (page: Page) => page.getByRole("checkbox", { name: "Intet at bemærke: Økonomi" });
  await enterSection(bo, "Økonomi");
  await tick(bo).click();
  await expect(tick(gitte)).toBeChecked();
  await expect(bo.getByText("Afsnittet udgives som “Intet at bemærke.” Skriver du i det, fjernes fluebenet.")).toBeVisible();
  await section(bo, "Økonomi").focus();
  await bo.keyboard.type("D");
  await expect(tick(bo)).not.toBeChecked();
  await expect(bo.getByText("Fluebenet ved “Intet at bemærke” er fjernet, fordi der er skrevet i Økonomi.")).toBeAttached();
  await expect(tick(gitte)).not.toBeChecked();
  await expectBlocks(section(gitte, "Økonomi"), ["p: D"]);
});

test("guidance that was folded up stays so, for that person", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om vaner");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  const guidance = page.getByText("Hvad koster det, hvem betaler, og hvornår?");
  await expect(guidance).toBeVisible();
  await page.getByRole("region", { name: "Økonomi" }).getByText("Vejledning").click();
  await expect(guidance).toBeHidden();
  await page.reload();
  await enterSection(page, "Resumé");
  await expect(guidance).toBeHidden();
  await expect(page.getByText("Hvilke regler gælder?")).toBeVisible();
  await expect(section(page, "Økonomi")).toHaveAccessibleDescription(/Hvad koster det/);
});

test("the planning form stands beside the text where there is room, and stays there", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om plads");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!), { viewport: { width: 1600, height: 1000 } });
  await enterSection(page, "Resumé");
  await page.getByRole("checkbox", { name: "Vis planlægning ved siden af" }).check();
  const planning = page.getByRole("complementary", { name: "Planlægning" });
  await expect(planning.locator(".saved")).toHaveText("Gemt");
  await section(page, "Formål").click();
  await page.keyboard.type("Vi skal vælge");
  await expect(planning.locator(".saved")).toHaveText("Gemt");
  await expect(page.getByRole("checkbox", { name: /Intet at bemærke: Formål/ })).toHaveCount(0);
  await page.reload();
  await expect(section(page, "Formål")).toContainText("Vi skal vælge");
  await expect(section(page, "Resumé")).toBeVisible();
  await expect(page.getByRole("tab", { name: "Planlægning" })).toHaveCount(0);
  await page.setViewportSize({ width: 900, height: 900 });
  await expect(planning).toHaveCount(0);
  await page.getByRole("tab", { name: "Planlægning" }).click();
  await expect(section(page, "Formål")).toContainText("Vi skal vælge");
});

test("type, responsible person and time are chosen, shown, told in the history, and the type is published", async ({ enter, desk }) => {
  const meeting = await desk.plan("Besøg på havnen", "Næste");
  const { page } = await enter("sofie", `/moede/${meeting.id}`);
  await page.getByRole("button", { name: "Tilføj punkt" }).click();
  const add = page.getByRole("dialog", { name: "Tilføj punkt" });
  await add.getByLabel("Titel").fill("Drøftelse af havnen");
  await expect(add.getByLabel("Type")).toHaveValue("discussion");
  await add.getByLabel("Minutter").fill("25");
  await add.getByRole("button", { name: "Gem" }).click();
  await expect(add).toBeHidden();
  await expect(page.getByRole("listitem").filter({ hasText: "Drøftelse af havnen" }).getByText("Drøftelse", { exact: true })).toBeVisible();

  await page.goto(itemPath(meeting, meeting.items[0]!));
  await page.getByRole("button", { name: "Ret punkt" }).click();
  await page.getByRole("dialog").getByLabel("Type").selectOption("Orientering");
  await page.getByRole("dialog").getByRole("button", { name: "Gem" }).click();
  await expect(page.locator(".facts")).toContainText("Orientering");
  await expect(page.locator(".facts")).toContainText("10 min. (13:00–13:10) · Hele dagsordenen: 45 min., slutter kl. 13:45");

  await page.getByRole("button", { name: "Ret bidragydere" }).click();
  const people = page.getByRole("dialog", { name: "Ret bidragydere" });
  await people.getByLabel(/Bo Ærø/).check();
  await people.getByLabel(/Gitte Sønderby/).check();
  await people.getByLabel("Ansvarlig for punktet").selectOption("Gitte Sønderby");
  await people.getByRole("button", { name: "Gem" }).click();
  await expect(page.getByText("Ansvarlig: Gitte Sønderby. Bidragydere: Bo Ærø")).toBeVisible();

  await page.getByRole("link", { name: "Se historik" }).click();
  await expect(page.getByText("Sofie Krog ændrede punktets oplysninger; titlen er «Besøg på havnen», typen er orientering.")).toBeVisible();
  await page.goto(`/dagsorden/${meeting.id}/udkast`);
  await expect(page.locator("article").first()).toContainText("Orientering");
});

test("an overview shows what is asked and what it is about, and what is missing; it is remembered", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await page.keyboard.type(" Ny sætning.");
  await level(page, "Overblik").check();
  await expect(section(page, "Resumé")).toContainText("Ny sætning.");
  await expect(section(page, "Sagsfremstilling")).toBeHidden();
  const rest = page.getByRole("region", { name: "Resten af sagen" }).getByRole("listitem");
  await expect(rest).toHaveText([
    /^Sagsfremstilling \d+ ord$/, "Kommunens vision og politikker Intet at bemærke", "Økonomi 15 ord",
    "Lovgrundlag Intet at bemærke", "Borgerperspektiv Ikke skrevet endnu", "Historik Ikke skrevet endnu",
  ]);
  await level(page, "Bilag").check();
  await expect(section(page, "Resumé")).toBeHidden();
  await expect(page.getByText("Bemandingsplan for model B")).toBeVisible();
  await page.reload();
  await expect(level(page, "Bilag")).toBeChecked();
  await level(page, "Overblik").check();
  await page.getByRole("button", { name: "Læs Historik" }).click();
  await expect(section(page, "Historik")).toBeFocused();
  await expect(level(page, "Hele sagen")).toBeChecked();
});

test("the whole agenda can be read through on a phone, item by item, as it is written", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const { page } = await enter("per", `/moede/${meeting.id}`, { viewport: { width: 360, height: 740 } });
  await page.getByRole("link", { name: "Læs hele dagsordenen" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toHaveText([/^1\. Beslutning om/, /^2\. Orientering/, /^3\. Temaer/]);
  const first = page.getByRole("article").first();
  await expect(first).toContainText("Beslutning · 25 min.");
  await expect(first).toContainText("Intet at bemærke: Kommunens vision og politikker og Lovgrundlag");
  await expect(first).toContainText("Ikke skrevet endnu: Borgerperspektiv og Historik");
  await expect(first.getByRole("table")).toBeVisible();
  await first.getByRole("link", { name: "Næste punkt" }).click();
  await expect(page.locator("#punkt-2")).toBeInViewport();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("article").nth(1).getByRole("link", { name: "Forrige punkt" })).toBeFocused();
  await level(page, "Overblik").check();
  await expect(first.getByRole("heading", { level: 3 })).toHaveText(["Indstilling", "Resumé", "Bilag"]);
  await level(page, "Bilag").check();
  await expect(first.getByRole("heading", { level: 3 })).toHaveText(["Bilag"]);
  await level(page, "Hele sagen").check();
  await write(desk, meeting, meeting.items[1]!.id, "resume", [paragraph("Der er salt nok til en lang vinter.")]);
  await expect(page.getByRole("article").nth(1)).toContainText("Der er salt nok til en lang vinter.");
});

const PROSE = "Forvaltningen har sammen med afdelingerne gennemgået tre års erfaringer og vurderer, at en mere ensartet praksis vil lette både planlægning og opfølgning. ";

/** The pages of the only item of a published page, as the browser prints it on A4. */
async function printedPages(page: Page): Promise<number> {
  await page.evaluate(() => {
    document.body.classList.remove("draft");
    document.querySelectorAll("header, nav, footer, .skip").forEach((part) => part.remove());
    document.querySelectorAll("article").forEach((part, index) => (index > 0 ? part.remove() : (part.style.breakBefore = "auto")));
  });
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  return (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
}

test("the printed length follows what is typed, agrees with print, and warns of more than two pages", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om længde");
  const first = meeting.items[0]!;
  const { page } = await enter("bo", itemPath(meeting, first));
  await enterSection(page, "Sagsfremstilling");
  const length = page.locator(".meter");
  await expect(length).toHaveText(/^Længde på tryk: ca. en halv side/);
  await page.keyboard.insertText(PROSE.repeat(20));
  await expect(length).toHaveText(/^Længde på tryk: ca. 1 side/);
  await expect(page.getByText(/Punktet fylder mere end/)).toHaveCount(0);
  await write(desk, meeting, first.id, "resume", [paragraph(PROSE.repeat(12)), ...Array.from({ length: 12 }, (_, n) => item(true, n % 3, PROSE))]);
  await expect(length).toHaveText(/^Længde på tryk: ca. 2 sider/);
  await write(desk, meeting, first.id, "oekonomi", [paragraph(PROSE.repeat(10)), paragraph(PROSE.repeat(12))]);
  await expect(length).toHaveText(/^Længde på tryk: ca. 2,5 sider/);
  await expect(page.getByText("Punktet fylder mere end de 2 sider, som forummet ønsker.")).toBeVisible();
  await expectSaved(page);
  const pdf = await (await page.request.get(`/dagsorden/${meeting.id}/udkast/dagsorden.pdf`)).body();
  // Cover and contents come before the one item.
  const pages = Number(/<xmpTPg:NPages>(\d+)</.exec(pdf.toString("latin1"))?.[1]) - 2;
  expect(pages).toBeGreaterThan(2);
  await expect(length, "the pages of the PDF, counted in a pause").toContainText(`, i PDF ${pages} sider`);
  await page.goto(`/dagsorden/${meeting.id}/udkast`);
  expect(await printedPages(page)).toBe(3);
});
