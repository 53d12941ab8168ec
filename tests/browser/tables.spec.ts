// Tables: made and changed by toolbar and keys, and by two people at once without a word lost.
import { type Item, type Meeting } from "./support/api.ts";
import { enterSection, expectSaved, itemPath, section, tool } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { cell, enterCell, expectGrid, grid, insertTable } from "./support/tables.ts";
import { expect, test, type Page } from "./support/test.ts";

const HEADING = "Sagsfremstilling";
const type = (page: Page, text: string) => page.keyboard.type(text);
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const path = (meeting: Meeting) => itemPath(meeting, meeting.items[0] as Item);

test("a table by keyboard alone: insert, type, rows, columns, headers, merge, split, delete", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om tabeller");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await insertTable(page, 2, 2, true);
  await type(page, "Tiltag");
  await press(page, "Tab");
  await type(page, "Hvem");
  await press(page, "Tab");
  await type(page, "Lys");
  await press(page, "Tab");
  await type(page, "- Vej");
  await press(page, "Enter");
  await type(page, "Park");
  await expectGrid(text, [["#Tiltag", "#Hvem"], ["Lys", "Vej/Park"]]);

  await test.step("Tab in the last cell adds a row", async () => {
    await press(page, "Tab");
    await type(page, "Bro");
    await expectGrid(text, [["#Tiltag", "#Hvem"], ["Lys", "Vej/Park"], ["Bro", ""]]);
  });
  await test.step("rows and columns on all sides", async () => {
    await press(page, "Control+Alt+ArrowUp", "Control+Alt+ArrowRight");
    await type(page, "her");
    await expectGrid(text, [["#Tiltag", "#", "#Hvem"], ["Lys", "", "Vej/Park"], ["", "her", ""], ["Bro", "", ""]]);
    await press(page, "Control+z", "Control+Shift+Backspace");
    await expectGrid(text, [["#Tiltag", "#", "#Hvem"], ["Lys", "", "Vej/Park"], ["Bro", "", ""]]);
    await press(page, "Control+z");
    await enterCell(page, text, 0, 1);
    await press(page, "Control+Alt+Backspace");
    await expectGrid(text, [["#Tiltag", "#Hvem"], ["Lys", "Vej/Park"], ["", ""], ["Bro", ""]]);
  });
  await test.step("cells are selected with Shift and arrows, merged, and split", async () => {
    await enterCell(page, text, 2, 0);
    await press(page, "Shift+ArrowRight");
    await expect(text.locator(".selectedCell")).toHaveCount(2);
    await press(page, "Control+Alt+m");
    await expectGrid(text, [["#Tiltag", "#Hvem"], ["Lys", "Vej/Park"], ["(2x1)"], ["Bro", ""]]);
    await press(page, "Control+Alt+m");
    await expectGrid(text, [["#Tiltag", "#Hvem"], ["Lys", "Vej/Park"], ["", ""], ["Bro", ""]]);
  });
  await test.step("header row and column", async () => {
    await press(page, "Control+Alt+h");
    await expect(text.locator("th")).toHaveCount(0);
    await press(page, "Control+Alt+Shift+h");
    await expect(text.locator("th")).toHaveCount(4);
    await press(page, "Control+Alt+h", "Control+Alt+Shift+h");
  });
  await test.step("the last row takes the table with it, and undo brings all back", async () => {
    const before = await grid(text);
    await press(page, "Control+Alt+Shift+Backspace");
    await expect(text.locator("table")).toHaveCount(0);
    await press(page, "Control+z");
    await expectGrid(text, before);
    await expectSaved(page);
    await page.reload();
    await expectGrid(section(page, HEADING), before);
  });
});

test("the toolbar has the table's tools while the caret is in a table, in its one tab stop", async ({ enter, desk }) => {
  const meeting = await desk.plan("Status på værktøjer");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await expect(tool(page, "Indsæt række over")).toHaveCount(0);
  await insertTable(page, 2, 3, true);
  for (const name of ["Indsæt række over", "Indsæt række under", "Slet række", "Indsæt kolonne til venstre", "Indsæt kolonne til højre", "Slet kolonne", "Overskriftskolonne", "Slet tabel"]) {
    await expect(tool(page, name)).toHaveAttribute("aria-disabled", "false");
  }
  await expect(tool(page, "Flet celler")).toHaveAttribute("aria-disabled", "true");
  await expect(tool(page, "Overskriftsrække")).toHaveAttribute("aria-pressed", "true");
  await press(page, "Alt+F10", "End");
  await expect(tool(page, "Slet tabel")).toBeFocused();
  await expect(page.getByRole("toolbar").locator("button[tabindex='0']")).toHaveCount(1);
  await press(page, "ArrowLeft", "ArrowLeft", "Enter");
  await expect(text.locator("th")).toHaveCount(0);
  await expect(text).toBeFocused();
  await inspect(page, "table-tools");
  await tool(page, "Slet tabel").click();
  await expect(tool(page, "Indsæt række over")).toHaveCount(0);
  await expect(page.getByRole("toolbar").locator("button[tabindex='0']")).toHaveCount(1);
});

test("cells are selected with the mouse; the dialog says what a size must be", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om mus");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await tool(page, "Tabel").click();
  const dialog = page.getByRole("dialog", { name: "Indsæt tabel" });
  await dialog.getByLabel("Kolonner").fill("65");
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("Skriv et helt tal fra 1 til 64.");
  await inspect(page, "table-dialog");
  await dialog.getByLabel("Kolonner").fill("3");
  await page.keyboard.press("Enter");
  await cell(text, 1, 0).hover();
  await page.mouse.down();
  await cell(text, 2, 1).hover();
  await page.mouse.up();
  await expect(text.locator(".selectedCell")).toHaveCount(4);
  await tool(page, "Flet celler").click();
  await expectGrid(text, [["#", "#", "#"], ["(2x2)", ""], [""]]);
  await enterCell(page, text, 1, 0);
  await tool(page, "Opdel celle").click();
  await expect(text.locator("td")).toHaveCount(6);
});

test.describe("two people in one table", () => {
  async function together(enter: (user: string, path: string) => Promise<{ page: Page }>, meeting: Meeting) {
    const [bo, gitte] = [(await enter("bo", path(meeting))).page, (await enter("gitte", path(meeting))).page];
    const mine = await enterSection(bo, HEADING);
    await insertTable(bo, 2, 2, false);
    await type(bo, "a");
    await press(bo, "Tab");
    await type(bo, "b");
    const theirs = await enterSection(gitte, HEADING);
    await expectGrid(theirs, [["a", "b"], ["", ""]]);
    return { bo, gitte, mine, theirs };
  }
  const bothShow = async (texts: ReturnType<typeof section>[], expected: string[][]) => {
    for (const text of texts) await expectGrid(text, expected);
  };

  test("in different cells and in the same", async ({ enter, desk }) => {
    const { bo, gitte, mine, theirs } = await together(enter, await desk.plan("Drøftelse af celler"));
    await enterCell(bo, mine, 1, 0);
    await enterCell(gitte, theirs, 1, 1);
    await Promise.all([type(bo, "Bo skriver"), type(gitte, "Gitte skriver")]);
    await bothShow([mine, theirs], [["a", "b"], ["Bo skriver", "Gitte skriver"]]);
    await enterCell(bo, mine, 0, 0);
    await enterCell(gitte, theirs, 0, 0);
    await press(bo, "Home");
    await expect(mine.locator("td").first().locator(".their-caret")).toHaveText("Gitte Sønderby");
    await Promise.all([type(bo, "først "), type(gitte, " sidst")]);
    await bothShow([mine, theirs], [["først a sidst", "b"], ["Bo skriver", "Gitte skriver"]]);
  });

  test("a row and a column at once give a full grid, and both may fill where they cross", async ({ enter, desk }) => {
    const { bo, gitte, mine, theirs } = await together(enter, await desk.plan("Drøftelse af gitter"));
    await enterCell(bo, mine, 1, 0);
    await enterCell(gitte, theirs, 0, 1);
    for (const page of [bo, gitte]) await page.context().setOffline(true);
    await press(bo, "Control+Alt+ArrowDown");
    await press(gitte, "Control+Alt+ArrowRight");
    for (const page of [bo, gitte]) await page.context().setOffline(false);
    await bothShow([mine, theirs], [["a", "b", ""], ["", "", ""], ["", "", ""]]);
    await enterCell(bo, mine, 2, 2);
    await enterCell(gitte, theirs, 2, 2);
    for (const page of [bo, gitte]) await page.context().setOffline(true);
    await type(bo, "fra Bo");
    await type(gitte, "fra Gitte");
    for (const page of [bo, gitte]) await page.context().setOffline(false);
    const crossing = async (text: typeof mine) => (await grid(text))[2]![2]!.split("/").sort();
    for (const text of [mine, theirs]) await expect.poll(() => crossing(text)).toEqual(["fra Bo", "fra Gitte"]);
    expect(await grid(theirs)).toEqual(await grid(mine));
    await expectSaved(bo);
    await bo.goto(`/dagsorden/${bo.url().split("/moede/")[1]!.split("/")[0]}/udkast`);
    const published = bo.locator("td").last();
    await expect(published).toContainText("fra Bo");
    await expect(published).toContainText("fra Gitte");
  });

  test("a row is deleted while another types in it: no word lands elsewhere, and undo has both", async ({ enter, desk }) => {
    const { bo, gitte, mine, theirs } = await together(enter, await desk.plan("Drøftelse af sletning"));
    await enterCell(gitte, theirs, 1, 0);
    await type(gitte, "Gitte");
    await bothShow([mine, theirs], [["a", "b"], ["Gitte", ""]]);
    await enterCell(bo, mine, 1, 1);
    await press(bo, "Control+Shift+Backspace");
    await bothShow([mine, theirs], [["a", "b"]]);
    await expect(theirs).not.toBeFocused();
    await expect(gitte.getByText("En anden har fjernet den celle, du skrev i.")).toBeAttached();
    await type(gitte, "x");
    await press(bo, "Control+z");
    await bothShow([mine, theirs], [["a", "b"], ["Gitte", ""]]);
    await enterCell(gitte, theirs, 1, 0);
    await type(gitte, " igen");
    await bothShow([mine, theirs], [["a", "b"], ["Gitte igen", ""]]);
  });

  test("cells are merged while another types in one of them", async ({ enter, desk }) => {
    const { bo, gitte, mine, theirs } = await together(enter, await desk.plan("Drøftelse af fletning"));
    await enterCell(gitte, theirs, 0, 0);
    await enterCell(bo, mine, 0, 0);
    await press(bo, "Shift+ArrowRight");
    await expect(mine.locator(".selectedCell")).toHaveCount(2);
    await press(bo, "Control+Alt+m");
    await bothShow([mine, theirs], [["a/b(2x1)"], ["", ""]]);
    await enterCell(gitte, theirs, 0, 0);
    await type(gitte, " fra Gitte");
    await bothShow([mine, theirs], [["a/b fra Gitte(2x1)"], ["", ""]]);
    await press(bo, "Control+Alt+m");
    await bothShow([mine, theirs], [["a/b fra Gitte", ""], ["", ""]]);
  });
});

test("a text that begins with a table has a place before it, and one between two tables", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om plads");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await insertTable(page, 1, 1, false);
  await type(page, "første");
  await press(page, "Control+End");
  await insertTable(page, 1, 1, false);
  await type(page, "anden");
  await press(page, "Control+Home");
  await type(page, "Før");
  await expect(text.locator(":scope > *").first()).toHaveText("Før");
  await text.locator(":scope > p").nth(1).click();
  await type(page, "Mellem");
  await press(page, "Control+End");
  await type(page, "Efter");
  const order = () => text.evaluate((element) => [...element.children].map((child) => child.textContent));
  await expect.poll(order).toEqual(["Før", "første", "Mellem", "anden", "Efter"]);
  await expectSaved(page);
  await page.reload();
  await expect.poll(() => section(page, HEADING).evaluate((element) => [...element.children].map((child) => child.textContent))).toEqual(["Før", "første", "Mellem", "anden", "Efter"]);
});

test("numbers and levels of lists are those of the published text, also for screen readers", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om lister");
  const { page } = await enter("bo", path(meeting));
  const text = await enterSection(page, HEADING);
  await type(page, "1. et");
  await press(page, "Enter", "Tab");
  await type(page, "et a");
  await press(page, "Enter");
  await type(page, "et b");
  await press(page, "Enter", "Shift+Tab");
  await type(page, "to");
  await press(page, "Enter", "Enter");
  await type(page, "Afsnit");
  await press(page, "Enter");
  await type(page, "1. forfra");
  const items = () =>
    text.locator("ol > li").evaluateAll((all) =>
      all.map((li) => `${(li.parentElement as HTMLOListElement).start}/${li.getAttribute("aria-setsize")} niveau ${li.getAttribute("aria-level")}: ${li.textContent}`),
    );
  await expect.poll(items).toEqual(["1/2 niveau 1: et", "1/2 niveau 2: et a", "2/2 niveau 2: et b", "2/2 niveau 1: to", "1/1 niveau 1: forfra"]);
  await inspect(page, "lists");
});
