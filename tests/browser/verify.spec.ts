// Anyone can hold a file against what was published: /verificer, without signing in. The file stays in
// the browser; what is sent is its hash and the hashes that it names.
import type { Api, Meeting } from "./support/api.ts";
import { csv } from "./support/files.ts";
import { inspect } from "./support/looks.ts";
import { paragraph, realisticMeeting, write } from "./support/realistic.ts";
import { expect, test, type Page } from "./support/test.ts";

test.describe.configure({ mode: "parallel" });

type File = { name: string; mimeType: string; buffer: Buffer };

const EXTENSIONS = ["pdf", "html", "docx", "md", "json", "oparl.json", "akn.xml", "sbsys.xml", "zip"];
const CURRENT = "Uændret, og udgaven gælder";
const OLD = "Uændret, men udgaven gælder ikke længere";
const ALTERED = "Ikke som udgivet";
const UNKNOWN = "Ukendt fil";

/** Waits until the manifest is signed, which is a moment after the publication. */
const expectSealed = (page: Page, meeting: Meeting, edition: number) =>
  expect.poll(async () => (await page.request.get(`/dagsorden/${meeting.id}/${edition}/manifest.json`)).status()).toBe(200);

async function publish(desk: Api, meeting: Meeting): Promise<void> {
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
}

/** A file of an edition as an outsider downloads it. */
async function download(page: Page, meeting: Meeting, path: string, edition = 1): Promise<File> {
  const answer = await page.request.get(`/dagsorden/${meeting.id}/${edition}/${path}`);
  expect(answer.status(), path).toBe(200);
  return { name: path.replaceAll("/", "-"), mimeType: "", buffer: await answer.body() };
}

/** The file with one byte flipped, far from its head and its end. */
function flipped({ name, mimeType, buffer }: File): File {
  const copy = Buffer.from(buffer);
  const at = Math.floor(copy.length / 2);
  copy[at] = copy[at]! ^ 1;
  return { name: `rettet-${name}`, mimeType, buffer: copy };
}

const result = (page: Page, name: string) =>
  page.getByRole("list", { name: "Resultat" }).locator("> li").filter({ has: page.getByRole("heading", { name, exact: true }) });

async function check(page: Page, ...files: File[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Vælg filer" }).press("Enter");
  await (await chooser).setFiles(files);
}

test("every file of an edition is recognised, and none of them is sent", async ({ browser, desk, server }) => {
  const meeting = await realisticMeeting(desk);
  const attached = csv("Budget.csv", "post;kr\nÅ;12\n");
  expect((await desk.upload(meeting.id, meeting.items[0]!.id, attached)).ok()).toBe(true);
  await publish(desk, meeting);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  const sent: string[] = [];
  page.on("request", (request) => void sent.push(`${request.method()} ${request.postData() ?? ""}`));
  await expectSealed(page, meeting, 1);
  const paths = [...EXTENSIONS.map((extension) => `dagsorden.${extension}`), "punkter/punkt-1.docx", "punkter/punkt-2.json"];
  const files = await Promise.all(paths.map((path) => download(page, meeting, path)));
  await page.goto("/verificer");
  await expect(page.getByRole("heading", { level: 1, name: "Kontrollér dokumenter" })).toBeVisible();
  await check(page, ...files, attached);
  for (const [index, { name }] of files.entries()) {
    await expect(result(page, name), name).toContainText(CURRENT);
    await expect(result(page, name).getByRole("listitem"), name).toContainText(paths[index]!);
    await expect(result(page, name), name).toContainText("Underskrevet med nøglen");
  }
  await expect(result(page, "Budget.csv")).toContainText(CURRENT);
  await result(page, "dagsorden.pdf").getByRole("link", { name: /^Udgave 1 af dagsordenen, Chefforum/ }).click();
  await expect(page).toHaveURL(`/dagsorden/${meeting.id}/1`);
  expect(sent.filter((one) => one !== "GET ")).toEqual([]);
  await context.close();
});

test("a file with another byte is told from the published one, in every format", async ({ browser, desk, server }) => {
  const meeting = await realisticMeeting(desk);
  await publish(desk, meeting);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await expectSealed(page, meeting, 1);
  const files = await Promise.all(EXTENSIONS.map(async (extension) => flipped(await download(page, meeting, `dagsorden.${extension}`))));
  await page.goto("/verificer");
  await check(page, ...files);
  for (const { name } of files) {
    await expect(result(page, name), name).toContainText(ALTERED);
    await expect(result(page, name).getByRole("link", { name: /^Udgave 1 af dagsordenen/ }), name).toHaveAttribute("href", `/dagsorden/${meeting.id}/1`);
  }
  await context.close();
});

test("a superseded edition says so; all results at a glance, by keyboard, narrow, light and dark", async ({ browser, desk, server }) => {
  const meeting = await realisticMeeting(desk);
  await publish(desk, meeting);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await expectSealed(page, meeting, 1);
  const old = await download(page, meeting, "dagsorden.pdf");
  await desk.command(meeting.id, { type: "open_correction", edition: 1, items: [meeting.items[0]!.id], reason: "Beløbet var forkert" });
  const open = await desk.meeting(meeting.id);
  await write(desk, open, meeting.items[0]!.id, "oekonomi", [paragraph("Model B koster 420.000 kr. i forsøgsåret.")]);
  await publish(desk, meeting);
  await expectSealed(page, meeting, 2);
  const current = await download(page, meeting, "dagsorden.html", 2);
  await page.goto("/verificer");
  await inspect(page, "verify-empty");
  await check(page, old, current, flipped(current), csv("Andet.csv", "a;b\n"));
  await expect(result(page, old.name)).toContainText(OLD);
  await expect(result(page, old.name).getByRole("link", { name: "Se udgave 2, der afløste den" })).toHaveAttribute("href", `/dagsorden/${meeting.id}/2`);
  await expect(result(page, current.name)).toContainText(CURRENT);
  await expect(result(page, `rettet-${current.name}`)).toContainText(ALTERED);
  await expect(result(page, "Andet.csv")).toContainText(UNKNOWN);
  await expect(page.getByText(`Andet.csv: ${UNKNOWN}`)).toBeAttached();
  await inspect(page, "verify-results");
  await page.getByRole("button", { name: "Ryd listen" }).press("Enter");
  await expect(page.getByRole("list", { name: "Resultat" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Vælg filer" })).toBeFocused();
  await context.close();
});

test("files are dropped anywhere on the page; a service that does not answer can be asked again", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto("/verificer");
  await expect(page.getByRole("button", { name: "Vælg filer" })).toBeVisible();
  await page.route("**/api/verify?*", (route) => route.abort());
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["tekst"], "trukket.txt"));
    document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await expect(result(page, "trukket.txt").getByRole("alert")).toContainText("Serveren svarer ikke");
  await page.unroute("**/api/verify?*");
  await result(page, "trukket.txt").getByRole("button", { name: "Prøv igen" }).click();
  await expect(result(page, "trukket.txt")).toContainText(UNKNOWN);
  await context.close();
});
