// Paste from each program that people write in, copy out again, and find: over the real clipboard.
import { type Item, type Meeting } from "./support/api.ts";
import { blocks, enterSection, expectBlocks, expectSaved, itemPath, section } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { clipboard, enterCell, expectGrid, fixture, grid, insertTable, paste, toClipboard } from "./support/tables.ts";
import { expect, test } from "./support/test.ts";

const HEADING = "Sagsfremstilling";
const path = (meeting: Meeting) => itemPath(meeting, meeting.items[0] as Item);

test("paste from Word keeps headings, levels, links and tables, and another sees it", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om Word");
  const [bo, gitte] = [(await enter("bo", path(meeting))).page, (await enter("gitte", path(meeting))).page];
  const text = await enterSection(bo, HEADING);
  await paste(bo, text, { html: fixture("word"), text: "Grøn skolevej" });
  const seen = section(gitte, HEADING);
  await expectSaved(bo);
  await expect(seen.locator("a")).toHaveCount(2);
  await expect(seen.locator("h3")).toHaveText("Grøn skolevej");
  await expect(seen.locator("h5")).toHaveText("Baggrund for sagen");
  await expect(seen.getByRole("link", { name: "planen" })).toHaveAttribute("href", "https://lindeby.example/plan?a=1&b=2");
  await expect(seen.getByRole("link", { name: "kladden" })).toHaveCount(0);
  await expect(seen.locator("ul.item[data-indent='1']")).toHaveText(["ved Åvej"]);
  await expectGrid(seen, [
    ["#Tiltag(1x2)", "#Hvem og hvornår(2x1)"],
    ["#Hvem", "#Hvornår"],
    ["Lys/og skilte", "Vej", "april/uge 15/uge 16"],
  ]);
  await expect(seen).not.toContainText("Husk kilden");
  await expect(bo.getByText("1 billede blev ikke sat ind.").first()).toBeVisible();
  await inspect(bo, "pasted-word");
});

test("paste from Outlook, Google Docs, Excel, LibreOffice and plain text", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om udklip");
  const { page } = await enter("bo", path(meeting));
  const into = async (heading: string, content: Parameters<typeof paste>[2]) => {
    const text = await enterSection(page, heading);
    await paste(page, text, content);
    return text;
  };
  await expectBlocks(await into("Resumé", { html: fixture("outlook"), text: "x" }), [
    "p: Kære alle", "ul: Første punkt", "ul: under det", "p: Ring på 12 34 56 78eller skriv.", "p: Venlig hilsen", "p: Sofie", "p: Lindeby Kommune",
  ]);
  const docs = await into(HEADING, { html: fixture("google-docs"), text: "x" });
  await expect(docs.locator("h4")).toHaveText("Økonomi");
  await expect(docs.locator("strong").first()).toHaveText("2 mio. kr.");
  await expectGrid(docs, [["2026(2x1)"], ["a", ""]]);
  await expectGrid(await into("Økonomi", { html: fixture("excel"), text: "x" }), [
    ["Afdeling(1x2)", "Praktik(2x1)"], ["Antal", "Andel"], ["Vej & Park(nord)", "1.239", "19%"],
  ]);
  await expectGrid(await into("Lovgrundlag", { html: fixture("libreoffice"), text: "x" }), [["#Navn", "#Tal"], ["Å", "3"]]);
  const plain = await into("Historik", { text: "Først\n\n- punkt\n  - under\n\n1. et\n2. to\n3. juni er noget andet\na\tb\nc\td\n" });
  await expect(plain.locator(":scope > ul, :scope > ol, :scope > p")).toHaveText(["Først", "punkt", "under", "et", "to", "juni er noget andet", ""]);
  await expectGrid(plain, [["a", "b"], ["c", "d"]]);
  await expectSaved(page);
});

test("one line goes into the paragraph at the caret", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om linjer");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await page.keyboard.type("Før efter");
  for (let i = 0; i < " efter".length; i++) await page.keyboard.press("ArrowLeft");
  await paste(page, text, { text: " midt" });
  await expectBlocks(text, ["p: Før midt efter"]);
  await paste(page, text, { html: "<p class=MsoNormal><b>fed</b></p>", text: "fed" });
  await expectBlocks(text, ["p: Før midtfed efter"]);
  await expect(text.locator("strong")).toHaveText("fed");
});

test("cells from Excel fill the cells at the caret and what is missing is added; other things lose no word", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om celler");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await insertTable(page, 2, 2, false);
  await page.keyboard.type("a");
  await enterCell(page, text, 1, 1);
  const sheet = "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>";
  await paste(page, text, { html: sheet, text: "1\t2\n3\t4" });
  await expectGrid(text, [["a", "", ""], ["", "1", "2"], ["", "3", "4"]]);
  await enterCell(page, text, 0, 1);
  await paste(page, text, { html: `<p>ord</p>${sheet}<ul><li>punkt</li></ul>`, text: "x" });
  await expectGrid(text, [["a", "ord/1/2/3/4/punkt", ""], ["", "1", "2"], ["", "3", "4"]]);
  await expectSaved(page);
});

test("a paste of 400,000 characters arrives at another browser, and can be undone", async ({ enter, desk }) => {
  test.setTimeout(240_000);
  const meeting = await desk.plan("Orientering om længde");
  const [bo, gitte] = [(await enter("bo", path(meeting))).page, (await enter("gitte", path(meeting))).page];
  const text = await enterSection(bo, HEADING);
  await bo.keyboard.type("Før");
  const line = "Ærø får 🚲 og “bro” på 1.239 m; ".repeat(30);
  const lines = Array.from({ length: 400 }, (_, index) => `${index} ${line}`);
  await paste(bo, text, { text: lines.join("\n") });
  await expect(text.locator("p")).toHaveCount(400, { timeout: 60_000 });
  await expect(bo.locator(".saved").first()).toHaveText("Gemt", { timeout: 60_000 });
  const seen = section(gitte, HEADING);
  await expect(seen.locator("p")).toHaveCount(400, { timeout: 60_000 });
  const expected = lines.map((one, index) => `p: ${index === 0 ? "Før" : ""}${one.trim()}`);
  const arrived = await blocks(seen);
  expect(arrived.filter((block, index) => block !== expected[index]).length, "paragraphs that differ").toBe(0);
  await bo.keyboard.press("Control+z");
  await expect(seen.locator("p")).toHaveCount(1, { timeout: 90_000 });
  await expectBlocks(seen, ["p: Før"]);
  await expect(bo.locator(".saved").first()).toHaveText("Gemt", { timeout: 60_000 });
});

test("what is too long is refused with a word, and everything stays", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om grænser");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await page.keyboard.type("Før");
  await paste(page, text, { text: "ord ".repeat(250_001) });
  await expect(page.getByText("Teksten er for lang til at sætte ind på én gang; grænsen er 1.000.000 tegn.").first()).toBeVisible();
  await expectBlocks(text, ["p: Før"]);
  expect((await clipboard(page, "text/plain")).length).toBe(1_000_004);
  const wide = `<table><tr>${"<td>x</td>".repeat(65)}</tr><tr><td>y</td></tr></table>`;
  await paste(page, text, { html: wide, text: "x" });
  await expect(page.getByText("En tabel kan højst have 64 kolonner").first()).toBeVisible();
  await expectBlocks(text, ["p: Før"]);
});

test("copies are clean, nested HTML and readable text, and come back as they were", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om kopier");
  const { page } = await enter("bo", path(meeting));
  const source = "<h2>Titel</h2><p>Se <a href='https://lindeby.example/'><b>siden</b></a></p><ol><li>et<ul><li>under</li></ul></li><li>to</li></ol>" +
    "<table><thead><tr><th>A</th><th>B</th></tr></thead><tr><td><p>c</p><p>d</p></td><td><ul><li>e</li></ul></td></tr></table>";
  const text = await enterSection(page, HEADING);
  await paste(page, text, { html: source, text: "x" });
  await expect(text.locator("table")).toHaveCount(1);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const html = (await clipboard(page, "text/html")).replace(/^.*?(?=<h)|<meta[^>]*>/s, "").replace(/ data-pm-slice="[^"]*"/, "");
  expect(html.replace(/<p><\/p>$/, "")).toBe(
    '<h2>Titel</h2><p>Se <a href="https://lindeby.example/"><strong>siden</strong></a></p><ol><li>et<ul><li>under</li></ul></li><li>to</li></ol>' +
      "<table><thead><tr><th><p>A</p></th><th><p>B</p></th></tr></thead><tbody><tr><td><p>c</p><p>d</p></td><td><ul><li>e</li></ul></td></tr></tbody></table>",
  );
  const plain = await clipboard(page, "text/plain");
  expect(plain.trim()).toBe("Titel\n\nSe siden\n\n1. et\n  - under\n2. to\n\nA\tB\nc d\te");
  const other = await enterSection(page, "Resumé");
  await page.keyboard.press("Control+v");
  await expectGrid(other, await grid(text));
  await expectBlocks(other, ["h4: Titel", "p: Se siden", "ol: et", "ul: under", "ol: to", "div: ABcde", "p: "]);
});

test("cells that were copied fill other cells", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om cellekopier");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await paste(page, text, { text: "a\tb\tc\nd\te\tf\n" });
  await enterCell(page, text, 0, 0);
  for (const key of ["Shift+ArrowRight", "Shift+ArrowDown"]) await page.keyboard.press(key);
  await expect(text.locator(".selectedCell")).toHaveCount(4);
  await page.keyboard.press("Control+c");
  expect(await clipboard(page, "text/plain")).toBe("a\tb\nd\te");
  await enterCell(page, text, 1, 1);
  await page.keyboard.press("Control+v");
  await expectGrid(text, [["a", "b", "c"], ["d", "a", "b"], ["", "d", "e"]]);
});

test("find goes through all sections, whatever the case, and Esc leads back to the words", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om søgning");
  const [bo, gitte] = [(await enter("bo", path(meeting))).page, (await enter("gitte", path(meeting))).page];
  await enterSection(bo, "Resumé");
  await bo.keyboard.type("Ærø har en å. ÆRØ har to åer.");
  const text = await enterSection(bo, HEADING);
  await paste(bo, text, { html: "<table><tr><td>ær<b>ø</b></td><td>x</td></tr><tr><td>ærøsk</td><td>y</td></tr></table>", text: "x" });
  await bo.keyboard.press("Control+f");
  const bar = bo.getByRole("search", { name: "Find i teksten" });
  await expect(bar.getByLabel("Find", { exact: true })).toBeFocused();
  await bo.keyboard.type("ærø");
  await expect(bar.locator("output")).toHaveText(/ af 4$/);
  await expect(bo.locator(".found")).not.toHaveCount(0);
  await inspect(bo, "find");
  await bar.getByLabel("Kun hele ord").check();
  await expect(bar.locator("output")).toHaveText(/ af 3$/);
  await bar.getByLabel("Find", { exact: true }).focus();
  await bo.keyboard.press("Enter");
  await expect(bar.locator("output")).toHaveText("2 af 3");
  await expect(bo.locator("[aria-live=polite]").filter({ hasText: "2 af 3, i Resumé: Ærø har en å." })).toBeAttached();
  await enterSection(gitte, "Resumé");
  await gitte.keyboard.type(" Ærø igen.");
  await expect(bar.locator("output")).toHaveText("2 af 4");
  await bo.keyboard.press("Shift+Enter");
  await expect(bar.locator("output")).toHaveText("1 af 4");
  await bo.keyboard.press("Enter");
  await bo.keyboard.press("Escape");
  await expect(bar).toBeHidden();
  await expect(bo.locator(".found")).toHaveCount(0);
  await expect(section(bo, "Resumé")).toBeFocused();
  await bo.keyboard.type("Fyn");
  await expectBlocks(section(gitte, "Resumé"), ["p: Ærø har en å. Fyn har to åer. Ærø igen."]);
});

test("a reader may find, too", async ({ enter, desk }) => {
  const meeting = await desk.demoMeeting();
  const { page } = await enter("per", itemPath(meeting, meeting.items[1] as Item));
  await section(page, "Resumé").focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("formålet");
  await expect(page.getByRole("search").locator("output")).toHaveText(/^1 af \d+$/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("search")).toBeHidden();
});

// Made like two tables of real agendas: long cells with several paragraphs and links, and a
// header in two rows with merged cells and rows in bold.
test("a table of 11 rows with several paragraphs and links in its cells is imported and edited", async ({ enter, desk }) => {
  const meeting = await desk.plan("Beslutning om tiltag");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  const cellHtml = (n: number, m: number) =>
    `<td><p class=MsoNormal>Tiltag ${n}.${m} beskrives her.<o:p></o:p></p><p class=MsoNormal>Se <a href="mailto:vej${n}@lindeby.example">vej${n}</a>.<o:p></o:p></p></td>`;
  const rows = Array.from({ length: 11 }, (_, n) => `<tr>${[0, 1, 2].map((m) => cellHtml(n, m)).join("")}</tr>`);
  await toClipboard(page, { html: `<table class=MsoTableGrid>${rows.join("")}</table>`, text: "x" });
  await text.focus();
  await page.keyboard.press("Control+v");
  await expect(text.locator("tr")).toHaveCount(11);
  await expect(text.locator("td a")).toHaveCount(33);
  await enterCell(page, text, 0, 0);
  for (const keys of ["Control+Alt+h", "Control+Alt+ArrowUp"]) await page.keyboard.press(keys);
  await enterCell(page, text, 11, 2);
  await page.keyboard.press("Enter");
  await page.keyboard.type("- nyt punkt");
  await expect.poll(async () => (await grid(text))[11]![2]).toBe("Tiltag 10.2 beskrives her./Se vej10./nyt punkt");
  await expectSaved(page);
  await page.reload();
  await expect(section(page, HEADING).locator("td a, th a")).toHaveCount(33);
  await inspect(page, "table-long");
});

test("a table with a header in two rows and merged cells is imported, edited and published", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om fordeling");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  const head = "<thead><tr><td rowspan=2></td><td rowspan=2>Andel</td><td colspan=2>Praktik</td><td colspan=2>Tilskud</td></tr><tr><td>Pladser</td><td>På et år</td><td>Pladser</td><td>På et år</td></tr></thead>";
  const row = (name: string, bold: boolean) =>
    `<tr>${[name, "19%", "12", "152", "9", "37"].map((words) => `<td>${bold ? `<b>${words}</b>` : words}</td>`).join("")}</tr>`;
  await paste(page, text, { html: `<table>${head}${row("Vej og Park", true)}${row("Vej", false)}${row("I alt", true)}</table>`, text: "x" });
  await expectGrid(text, [
    ["#(1x2)", "#Andel(1x2)", "#Praktik(2x1)", "#Tilskud(2x1)"],
    ["#Pladser", "#På et år", "#Pladser", "#På et år"],
    ...["Vej og Park", "Vej", "I alt"].map((name) => [name, "19%", "12", "152", "9", "37"]),
  ]);
  await enterCell(page, text, 2, 5);
  await page.keyboard.press("Control+Alt+ArrowRight");
  await enterCell(page, text, 3, 0);
  await page.keyboard.press("Control+Alt+ArrowDown");
  await page.keyboard.type("Park");
  await expect.poll(async () => (await grid(text)).map((one) => one.length)).toEqual([5, 5, 7, 7, 7, 7]);
  await expectSaved(page);
  await inspect(page, "table-wide");
  await page.goto(`/dagsorden/${meeting.id}/udkast`);
  await expect(page.locator("th[colspan='2']")).toHaveText(["Praktik", "Tilskud"]);
  await expect(page.locator("tr").nth(2).locator("strong, b")).not.toHaveCount(0);
  await expect(page.locator("tr").nth(4)).toContainText("Park");
});
