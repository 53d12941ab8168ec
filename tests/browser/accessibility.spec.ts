// The item page for people who do not see it, do not use a mouse, enlarge it, or want less of it.
import type { BrowserContext } from "@playwright/test";
import { blocks, enterSection, expectBlocks, expectSaved, itemPath, refusal, section, tool } from "./support/editor.ts";
import { expectNoSideways, inspect } from "./support/looks.ts";
import { realisticMeeting } from "./support/realistic.ts";
import { expect, test, type Page } from "./support/test.ts";

/** What has the focus, as a person would call it: its role where it is no plain control, and its name. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent?.trim());
    return (element.getAttribute("aria-label") ?? labels[0] ?? element.textContent ?? "").trim();
  });

async function tabThrough(page: Page, times: number): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < times; i++) {
    await page.keyboard.press("Tab");
    names.push(await focused(page));
  }
  return names;
}

/** Keeps what live regions say from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const region = (node: Node | null) => (node instanceof Element ? node : node?.parentElement)?.closest("[aria-live='polite'], [role='status'], [role='alert']");
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const text = region(target)?.textContent?.replace(/\u00a0$/, "").trim();
        if (text && said.at(-1) !== text) said.push(text);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}

test("Tab goes through the item page in the order in which it is read, and out of every text", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om rækkefølge");
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await page.reload();
  await expectSaved(page);
  const names = await tabThrough(page, 27);
  expect(names).toEqual([
    "Gå til indholdet", "Dagsorden", "Log ud", "DA, Dansk", "EN, English",
    "Chefforum", "6. marts 2030",
    "Markér som klar", "Ret punkt", "Ret bidragydere",
    "Hele sagen", "Vis planlægning ved siden af", "Sagstekst",
    "Fed",
    "Intet at bemærke: Indstilling", "Vejledning", "Hvem indstiller?", "+ at-punkt", "Indstilling",
    "Intet at bemærke: Resumé", "Vejledning", "Resumé",
    "Intet at bemærke: Sagsfremstilling", "Vejledning", "Sagsfremstilling",
    "Intet at bemærke: Kommunens vision og politikker", "Vejledning",
  ]);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(section(page, "Sagsfremstilling")).toBeFocused();
});

test("the toolbar is one tab stop with arrows, Home and End inside, and gives the focus back", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om værktøjer");
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  const text = await enterSection(page, "Resumé");
  await page.keyboard.press("Alt+F10");
  await expect(tool(page, "Fed")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(tool(page, "Kursiv")).toBeFocused();
  await page.keyboard.press("End");
  const buttons = page.getByRole("toolbar").getByRole("button");
  await expect(buttons.last()).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(buttons.first()).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(buttons.last()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(tool(page, "Fed")).toBeFocused();
  expect(await page.getByRole("toolbar").locator("button[tabindex='0']").count()).toBe(1);
  await page.keyboard.press("Escape");
  await expect(text).toBeFocused();
  await page.keyboard.press("Alt+F10");
  await page.keyboard.press("Enter");
  await expect(text).toBeFocused();
  await page.keyboard.type("fedt");
  await expect(text.locator("strong")).toHaveText("fedt");
});

test("live regions tell of levels, tables, moves, people and saving, and are quiet while one types", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om stemmer");
  const path = itemPath(meeting, meeting.items[0]!);
  const { page, context } = await enter("lasse", path);
  const text = await enterSection(page, "Sagsfremstilling");
  const said = await listen(page);

  await test.step("lists and headings", async () => {
    await page.keyboard.type("- et");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("to");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Alt+ArrowUp");
    await page.keyboard.press("Control+Alt+2");
    await expect.poll(said).toEqual([
      "Punktliste, niveau 1", "Punktliste, niveau 2", "Punktliste, niveau 1", "Flyttet til nummer 1 af 2", "Overskrift, niveau 2",
    ]);
    await expectBlocks(text, ["h4: to", "ul: et"]);
  });

  await test.step("a table", async () => {
    await page.evaluate(async () => {
      const html = "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>";
      await navigator.clipboard.write([new ClipboardItem({ "text/html": new Blob([html], { type: "text/html" }) })]);
    });
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+v");
    await expect(text.locator("table")).toBeVisible();
    await text.locator("td").first().click();
    await page.keyboard.press("Control+Alt+0");
    await page.keyboard.type("x");
    expect((await said()).filter((one) => one.startsWith("Tabel")).length).toBeLessThanOrEqual(1);
  });

  await test.step("who comes and goes", async () => {
    const other = await enter("gitte", path);
    await expect.poll(said).toContain("Gitte Sønderby er her nu.");
    await other.context.close();
    await expect.poll(said).toContain("Gitte Sønderby er her ikke længere.");
  });

  await test.step("offline once, saved again once", async () => {
    await expectSaved(page);
    const before = (await said()).length;
    await context.setOffline(true);
    await enterTyping(page, "uden net");
    await expect(page.getByText(/Ingen forbindelse\. \d+/)).toBeVisible();
    await context.setOffline(false);
    await expectSaved(page);
    const fresh = (await said()).slice(before).filter((one) => /forbindelse\.|^Gemt$/.test(one));
    expect(fresh.map((one) => one.split(".")[0])).toEqual(expect.arrayContaining(["Gemt"]));
    expect(fresh.filter((one) => one === "Gemt")).toHaveLength(1);
    expect(fresh.filter((one) => /Ingen forbindelse\. (Du|\d)/.test(one))).toHaveLength(1);
  });

  await test.step("refused", async () => {
    await context.setOffline(true);
    await enterTyping(page, "for sent");
    await desk.command(meeting.id, { type: "freeze", reason: "" });
    await context.setOffline(false);
    await expect(refusal(page)).toBeVisible();
    await expect.poll(said).toContain("Ikke alt kom med. Se teksten herunder.");
  });
});

async function enterTyping(page: Page, words: string): Promise<void> {
  await section(page, "Resumé").focus();
  await page.keyboard.type(words);
}

type Heard = { role: string; name: string; within: Heard[] };

/** The accessibility tree under a text, as the browser gives it to a screen reader. */
async function heard(page: Page, context: BrowserContext, name: string): Promise<Heard> {
  const devtools = await context.newCDPSession(page);
  const { nodes } = await devtools.send("Accessibility.getFullAXTree");
  const known = new Map(nodes.map((node) => [node.nodeId, node]));
  const UNHEARD = ["InlineTextBox", "StaticText", "ListMarker", "generic", "none"];
  const read = (id: string): Heard[] => {
    const node = known.get(id)!;
    const within = (node.childIds ?? []).flatMap(read);
    const role = String(node.role?.value);
    return node.ignored || UNHEARD.includes(role) ? within : [{ role, name: String(node.name?.value ?? ""), within }];
  };
  const root = nodes.find((node) => node.role?.value === "textbox" && node.name?.value === name)!;
  return read(root.nodeId)[0]!;
}

const outline = ({ role, within }: Heard): string => (within.length === 0 ? role : `${role}(${within.map(outline).join(" ")})`);

test("a screen reader gets lists with all their items, nested, and tables with headers", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const { page, context } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Indstilling");
  const points = (await heard(page, context, "Indstilling")).within.find(({ role }) => role === "list")!;
  expect(outline(points)).toBe("list(listitem listitem listitem)");
  const text = await heard(page, context, "Sagsfremstilling");
  const list = text.within.find(({ role }) => role === "list")!;
  expect(outline(list)).toBe("list(listitem(list(listitem)) listitem(list(listitem(list(listitem)))))");
  const table = text.within.find(({ role }) => role === "table")!;
  expect(table.within.map(({ within }) => within.map(({ role }) => role))).toEqual([
    Array(4).fill("columnheader"), Array(4).fill("cell"), Array(4).fill("cell"),
  ]);
  expect(table.within[0]!.within.map(({ name }) => name)).toEqual(["Model", "Timer om ugen", "Årlig udgift", "Bemærkning"]);

  await test.step("and still does after items were added, moved and taken out", async () => {
    await page.keyboard.press("Enter");
    await page.keyboard.type("sagen sendes i høring");
    await page.keyboard.press("Alt+ArrowUp");
    const lists = async () =>
      (await heard(page, context, "Indstilling")).within.filter(({ role }) => role === "list").map(outline);
    await expect.poll(lists).toEqual(["list(listitem listitem listitem listitem)"]);
    await page.keyboard.press("Control+Alt+0");
    await expect.poll(lists).toEqual(["list(listitem listitem)", "list(listitem)"]);
  });
});

test("the page reflows at 320 px and at 200 %, with wider spacing of text, on every level", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  for (const [name, options] of [
    ["320", { viewport: { width: 320, height: 640 } }],
    ["200", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
  ] as const) {
    const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!), options);
    await enterSection(page, "Resumé");
    // WCAG 1.4.12: nothing may be lost when a person sets text wider.
    await page.addStyleTag({ content: "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }" });
    for (const level of ["Hele sagen", "Overblik", "Bilag"]) {
      await page.getByRole("radio", { name: level }).check();
      await expectNoSideways(page, `${name}, ${level}`);
    }
    await page.goto(`/moede/${meeting.id}/laes`);
    await page.getByRole("radio", { name: "Hele sagen" }).check();
    await expect(page.getByRole("heading", { name: "Sagsfremstilling" })).toBeVisible();
    await expectNoSideways(page, `${name}, whole agenda`);
    await page.screenshot({ path: `report/screens/reading-${name}.png` });
  }
});

test("forced colours show what is chosen, and less motion is none", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await enterSection(page, "Resumé");
  const segment = (level: string) => page.getByRole("radio", { name: level }).locator("xpath=following-sibling::span");
  const colour = (level: string) => segment(level).evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await colour("Hele sagen")).not.toBe(await colour("Overblik"));
  await page.keyboard.press("Control+b");
  const border = (name: string) => tool(page, name).evaluate((element) => getComputedStyle(element).borderTopWidth);
  expect(await border("Fed")).not.toBe(await border("Kursiv"));
  await expect(section(page, "Resumé")).toHaveCSS("outline-style", "solid");
  expect(await page.evaluate(() => document.getAnimations().filter((one) => one.playState === "running").length)).toBe(0);
  await page.screenshot({ path: "report/screens/item-forced-colours-light.png" });
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await page.screenshot({ path: "report/screens/item-forced-colours-dark.png" });
});

/** An input method at work: each step shows what is composed so far, the last takes it in. */
async function compose(page: Page, context: BrowserContext, steps: string[], result: string): Promise<void> {
  const keys = await context.newCDPSession(page);
  for (const text of steps) {
    await keys.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  }
  await keys.send("Input.insertText", { text: result });
}

test("input methods and dead keys work in a paragraph, in a list and in a table", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const path = itemPath(meeting, meeting.items[0]!);
  const [{ page, context }, other] = [await enter("lasse", path), await enter("gitte", path)];
  const seen = (heading: string) => section(other.page, heading);

  await test.step("a longer composition whose text is replaced at the end", async () => {
    const text = await enterSection(page, "Borgerperspektiv");
    await page.keyboard.type("Ord: ");
    await compose(page, context, ["t", "to", "tou", "touk", "toukyo"], "東京");
    await page.keyboard.type(" æøå");
    await expectBlocks(text, ["p: Ord: 東京 æøå"]);
    await expectBlocks(seen("Borgerperspektiv"), ["p: Ord: 東京 æøå"]);
  });

  await test.step("over selected words, which it replaces", async () => {
    const text = await enterSection(page, "Borgerperspektiv");
    await page.keyboard.press("Control+Shift+ArrowLeft");
    await compose(page, context, ["´", "é"], "é");
    await expectBlocks(text, ["p: Ord: 東京 é"]);
  });

  await test.step("in a list", async () => {
    await enterSection(page, "Indstilling");
    await page.keyboard.press("Enter");
    await page.keyboard.type("caf");
    await compose(page, context, ["´", "é"], "é");
    await page.keyboard.press("Enter");
    await compose(page, context, ["n", "ni", "nih"], "日");
    await page.keyboard.type("å");
    await expect.poll(async () => (await blocks(seen("Indstilling"))).slice(-2)).toEqual(["ol: at café", "ol: at 日å"]);
  });

  await test.step("in a cell of a table", async () => {
    const cell = section(page, "Sagsfremstilling").locator("td").nth(3);
    await cell.click();
    await page.keyboard.press("End");
    await page.keyboard.type(" Ø");
    await compose(page, context, ["¨", "ü"], "ü");
    await compose(page, context, ["k", "ka", "kan"], "漢字");
    await page.keyboard.type("!");
    await expect(cell).toContainText("fællesskab. Øü漢字!");
    await expect(seen("Sagsfremstilling").locator("td").nth(3)).toContainText("fællesskab. Øü漢字!");
  });
  await expectSaved(page);
});

test("the realistic item and the whole agenda, as axe and a person see them", async ({ enter, desk }) => {
  const meeting = await realisticMeeting(desk);
  const { page } = await enter("gitte", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await inspect(page, "item-realistic");
  await page.setViewportSize({ width: 1600, height: 1000 });
  await page.getByRole("checkbox", { name: "Vis planlægning ved siden af" }).check();
  await expect(section(page, "Formål")).toHaveAttribute("contenteditable", "true");
  await inspect(page, "item-planning-beside");
  await page.getByRole("radio", { name: "Overblik" }).check();
  await inspect(page, "item-overview");
  await page.goto(`/moede/${meeting.id}/laes`);
  await expect(page.getByRole("heading", { name: "Resumé" })).toBeVisible();
  await inspect(page, "whole-agenda-overview");
});
