// What is closed, before whoever can ask for a file: an outsider with every address of the edition, a
// member with every address of the draft. Each file is unpacked and read to the bottom.
import type { APIRequestContext } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { Api, Meeting } from "./support/api.ts";
import { docx, pdf } from "./support/files.ts";
import { paragraph, table, write } from "./support/realistic.ts";
import { expect, test } from "./support/test.ts";
import { unzipped } from "./support/zip.ts";

const WHOLE = [".pdf", "-samlet.pdf", ".html", ".docx", ".md", ".json", ".oparl.json", ".akn.xml", ".sbsys.xml", ".zip"].map((end) => `/dagsorden${end}`);
const OF_ITEMS = [1, 2].flatMap((place) => ["html", "docx", "json"].map((format) => `/punkter/punkt-${place}.${format}`));

const OPEN = "Stiplan";
const secretFile = pdf("Udtalelse fra advokat.pdf", "Advokatnotat");
const closedFile = pdf("Lønforhandling.pdf", "Lønnotat");
const openFile = pdf("Kort.pdf", "Kortudsnit");
const hash = (file: { buffer: Buffer }) => createHash("sha256").update(file.buffer).digest("hex");

/** Title, journal number, text, table, name and text and hash of files, reasons, people. */
const SECRETS = [
  "Afskedigelse", "81.38.99-A00", "fratrædelsesaftale", "lønkolonne", "Udtalelse", "Advokatnotat", "Lønforhandling", "Lønnotat",
  "Personfølsomt", "Tjenstligt", "Gitte", "bortvisning", hash(secretFile), hash(closedFile),
];

/** Two items; the second, and the second attachment of the first, are closed. */
async function agenda(desk: Api): Promise<Meeting> {
  const meeting = await desk.plan("Orientering om Stiplan", "Beslutning om Afskedigelse");
  const [open, closed] = meeting.items.map(({ id }) => id) as [string, string];
  const details = { title: "Beslutning om Afskedigelse", journal_number: "81.38.99-A00-1-26", minutes: 5 };
  await desk.command(meeting.id, { type: "change_item", item: closed, ...details });
  await desk.command(meeting.id, { type: "set_contributors", item: closed, contributors: ["gitte"] });
  await write(desk, meeting, open, "resume", [paragraph("Stierne er ryddet.")]);
  await write(desk, meeting, closed, "sagsfremstilling", [paragraph("En fratrædelsesaftale."), table(["lønkolonne", "x"], ["1", "2"])]);
  await desk.command(meeting.id, { type: "write_section", item: closed, document: "decision", section: "beslutning", blocks: [paragraph("Det blev bortvisning.")], nothing: false });
  for (const [item, file] of [[open, openFile], [open, closedFile], [closed, secretFile], [closed, docx("Udtalelse.docx")]] as const) {
    expect((await desk.upload(meeting.id, item, file)).ok()).toBe(true);
  }
  const attached = (await desk.get<{ items: { attachments: { id: string }[] }[] }>(`/api/meetings/${meeting.id}`)).items[0]!.attachments;
  await desk.command(meeting.id, { type: "close_attachment", item: open, attachment: attached[1]!.id, reason: "Tjenstligt" });
  await desk.command(meeting.id, { type: "close_item", item: closed, reason: "Personfølsomt" });
  return meeting;
}

/** Everything that can be read in a file: its bytes, its parts, its streams, its text. */
function inside(file: Buffer): string[] {
  const all = [file.toString("utf8"), file.toString("utf16le"), file.subarray(1).toString("utf16le")];
  if (file.subarray(0, 4).toString() === "%PDF") all.push(...streams(file), execFileSync("pdftotext", ["-raw", "-", "-"], { input: file }).toString());
  if (file.subarray(0, 2).toString() === "PK") for (const [name, part] of unzipped(file)) all.push(name, ...inside(part));
  return all;
}

function streams(file: Buffer): string[] {
  const text = file.toString("latin1");
  return [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: mark }) => {
    try {
      return [inflateSync(file.subarray(index + mark.length)).toString("latin1")];
    } catch {
      return []; // Not packed, so its bytes were looked at already.
    }
  });
}

async function expectNoSecret(request: APIRequestContext, address: string): Promise<void> {
  for (const path of ["", ...WHOLE, ...OF_ITEMS]) {
    const answer = await request.get(address + path);
    expect(answer.status(), address + path).toBe(200);
    const parts = inside(await answer.body());
    if (!path.includes("punkt-2")) expect(parts.some((part) => part.includes(OPEN)), `${path} is read`).toBe(true);
    for (const secret of SECRETS) expect(parts.filter((part) => part.includes(secret)), `${secret} in ${path}`).toEqual([]);
  }
}

test("no word of what is closed is in any file of the edition or of the draft", async ({ browser, desk, enter, server }) => {
  test.setTimeout(120_000);
  const meeting = await agenda(desk);
  const member = await enter("sofie");
  await expectNoSecret(member.context.request, `/dagsorden/${meeting.id}/udkast`);
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await desk.command(meeting.id, { type: "publish" });
  const stranger = await browser.newContext({ baseURL: server.url });
  await expectNoSecret(stranger.request, `/dagsorden/${meeting.id}/1`);
  const joined = await (await stranger.request.get(`/dagsorden/${meeting.id}/1/dagsorden-samlet.pdf`)).body();
  expect(inside(joined).some((part) => part.includes("Kortudsnit")), "the open attachment is in the file").toBe(true);
  const served = await stranger.request.get(`/dagsorden/${meeting.id}/1/punkt/1/bilag/1`);
  expect((await served.body()).equals(openFile.buffer)).toBe(true);
  for (const path of ["/punkt/1/bilag/2", "/punkt/2/bilag/1", "/punkt/2/bilag/2"]) {
    expect((await stranger.request.get(`/dagsorden/${meeting.id}/1${path}`)).status(), path).toBe(404);
  }
  await stranger.close();
});

test("the same search finds the words in every file when nothing is closed", async ({ desk, enter }) => {
  const meeting = await agenda(desk);
  const [open, closed] = (await desk.get<{ items: { id: string; attachments: { id: string }[] }[] }>(`/api/meetings/${meeting.id}`)).items;
  await desk.command(meeting.id, { type: "open_item", item: closed!.id });
  await desk.command(meeting.id, { type: "open_attachment", item: open!.id, attachment: open!.attachments[1]!.id });
  const { context } = await enter("sofie");
  for (const path of WHOLE) {
    const parts = inside(await (await context.request.get(`/dagsorden/${meeting.id}/udkast${path}`)).body());
    for (const word of ["Afskedigelse", "81.38.99-A00", "lønkolonne", "Udtalelse"]) {
      expect(parts.some((part) => part.includes(word)), `${word} in ${path}`).toBe(true);
    }
  }
});
