// Comments: feedback beside the text. Two or three people say what they mean about the same words,
// while others write.
import type { Api } from "./support/api.ts";
import { enterSection, expectSaved, expectWords, itemPath, notice, section, tool } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test, type Page } from "./support/test.ts";

test.describe.configure({ mode: "parallel" });

const panel = (page: Page) => page.getByRole("region", { name: "Kommentarer" });
const threads = (page: Page) => panel(page).getByRole("article");
const field = (page: Page) => panel(page).getByRole("textbox", { name: "Kommentar", exact: true });
const said = (page: Page) => page.locator(".visually-hidden[aria-live='polite']");
const marked = (page: Page, heading: string) => section(page, heading).locator("mark.commented");

/** The words that are marked in a section, whatever they are made of. */
const words = (page: Page, heading: string) => expect.poll(async () => (await marked(page, heading).allTextContents()).join(""));

/** Selects words with the mouse, wherever carets and marks break them up. */
async function select(page: Page, heading: string, wanted: string): Promise<void> {
  const { from, to } = await section(page, heading).evaluate((element, words) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const places: { node: Node; at: number }[] = [];
    let text = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement!.closest(".their-caret")) continue;
      for (let at = 0; at < node.textContent!.length; at++) places.push({ node, at });
      text += node.textContent;
    }
    const start = text.indexOf(words);
    if (start < 0) throw new Error(`«${words}» is not there`);
    element.scrollIntoView({ block: "center" });
    const box = ({ node, at }: { node: Node; at: number }) => {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect();
    };
    const [first, last] = [box(places[start]!), box(places[start + words.length - 1]!)];
    return { from: { x: first.left + 0.5, y: first.top + first.height / 2 }, to: { x: last.right - 0.5, y: last.top + last.height / 2 } };
  }, wanted);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toContain(wanted.slice(0, 3));
}

async function comment(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+Alt+m");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press("Control+Enter");
  await expect(field(page)).toHaveCount(0);
}

/** An item with one sentence in Resumé, written by Bo. */
async function withText(desk: Api, enter: (user: string, path: string) => Promise<{ page: Page }>, text = "Forslaget løber i tre år fra nytår.") {
  const meeting = await desk.plan("Beslutning om cykelparkering");
  const item = meeting.items[0]!;
  const path = itemPath(meeting, item);
  const { page: bo } = await enter("bo", path);
  await enterSection(bo, "Resumé");
  await bo.keyboard.type(text);
  await expectSaved(bo);
  return { meeting, item, path, bo };
}

test("a comment is made, answered, resolved and reopened before the eyes of the others", async ({ enter, desk }) => {
  const { bo, path, meeting } = await withText(desk, enter);
  const gitte = (await enter("gitte", path)).page;
  await expectWords(section(gitte, "Resumé"), "tre år");

  await test.step("Gitte comments on words; Bo sees it without reloading, and is told", async () => {
    await select(gitte, "Resumé", "tre år");
    await comment(gitte, "Var det ikke fire?");
    await words(gitte, "Resumé").toBe("tre år");
    await expect(threads(bo)).toHaveCount(1);
    await expect(threads(bo)).toContainText("Gitte Sønderby");
    await expect(threads(bo)).toContainText("Var det ikke fire?");
    await words(bo, "Resumé").toBe("tre år");
    await expect(said(bo)).toContainText("Gitte Sønderby kommenterede: Var det ikke fire?");
    await expect(bo.getByText("1 åben kommentar").first()).toBeVisible();
  });

  await test.step("Bo goes from the words to the thread and back", async () => {
    await marked(bo, "Resumé").click();
    await expect(marked(bo, "Resumé")).toHaveClass(/active/);
    await expect(threads(bo)).toHaveClass(/active/);
    await threads(bo).getByRole("button", { name: /^Vis i teksten/ }).click();
    await expect(section(bo, "Resumé")).toBeFocused();
  });

  await test.step("Bo answers, and Gitte resolves", async () => {
    await threads(bo).getByRole("button", { name: "Svar" }).click();
    await bo.keyboard.type("Nej, tre.");
    await threads(bo).getByRole("button", { name: "Send svar" }).click();
    await expect(threads(gitte)).toContainText("Nej, tre.");
    await threads(gitte).getByRole("button", { name: "Markér som løst" }).click();
    await expect(threads(gitte)).toHaveCount(0);
    await expect(panel(gitte).getByRole("heading", { name: "Kommentarer" })).toBeFocused();
    await expect(said(gitte)).toContainText("løst");
    await expect(threads(bo)).toHaveCount(0);
    await expect(marked(bo, "Resumé")).toHaveCount(0);
    await expect(bo.getByText("1 åben kommentar")).toHaveCount(0);
  });

  await test.step("what is resolved can be found, and an answer opens it again", async () => {
    await panel(bo).getByLabel("Vis").selectOption({ label: "Alle" });
    await expect(threads(bo)).toContainText("Løst af Gitte Sønderby");
    await threads(bo).getByRole("button", { name: "Genåbn" }).click();
    await expect(threads(gitte)).toHaveCount(1);
    await expect(threads(bo)).not.toContainText("Løst");
  });

  await test.step("the agenda counts it, and the history tells it", async () => {
    await bo.goto(`/moede/${meeting.id}`);
    await expect(bo.getByRole("listitem").filter({ hasText: "cykelparkering" })).toContainText("1 åben kommentar");
    await gitte.getByRole("link", { name: "Se historik" }).click();
    const changes = gitte.getByRole("region", { name: "Ændringer" });
    await gitte.getByLabel("Slags").selectOption({ label: "Kommentarer" });
    await expect(changes.getByRole("listitem")).toHaveCount(4);
    await expect(changes).toContainText("Gitte Sønderby kommenterede «tre år»: Var det ikke fire?");
    await expect(changes).toContainText("Bo Ærø genåbnede en kommentar.");
  });
});


test("words stay marked while others write in them and before them at the same time", async ({ enter, desk }) => {
  const { bo, path } = await withText(desk, enter);
  const [gitte, lasse] = [(await enter("gitte", path)).page, (await enter("lasse", path)).page];
  for (const page of [gitte, lasse]) await enterSection(page, "Resumé");
  await select(gitte, "Resumé", "tre år");
  await comment(gitte, "Var det ikke fire?");
  for (const page of [bo, lasse]) await words(page, "Resumé").toBe("tre år");

  await bo.keyboard.press("Control+Home");
  await section(lasse, "Resumé").getByText("tre år").click();
  await lasse.keyboard.press("Control+Home");
  for (let step = 0; step < "Forslaget løber i tre".length; step++) await lasse.keyboard.press("ArrowRight");
  const KEY_PAUSE_MS = 12;
  await Promise.all([
    bo.keyboard.type("Forvaltningen anbefaler: ", { delay: KEY_PAUSE_MS }),
    lasse.keyboard.type(" hele og fulde", { delay: KEY_PAUSE_MS }),
  ]);
  for (const page of [bo, gitte, lasse]) {
    await expectWords(section(page, "Resumé"), "Forvaltningen anbefaler: Forslaget løber i tre hele og fulde år fra nytår.");
    await words(page, "Resumé").toBe("tre hele og fulde år");
  }

  await test.step("the words go: the comment keeps what they were, on every screen", async () => {
    await select(bo, "Resumé", "tre hele og fulde år");
    await bo.keyboard.type("længe");
    for (const page of [bo, gitte, lasse]) {
      await expectWords(section(page, "Resumé"), "løber i længe fra nytår.");
      await expect(marked(page, "Resumé")).toHaveCount(0);
      await expect(threads(page)).toContainText("tre år");
      await expect(threads(page)).toContainText("Ordene er ikke længere i teksten");
    }
  });

  await test.step("threads stand in the order of their words", async () => {
    await select(gitte, "Resumé", "nytår");
    await comment(gitte, "Hvilket?");
    await select(lasse, "Resumé", "Forvaltningen");
    await comment(lasse, "Hvem?");
    for (const page of [bo, gitte, lasse]) {
      await expect(threads(page)).toHaveCount(3);
      await expect.poll(() => threads(page).locator("q").allTextContents()).toEqual(["Forvaltningen", "nytår", "tre år"]);
    }
  });
});

test("someone is mentioned by keyboard alone, and finds it", async ({ enter, desk }) => {
  const { bo, path, meeting } = await withText(desk, enter);
  const karen = (await enter("karen", path)).page;
  await expectWords(section(karen, "Resumé"), "tre år");

  await test.step("Bo selects with Shift and arrows, and chooses Karen from the list", async () => {
    for (let step = 0; step < "nytår.".length; step++) await bo.keyboard.press("Shift+ArrowLeft");
    await bo.keyboard.press("Control+Alt+m");
    await expect(field(bo)).toBeFocused();
    await bo.keyboard.type("Kan du se på det, @k");
    const list = bo.getByRole("listbox", { name: "Nævn en person" });
    await expect(list.getByRole("option")).toHaveText([/^Karen Bjerre/, /^Sofie Krog/]);
    const combobox = panel(bo).getByRole("combobox", { name: "Kommentar" });
    await expect(combobox).toHaveAttribute("aria-expanded", "true");
    await bo.keyboard.press("Backspace");
    await expect(list.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
    await bo.keyboard.press("ArrowUp");
    const last = list.getByRole("option").last();
    await expect(last).toHaveAttribute("aria-selected", "true");
    await expect(combobox).toHaveAttribute("aria-activedescendant", (await last.getAttribute("id"))!);
    await bo.keyboard.press("Escape");
    await expect(list).toHaveCount(0);
    await bo.keyboard.type("karen b");
    await bo.keyboard.press("Enter");
    await expect(field(bo)).toHaveValue("Kan du se på det, @Karen Bjerre ");
    await bo.keyboard.type("?");
    await bo.keyboard.press("Control+Enter");
    await expect(section(bo, "Resumé")).toBeFocused();
  });

  await test.step("Karen is told, and finds it among those that mention her", async () => {
    await expect(said(karen)).toContainText("Bo Ærø nævnte dig i en kommentar");
    await expect(threads(karen).locator("strong.me")).toHaveText("@Karen Bjerre");
    await enterSection(bo, "Resumé");
    await bo.keyboard.press("Control+Home");
    await bo.keyboard.press("Control+Alt+m");
    await expect(panel(bo).getByText("Forslaget")).toBeVisible();
    await bo.keyboard.type("Det er mit eget.");
    await bo.keyboard.press("Control+Enter");
    await expect(threads(karen)).toHaveCount(2);
    await panel(karen).getByLabel("Vis").selectOption({ label: "Nævner mig" });
    await expect(threads(karen)).toHaveCount(1);
    await expect(threads(karen)).toContainText("Kan du se på det");
    await panel(karen).getByLabel("Vis").selectOption({ label: "Alle" });
    await threads(karen).first().getByRole("button", { name: "Svar" }).click();
    await karen.keyboard.type("Ja.");
    await karen.keyboard.press("Control+Enter");
    await panel(karen).getByLabel("Person").selectOption({ label: "Karen Bjerre" });
    await expect(threads(karen)).toHaveCount(1);
    await karen.goto(`/moede/${meeting.id}`);
    await expect(karen.getByText("2 åbne kommentarer, 1 nævner dig")).toBeVisible();
  });

  await test.step("from the words at the caret to the thread, through it, and back", async () => {
    await enterSection(bo, "Resumé");
    await bo.keyboard.press("ArrowLeft");
    await bo.keyboard.press("ArrowLeft");
    await bo.keyboard.press("Control+Alt+m");
    await expect(threads(bo).filter({ hasText: "Kan du se på det" })).toBeFocused();
    await bo.keyboard.press("Tab");
    await bo.keyboard.press("Tab");
    await bo.keyboard.press("Enter");
    await expect(panel(bo).getByRole("textbox", { name: "Svar til Bo Ærø" })).toBeFocused();
    await bo.keyboard.type("Haster ikke.");
    await bo.keyboard.press("Tab");
    await bo.keyboard.press("Enter");
    const thread = threads(bo).filter({ hasText: "Haster ikke." });
    await expect(thread).toBeFocused();
    await bo.keyboard.press("Tab");
    await bo.keyboard.press("Enter");
    await expect(section(bo, "Resumé")).toBeFocused();
  });
});

test("a comment in a table's cell, and on the whole item", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om beløb");
  const item = meeting.items[0]!;
  const cell = (text: string) => ({ header: false, colspan: 1, rowspan: 1, blocks: [{ type: "paragraph", text: [{ text }] }] });
  const rows = [{ cells: [cell("År"), cell("Beløb")] }, { cells: [cell("2031"), cell("450.000 kr.")] }];
  await desk.command(meeting.id, { type: "write_section", item: item.id, document: "case", section: "oekonomi", blocks: [{ type: "table", rows }], nothing: false });
  const path = itemPath(meeting, item);
  const [gitte, bo] = [(await enter("gitte", path)).page, (await enter("bo", path)).page];
  await enterSection(gitte, "Økonomi");
  await select(gitte, "Økonomi", "450.000");
  await comment(gitte, "Er det med moms?");
  await expect(section(bo, "Økonomi").locator("td mark.commented")).toHaveText("450.000");
  await section(bo, "Økonomi").getByText("2031").click();
  await bo.keyboard.press("End");
  await bo.keyboard.type("-34");
  await section(bo, "Økonomi").getByText("450.000").dblclick();
  await bo.keyboard.press("Home");
  await bo.keyboard.type("cirka ");
  await expectWords(section(gitte, "Økonomi"), "2031-34");
  await expectWords(section(gitte, "Økonomi"), "cirka 450.000 kr.");
  await expect(section(gitte, "Økonomi").locator("td mark.commented")).toHaveText("450.000");

  await panel(bo).getByRole("button", { name: "Ny kommentar" }).click();
  await expect(panel(bo).getByText("Om: Hele punktet")).toBeVisible();
  await bo.keyboard.type("God sag.");
  await panel(bo).getByRole("button", { name: "Send kommentar" }).click();
  for (const page of [bo, gitte]) {
    await expect(threads(page)).toHaveCount(2);
    await expect(threads(page).first()).toContainText("Hele punktet");
  }
});

test("a comment that cannot be sent is kept, and is there once when it can", async ({ enter, desk }) => {
  const { bo, path } = await withText(desk, enter);
  const gitte = await enter("gitte", path);
  const page = gitte.page;
  await expectWords(section(page, "Resumé"), "tre år");
  await select(page, "Resumé", "tre år");
  await page.keyboard.press("Control+Alt+m");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("Var det ikke fire?");
  // The command arrives, but no answer comes back.
  await page.route("**/commands", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.keyboard.press("Control+Enter");
  await expect(panel(page).getByRole("alert")).toContainText("Serveren svarer ikke");
  await expect(field(page)).toHaveValue("Var det ikke fire?");
  await page.unroute("**/commands");
  await page.reload();
  await expect(field(page)).toHaveValue("Var det ikke fire?");
  await expect(panel(page).getByText("Om: tre år")).toBeVisible();
  await words(page, "Resumé").toContain("tre år");
  await field(page).fill("Eller fem?");
  await gitte.context.setOffline(true);
  await panel(page).getByRole("button", { name: "Send kommentar" }).click();
  await expect(panel(page).getByRole("alert")).toBeVisible();
  await gitte.context.setOffline(false);
  await panel(page).getByRole("button", { name: "Send kommentar" }).click();
  await expect(field(page)).toHaveCount(0);
  await expect(threads(bo).filter({ hasText: "Eller fem?" })).toHaveCount(1);
  await expect(threads(bo).filter({ hasText: "Var det ikke fire?" })).toHaveCount(1);
});

test("a reader reads, and the server refuses what the page does not offer", async ({ enter, desk, server }) => {
  const { bo, path, meeting, item } = await withText(desk, enter);
  await select(bo, "Resumé", "tre år");
  await comment(bo, "Se her.");
  const per = await enter("per", path);
  await expect(threads(per.page)).toContainText("Se her.");
  await words(per.page, "Resumé").toBe("tre år");
  await expect(panel(per.page).getByText("Du kan læse kommentarerne, men ikke skrive her.")).toBeVisible();
  await expect(panel(per.page).getByRole("button", { name: /Ny kommentar|Svar|Markér/ })).toHaveCount(0);
  await section(per.page, "Resumé").click();
  await per.page.keyboard.press("Control+Alt+m");
  await expect(field(per.page)).toHaveCount(0);
  const { threads: known } = await desk.get<{ threads: { id: string }[] }>(`/api/meetings/${meeting.id}/items/${item.id}/comments`);
  const refused = [
    { type: "comment", item: item.id, document: "case", text: "Hej" },
    { type: "comment", item: item.id, document: "planning", text: "Hej" },
    { type: "resolve_comment", item: item.id, comment: known[0]!.id },
  ];
  for (const command of refused) {
    const answer = await per.context.request.post(`${server.url}/api/meetings/${meeting.id}/commands`, {
      data: { id: crypto.randomUUID(), command }, headers: { origin: server.url },
    });
    expect(answer.status(), JSON.stringify(command)).toBe(403);
    expect((await answer.json()).detail).toContain("læseadgang");
  }
  await desk.command(meeting.id, { type: "comment", item: item.id, document: "planning", text: "Kun for dem, der skriver" });
  const seen = await (await per.context.request.get(`${server.url}/api/meetings/${meeting.id}/items/${item.id}/comments`)).text();
  expect(seen).toContain("Se her.");
  expect(seen).not.toContain("Kun for dem");
  const history = await (await per.context.request.get(`${server.url}/api/meetings/${meeting.id}/items/${item.id}/history`)).text();
  expect(history).toContain("Se her.");
  expect(history).not.toContain("Kun for dem");
});

test("comments on a locked agenda, after it is reopened, and never in what is published", async ({ enter, desk, server }) => {
  const { bo, path, meeting, item } = await withText(desk, enter);
  const gitte = (await enter("gitte", path)).page;
  await expectWords(section(gitte, "Resumé"), "tre år");
  await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
  await expect(section(gitte, "Resumé")).toHaveAttribute("contenteditable", "false");
  await expect(notice(gitte)).toBeVisible();
  await expect(gitte.getByText("Du kan læse, men ikke redigere her.")).toBeVisible();

  await test.step("locked: words are selected and commented on, the text itself stays", async () => {
    await select(gitte, "Resumé", "tre år");
    await comment(gitte, "Bør genåbnes: fire år.");
    await words(bo, "Resumé").toBe("tre år");
  });

  await test.step("reopened: the comment goes on with its words in the new document", async () => {
    await desk.command(meeting.id, { type: "thaw", reason: "Et spørgsmål" });
    await enterSection(bo, "Resumé");
    await words(bo, "Resumé").toBe("tre år");
    await bo.keyboard.press("Control+Home");
    await bo.keyboard.type("Nu: ");
    await words(gitte, "Resumé").toBe("tre år");
    await threads(bo).getByRole("button", { name: "Svar" }).click();
    await bo.keyboard.type("Rettet.");
    await bo.keyboard.press("Control+Enter");
    await expect(threads(gitte)).toContainText("Rettet.");
  });

  await test.step("nothing of it is published, and then there is nothing more to say", async () => {
    await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
    await desk.command(meeting.id, { type: "publish" });
    const page = await (await bo.request.get(`${server.url}/dagsorden/${meeting.id}/1`)).text();
    expect(page).toContain("tre år");
    expect(page).not.toMatch(/Bør genåbnes|Rettet\.|commented/);
    await expect(panel(bo).getByText("Du kan læse kommentarerne, men ikke skrive her.")).toBeVisible();
    const command = { type: "comment", item: item.id, document: "case", text: "For sent" };
    const answer = await bo.request.post(`${server.url}/api/meetings/${meeting.id}/commands`, {
      data: { id: crypto.randomUUID(), command }, headers: { origin: server.url },
    });
    expect(answer.status()).toBe(409);
  });
});

test("how comments look: axe, light and dark, 320 px, forced colours", async ({ enter, desk }) => {
  const { bo, path } = await withText(desk, enter);
  const gitte = (await enter("gitte", path)).page;
  await expectWords(section(gitte, "Resumé"), "tre år");
  await select(gitte, "Resumé", "tre år");
  await comment(gitte, "Var det ikke fire? Det stod der i hvert fald i den udgave, som udvalget fik i foråret.");
  await select(gitte, "Resumé", "nytår");
  await comment(gitte, "Hvilket?");
  await panel(gitte).getByRole("button", { name: "Ny kommentar" }).click();
  await gitte.keyboard.type("Hele sagen er god.");
  await gitte.keyboard.press("Control+Enter");
  await expect(threads(bo)).toHaveCount(3);
  await threads(bo).last().getByRole("button", { name: "Markér som løst" }).click();
  await panel(bo).getByLabel("Vis").selectOption({ label: "Alle" });
  await marked(bo, "Resumé").first().click();
  await inspect(bo, "comments");
  await select(bo, "Resumé", "Forslaget");
  await tool(bo, "Kommentér").click();
  await bo.keyboard.type("Er det @");
  await expect(bo.getByRole("listbox")).toBeVisible();
  await inspect(bo, "comments-writing");
  await bo.setViewportSize({ width: 320, height: 640 });
  await bo.keyboard.press("Escape");
  await section(bo, "Resumé").getByText("tre år").click();
  await expect(bo.getByRole("button", { name: "Gå til kommentaren" })).toBeVisible();
  await bo.screenshot({ path: "report/screens/comments-at-the-caret-320.png" });
  await bo.getByRole("button", { name: "Gå til kommentaren" }).click();
  await expect(threads(bo).filter({ hasText: "Var det ikke fire?" })).toBeFocused();
  await bo.screenshot({ path: "report/screens/comments-thread-320.png" });
  await bo.setViewportSize({ width: 1280, height: 900 });
  await bo.emulateMedia({ forcedColors: "active" });
  await bo.screenshot({ path: "report/screens/comments-forced-colours.png" });
});
