// An agenda as files: everyone gets a published edition in every format, members a draft that says
// it is one, and nobody else gets anything.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Api, Meeting } from "./support/api.ts";
import { itemPath } from "./support/editor.ts";
import { expectNoSideways, inspect } from "./support/looks.ts";
import { realisticMeeting, table, write } from "./support/realistic.ts";
import { expect, test, type Page } from "./support/test.ts";
import { unzipped } from "./support/zip.ts";

test.describe.configure({ mode: "parallel" });

/** Label, last part of the file's name, type, what the file begins with. */
const FORMATS = [
  ["PDF", "pdf", "application/pdf", "%PDF-1.7"],
  ["PDF med bilag", "samlet.pdf", "application/pdf", "%PDF-1.7"],
  ["Webside i én fil (HTML)", "html", "text/html; charset=utf-8", "<!DOCTYPE html>"],
  ["Word (DOCX)", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04"],
  ["Tekst (Markdown)", "md", "text/markdown; charset=utf-8", "# DAGSORDEN Chefforum"],
  ["Data (JSON)", "json", "application/json", '{"proof":'],
  ["Åbne data (OParl)", "oparl.json", "application/json", '{"agendaItem":'],
  ["Akoma Ntoso (XML)", "akn.xml", "application/akn+xml", "<?xml"],
  ["SBSYS (XML)", "sbsys.xml", "application/xml", "<?xml"],
  ["Alle formater i én fil (ZIP)", "zip", "application/zip", "PK\x03\x04"],
] as const;

/** The last part of a file's address. */
const fileOf = (extension: string) => (extension === "samlet.pdf" ? "dagsorden-samlet.pdf" : `dagsorden.${extension}`);

const WORDS = "Specialundervisningskonsulentordningens";

/** The words of a file: of a PDF and of packed files by the tools that read them. */
function words(file: Buffer, extension: string): string {
  if (extension.endsWith("pdf")) return execFileSync("pdftotext", ["-raw", "-", "-"], { input: file }).toString();
  if (extension === "docx") return unpacked(file, "word/document.xml", "word/header1.xml");
  if (extension === "zip") return unpacked(file, "dagsorden.md", "manifest.json");
  return file.toString();
}

function unpacked(file: Buffer, ...names: string[]): string {
  const files = unzipped(file);
  return names.map((name) => files.get(name)!.toString()).join("\n");
}

async function published(desk: Api): Promise<Meeting> {
  const meeting = await realisticMeeting(desk);
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  return desk.meeting(meeting.id);
}

/** Clicks a link and gives what was saved. */
async function save(page: Page, link: string): Promise<{ name: string; file: Buffer }> {
  const begun = page.waitForEvent("download");
  await page.getByRole("link", { name: link, exact: true }).click();
  const download = await begun;
  return { name: download.suggestedFilename(), file: await readFile(await download.path()) };
}

test("everyone gets a published edition in every format from its page", async ({ browser, desk, server }) => {
  const meeting = await published(desk);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto(`/dagsorden/${meeting.id}/1`);
  const nav = page.getByRole("navigation", { name: "Hent dagsordenen" });
  await expect(nav.getByRole("link")).toHaveText(FORMATS.map(([label]) => label));
  for (const [label, extension, type, opens] of FORMATS) {
    const { name, file } = await save(page, label);
    expect(name, label).toBe(`Dagsorden Chefforum 2030-03-06.${extension}`);
    expect(file.subarray(0, opens.length).toString("latin1"), label).toBe(Buffer.from(opens).toString("latin1"));
    const text = words(file, extension);
    expect(text.replace(/-\n/g, ""), label).toContain(WORDS);
    expect(text.replace(/<style>[^]*<\/style>/, ""), label).not.toContain("UDKAST");
    const answer = await context.request.get((await nav.getByRole("link", { name: label, exact: true }).getAttribute("href"))!);
    const headers = answer.headers();
    expect([headers["content-type"], headers["x-content-type-options"], headers["cache-control"]], label).toEqual([type, "nosniff", "no-cache"]);
    expect(headers["content-security-policy"], label).toContain("sandbox");
    expect(headers["content-disposition"], label).toMatch(/^attachment; filename="Dagsorden Chefforum 2030-03-06\.[a-z.]+"; filename\*=UTF-8''Dagsorden%20Chefforum%202030-03-06\./);
    expect((await answer.body()).equals(file), `${label}: the same bytes every time`).toBe(true);
    const again = await context.request.get(answer.url(), { headers: { "if-none-match": headers["etag"]! } });
    expect(again.status(), label).toBe(304);
  }
  await context.close();
});

test("the meeting's page offers the same files, and the log alone gives the same bytes", async ({ enter, desk, server }) => {
  test.setTimeout(120_000);
  const meeting = await published(desk);
  const { page, context } = await enter("per", `/moede/${meeting.id}`);
  await page.getByText("Hent udgave 1 som").click();
  const links = page.getByRole("group").filter({ hasText: "Hent udgave 1 som" }).getByRole("link");
  await expect(links).toHaveText(FORMATS.map(([label]) => label));
  const { name, file } = await save(page, "PDF");
  expect(name).toBe("Dagsorden Chefforum 2030-03-06.pdf");
  await expect(page.getByText(`Hentet: ${name}`)).toBeAttached();
  const served = new Map<string, Buffer>();
  for (const [, extension] of FORMATS) {
    served.set(extension, await (await context.request.get(`/dagsorden/${meeting.id}/1/${fileOf(extension)}`)).body());
  }
  expect(served.get("pdf")!.equals(file)).toBe(true);
  const item = await (await context.request.get(`/dagsorden/${meeting.id}/1/punkter/punkt-1.docx`)).body();
  await server.end();
  const names = ["pdf", "samlet", "html", "docx", "markdown", "json", "oparl", "akoma-ntoso", "sbsys", "zip"];
  for (const [index, format] of names.entries()) {
    const out = join(server.data, `edition.${format}`);
    await server.run("publish", "--meeting", meeting.id, "--format", format, "--out", out);
    expect((await readFile(out)).equals(served.get(FORMATS[index]![1])!), format).toBe(true);
  }
  const out = join(server.data, "item.docx");
  await server.run("publish", "--meeting", meeting.id, "--item", "1", "--format", "docx", "--out", out);
  expect((await readFile(out)).equals(item)).toBe(true);
  await server.restart();
});

test("a member gets a draft in every format, marked on every page, and an outsider gets none", async ({ enter, desk, browser, server }) => {
  const meeting = await realisticMeeting(desk);
  const { page, context } = await enter("per", `/moede/${meeting.id}`);
  await page.getByText("Hent udkastet som").click();
  const pdf = await save(page, "PDF");
  expect(pdf.name).toBe("UDKAST Dagsorden Chefforum 2030-03-06.pdf");
  const pages = words(pdf.file, "pdf").split("\f").slice(0, -1);
  expect(pages.length).toBeGreaterThan(3);
  for (const text of pages) expect(text).toContain("UDKAST");
  for (const [label, extension] of FORMATS) {
    const answer = await context.request.get(`/dagsorden/${meeting.id}/udkast/${fileOf(extension)}`);
    expect([answer.status(), answer.headers()["cache-control"]], label).toEqual([200, "no-store"]);
    expect(words(await answer.body(), extension), label).toMatch(/UDKAST|"draft"|Udkast="true"/);
  }
  const stranger = await browser.newContext({ baseURL: server.url });
  for (const file of ["", "/dagsorden.pdf", "/dagsorden.json", "/punkter/punkt-1.json"]) {
    expect((await stranger.request.get(`/dagsorden/${meeting.id}/udkast${file}`)).status(), file).toBe(401);
    expect((await stranger.request.get(`/dagsorden/${meeting.id}/1${file}`)).status(), file).toBe(404);
  }
  await stranger.close();
});

test("an item can be had by itself, as a draft and when it is published", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const { page } = await enter("bo", itemPath(meeting, meeting.items[0]!));
  await page.getByText("Hent punktet som").click();
  const draft = await save(page, "Word (DOCX)");
  expect(draft.name).toBe("UDKAST Dagsorden Chefforum 2030-03-06 punkt 1.docx");
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  await page.reload();
  await page.getByText("Hent punktet som").click();
  const { name, file } = await save(page, "Data (JSON)");
  expect(name).toBe("Dagsorden Chefforum 2030-03-06 punkt 1.json");
  const { stand, item, agenda } = JSON.parse(file.toString()) as { stand: string; item: { title: string }; agenda: { items: [] } };
  expect([stand, item.title, agenda.items]).toEqual(["published", meeting.items[0]!.title, []]);
});

test("what there is none of is not found", async ({ desk, browser, server }) => {
  const meeting = await published(desk);
  const context = await browser.newContext({ baseURL: server.url });
  const status = async (path: string) => (await context.request.get(`/dagsorden/${meeting.id}/${path}`)).status();
  expect(await status("1/punkter/punkt-1.html")).toBe(200);
  expect(await status("1/punkter/punkt-3.json")).toBe(200);
  for (const path of ["2/dagsorden.pdf", "x/dagsorden.pdf", "1/dagsorden.exe", "1/andet.pdf", "1/punkter/punkt-4.html", "1/punkter/punkt-1.pdf", "1/..%2f1/dagsorden.pdf"]) {
    expect(await status(path), path).toBe(404);
  }
  await context.close();
});

test("a file that cannot be made says why on the page, and the page stays", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om en alt for bred tabel");
  const wide = table(Array.from({ length: 45 }, (_, n) => `Kolonne ${n}`), Array.from({ length: 45 }, (_, n) => String(n)));
  await write(desk, meeting, meeting.items[0]!.id, "sagsfremstilling", [wide]);
  const { page } = await enter("bo", `/moede/${meeting.id}`);
  await page.getByText("Hent udkastet som").click();
  await page.getByRole("link", { name: "PDF", exact: true }).click();
  const told = page.getByRole("alert");
  await expect(told).toContainText("Filen kan ikke laves");
  await expect(told).toContainText("45 kolonner bred");
  await inspect(page, "downloads-refused");
  const { name } = await save(page, "Word (DOCX)");
  expect(name).toMatch(/^UDKAST .*\.docx$/);
  await expect(told).toHaveCount(0);
});

test("by keyboard, on a narrow screen, in light and dark", async ({ enter, desk }) => {
  const draft = await realisticMeeting(desk);
  const { page } = await enter("sofie", `/moede/${draft.id}`);
  const summary = page.locator("summary", { hasText: "Hent udkastet som" });
  await summary.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "PDF", exact: true })).toBeFocused();
  const begun = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await begun).suggestedFilename()).toMatch(/\.pdf$/);
  await inspect(page, "downloads-draft");
  await page.goto(`/dagsorden/${draft.id}/udkast`);
  await expect(page.getByRole("navigation", { name: "Hent udkastet" })).toBeVisible();
  await inspect(page, "draft-page");
  const meeting = await published(desk);
  await page.goto(`/moede/${meeting.id}`);
  await page.getByText("Hent udgave 1 som").click();
  await inspect(page, "downloads-edition");
  await page.goto(`/dagsorden/${meeting.id}/1`);
  await inspect(page, "published-page");
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page, "published page");
});
