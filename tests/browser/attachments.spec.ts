// Attachments, from a file on somebody's computer to the published page: sent with progress, looked
// through, seen by others at once, ordered, replaced, closed, frozen, published.
import { itemPath } from "./support/editor.ts";
import { csv, docx, type Made, pdf, polyglot, withMacro } from "./support/files.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

const panel = (page: Page) => page.getByRole("region", { name: "Bilag", exact: true });
const choosing = async (page: Page, button: string, ...files: Made[]) => {
  const chooser = page.waitForEvent("filechooser");
  await panel(page).getByRole("button", { name: button, exact: true }).press("Enter");
  await (await chooser).setFiles(files);
};
const choose = (page: Page, ...files: Made[]) => choosing(page, "Vælg filer", ...files);
const look = async (page: Page, name: string) => {
  await panel(page).evaluate((element) => element.scrollIntoView({ block: "end" }));
  await inspect(page, name);
};
const titles = (page: Page) => panel(page).locator(".title").allInnerTexts();
const expectTitles = (page: Page, ...expected: string[]) =>
  expect.poll(async () => (await titles(page)).map((text) => text.replaceAll("\n", " ").trim())).toEqual(expected);
const coming = (page: Page, name: string) => panel(page).getByRole("listitem").filter({ hasText: name }).filter({ has: page.getByRole("button") });
const said = (page: Page, text: string) => expect(page.getByText(text, { exact: true })).toBeAttached();

test("files are chosen, sent, and seen by the others at once; a reader opens what was sent", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om bilag");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, per] = [await enter("bo", path), (await enter("per", path)).page];
  const map = pdf("Kort over åen.pdf", "Kort");
  await choose(bo.page, map, csv("Budget.csv", "post;kr\nÅ;12\n"), docx("Notat.docx"));
  await said(bo.page, "Notat.docx er lagt op som bilag.");
  const all = ["Bilag 1 Kort over åen", "Bilag 2 Budget", "Bilag 3 Notat"];
  await expectTitles(bo.page, ...all);
  await expectTitles(per, ...all);
  await expect(panel(per).getByRole("button")).toHaveCount(0);
  await expect(panel(per).getByText("Læg filer op som bilag")).toHaveCount(0);

  const link = panel(per).getByRole("link", { name: "Kort over åen" });
  const answer = await per.request.get(await link.getAttribute("href") as string);
  expect((await answer.body()).equals(map.buffer), "the bytes that were sent").toBe(true);
  expect(answer.headers()).toMatchObject({
    "content-type": "application/pdf",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "content-disposition": "inline; filename=\"Kort over _en.pdf\"; filename*=UTF-8''Kort%20over%20%C3%A5en.pdf",
  });
  const download = per.waitForEvent("download");
  await panel(per).getByRole("link", { name: "Budget" }).click();
  expect((await download).suggestedFilename()).toBe("Budget.csv");
  const stranger = await (await per.context().browser()!.newContext()).request.get(new URL(await link.getAttribute("href") as string, per.url()).href);
  expect(stranger.status()).toBe(401);
});

test("they are ordered, renamed, replaced and removed, and the history tells of it", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om orden");
  const path = itemPath(meeting, meeting.items[0]!);
  const [{ page: bo }, { page: gitte }] = [await enter("bo", path), await enter("gitte", path)];
  await choose(bo, pdf("a.pdf"), pdf("b.pdf", "B"));
  await expectTitles(bo, "Bilag 1 a", "Bilag 2 b");
  const up = panel(bo).getByRole("button", { name: "Flyt op: b" });
  await up.focus();
  await bo.keyboard.press("Enter");
  await expectTitles(gitte, "Bilag 1 b", "Bilag 2 a");
  await said(bo, "b er nu bilag 1 af 2.");
  await expect(up, "keeps the focus").toBeFocused();

  await panel(bo).getByRole("button", { name: "Ret a", exact: true }).click();
  await bo.getByRole("dialog").getByLabel("Titel").fill("Anlægsregnskab");
  await bo.keyboard.press("Enter");
  await expectTitles(gitte, "Bilag 1 b", "Bilag 2 Anlægsregnskab");

  await choosing(bo, "Ny version af Anlægsregnskab", pdf("regnskab rettet.pdf", "Rettet"));
  await expect(panel(gitte).getByText(/version 2/)).toBeVisible();
  await panel(gitte).getByText("Tidligere versioner").click();
  const old = await panel(gitte).getByRole("link", { name: "Version 1: a.pdf" }).getAttribute("href");
  expect((await (await gitte.request.get(old!)).body()).equals(pdf("a.pdf").buffer), "the first version stays").toBe(true);

  await panel(gitte).getByRole("button", { name: "Fjern b", exact: true }).click();
  await gitte.getByRole("button", { name: "Fjern bilaget" }).click();
  await expectTitles(bo, "Bilag 1 Anlægsregnskab");
  await bo.getByRole("link", { name: "Se historik" }).click();
  for (const sentence of [
    "Bo Ærø tilføjede bilaget «a».", "Bo Ærø flyttede bilaget «b» til nummer 1.", "Bo Ærø gav et bilag titlen «Anlægsregnskab».",
    "Bo Ærø lagde version 2 af bilaget «Anlægsregnskab» op.", "Gitte Sønderby fjernede bilaget «b».",
  ]) await expect(bo.getByRole("button", { name: sentence })).toBeVisible();
});

test("what could do harm is refused with the reason, and nothing of it is kept", async ({ enter, desk }) => {
  const meeting = await desk.plan("Drøftelse af farer");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  const script = pdf("script.pdf", "x", { catalog: "/OpenAction << /S /JavaScript /JS (app.alert) >>" });
  await choose(page, polyglot("polyglot.pdf"), withMacro("makro.docx"), script, csv("side.html", "<html>"), csv("tom.csv", ""), pdf("fin.pdf"));
  const expected: [string, RegExp][] = [
    ["polyglot.pdf", /noget andet i filen før eller efter/],
    ["makro.docx", /makroer\. Gem den uden makroer/],
    ["script.pdf", /JavaScript\. Udskriv den til en ny PDF/],
    ["side.html", /Brug PDF, Word/],
    ["tom.csv", /Vælg en fil med indhold/],
  ];
  for (const [name, reason] of expected) await expect(coming(page, name).getByRole("alert")).toContainText(reason);
  await expectTitles(page, "Bilag 1 fin");
  await look(page, "attachments-refused");
  await page.getByRole("button", { name: "Fjern fra listen: tom.csv" }).click();
  await expect(coming(page, "tom.csv")).toHaveCount(0);
  await expect(panel(page).getByRole("button", { name: "Fjern fra listen: polyglot.pdf" }), "the focus stays near").toBeFocused();
  await expect(panel(page).getByRole("button", { name: "Prøv igen: polyglot.pdf" }), "the same file is refused again").toHaveCount(0);
});

test("progress is shown and said; a file is cancelled, sent again, and waits for the connection", async ({ enter, desk }) => {
  test.slow();
  const meeting = await desk.plan("Orientering om tålmodighed");
  const { page, context } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  const network = await context.newCDPSession(page);
  const speed = (uploadThroughput: number) => network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  // Some forty seconds, of which the test needs a few: it is not there before it is cancelled.
  await speed(1_000_000);
  await choose(page, pdf("Stor.pdf", "Stor", { padding: 40_000_000 }), pdf("Lille.pdf"));
  const bar = panel(page).getByRole("progressbar", { name: "Stor.pdf: sendt" });
  await expect.poll(async () => Number(await bar.getAttribute("value"))).toBeGreaterThan(5);
  await expect(coming(page, "Lille.pdf")).toContainText("Venter");
  await look(page, "attachments-sending");
  await expect(page.getByText(/^Stor\.pdf: \d+ % er sendt\.$/).first()).toBeAttached();
  await panel(page).getByRole("button", { name: "Annuller Stor.pdf" }).click();
  await expect(coming(page, "Stor.pdf")).toContainText("Annulleret. Filen er ikke lagt op.");
  await expectTitles(page, "Bilag 1 Lille");
  await speed(-1);
  await panel(page).getByRole("button", { name: "Prøv igen: Stor.pdf" }).click();
  await expectTitles(page, "Bilag 1 Lille", "Bilag 2 Stor");

  await context.setOffline(true);
  await choose(page, pdf("Senere.pdf"));
  await expect(coming(page, "Senere.pdf").getByRole("alert")).toContainText("Prøv igen, når forbindelsen er tilbage.");
  await context.setOffline(false);
  await panel(page).getByRole("button", { name: "Prøv igen: Senere.pdf" }).click();
  await expectTitles(page, "Bilag 1 Lille", "Bilag 2 Stor", "Bilag 3 Senere");
});

test("files are dragged onto the item", async ({ enter, desk }) => {
  const meeting = await desk.plan("Besøg af en mus");
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  const area = panel(page).getByRole("group", { name: "Læg filer op som bilag" });
  await expect(area).toBeVisible();
  const dragged = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "Trukket.pdf", { type: "application/pdf" }));
    return data;
  }, pdf("x.pdf").buffer.toString("latin1"));
  await area.dispatchEvent("dragover", { dataTransfer: dragged });
  await expect(area).toHaveClass(/over/);
  await area.dispatchEvent("drop", { dataTransfer: dragged });
  const taken = await page.evaluate((dataTransfer) => {
    const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
    return !document.querySelector("h1")!.dispatchEvent(drop);
  }, dragged);
  expect(taken, "a file let go beside the area does not take the page away").toBe(true);
  await expectTitles(page, "Bilag 1 Trukket");
});

test("the published page has the file, byte for byte, and of a closed one only that it is there", async ({ enter, desk, server, playwright }) => {
  const meeting = await desk.plan("Beslutning om offentlighed", "Lukket personsag");
  const path = itemPath(meeting, meeting.items[0]!);
  const [{ page: bo, api }, { page: per }] = [await enter("bo", path), await enter("per", path)];
  const open = pdf("Støjkort.pdf", "Til alle");
  await choose(bo, open, pdf("Lønforhandling.pdf", "Kun os"));
  await expectTitles(bo, "Bilag 1 Støjkort", "Bilag 2 Lønforhandling");
  await panel(bo).getByRole("button", { name: "Ret Lønforhandling" }).click();
  const dialog = bo.getByRole("dialog", { name: "Ret bilag 2" });
  await dialog.getByLabel("Lukket bilag").check();
  await dialog.getByRole("button", { name: "Gem" }).click();
  await expect(dialog.getByText("Skriv en begrundelse.")).toBeVisible();
  await dialog.getByLabel("Hvorfor er bilaget lukket?").fill("Personalesag");
  await inspect(bo, "attachments-edit");
  await dialog.getByRole("button", { name: "Gem" }).click();
  await expect(panel(per).getByText("Kun for medlemmer: Personalesag")).toBeVisible();
  await look(bo, "attachments");
  const secret = await panel(per).getByRole("link", { name: "Lønforhandling" }).getAttribute("href");
  expect((await per.request.get(secret!)).status(), "members read it").toBe(200);

  await api.upload(meeting.id, meeting.items[1]!.id, pdf("Afskedigelse.pdf"));
  await desk.command(meeting.id, { type: "close_item", item: meeting.items[1]!.id, reason: "Personsag" });
  await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
  await expect(panel(bo).getByRole("button")).toHaveCount(0);
  const late = await api.upload(meeting.id, meeting.items[0]!.id, pdf("sent.pdf"));
  expect([late.status(), (await late.json()).detail]).toEqual([409, "Teksten er låst. Bed sekretariatet om at genåbne den."]);
  await desk.command(meeting.id, { type: "publish" });

  const anyone = await playwright.request.newContext({ baseURL: server.url });
  const published = await (await anyone.get(`/dagsorden/${meeting.id}/1`)).text();
  for (const word of ["Lønforhandling", "Personalesag", "Afskedigelse"]) expect(published).not.toContain(word);
  expect(published).toContain("Lukket bilag");
  await bo.goto(`/dagsorden/${meeting.id}/1`);
  const link = await bo.getByRole("link", { name: "Støjkort" }).getAttribute("href");
  const served = await anyone.get(link!);
  expect((await served.body()).equals(open.buffer), "byte for byte").toBe(true);
  expect(served.headers()["content-disposition"]).toContain("inline;");
  expect((await anyone.get(link!.replace(/1$/, "2"))).status(), "the closed one is not there").toBe(404);
  expect((await anyone.get(link!.replace("/1/punkt", "/2/punkt"))).status(), "nor another edition").toBe(404);
  expect((await anyone.get(link!.replace("/punkt/1/", "/punkt/2/"))).status(), "nor one of a closed item").toBe(404);
  expect((await anyone.get(secret!)).status()).toBe(401);
  await anyone.dispose();
  await inspect(bo, "attachments-published");
});

test("they are read at their own level and in the whole agenda, and an imported name gets its file", async ({ enter, desk }) => {
  const meeting = await desk.plan("Status på læsning");
  const item = meeting.items[0]!;
  await desk.command(meeting.id, { type: "add_attachment", item: item.id, name: "Gammelt kort" });
  const { page } = await enter("bo", itemPath(meeting, item));
  await page.getByRole("radio", { name: "Bilag", exact: true }).check();
  await expect(panel(page).getByText("Filen er ikke lagt op endnu")).toBeVisible();
  await choosing(page, "Læg filen op: Gammelt kort", pdf("scan.pdf"));
  await expect(panel(page).getByRole("link", { name: "Gammelt kort" })).toBeVisible();
  await page.goto(`/moede/${meeting.id}/laes`);
  await expect(page.getByRole("article").getByRole("link", { name: "Gammelt kort" })).toBeVisible();
});
