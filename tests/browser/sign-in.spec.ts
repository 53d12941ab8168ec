// Coming in: choosing a person, choosing a language, and reaching a text by keyboard alone.
import { section } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";

/** Presses Tab until the focus is on what is looked for, as a person without a mouse does. */
async function tabTo(page: Page, name: string | RegExp, limit = 60): Promise<void> {
  for (let presses = 0; presses < limit; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return (element?.getAttribute("aria-label") ?? element?.textContent ?? "").trim();
    });
    if (typeof name === "string" ? focused.startsWith(name) : name.test(focused)) return;
  }
  throw new Error(`no stop of the Tab key is called ${name}`);
}

test("one chooses who to be, and is that person until signing out", async ({ page, server }) => {
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Log ind" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(9);
  await page.getByRole("button", { name: /Gitte Sønderby/ }).click();
  await expect(page.getByRole("heading", { name: "Chefforum" })).toBeVisible();
  await expect(page.getByRole("banner")).toContainText("Gitte Sønderby");
  await page.reload();
  await expect(page.getByRole("banner")).toContainText("Gitte Sønderby");
  await page.getByRole("button", { name: "Log ud" }).click();
  await expect(page.getByRole("heading", { name: "Log ind" })).toBeVisible();
});

test("the language changes at once and stays", async ({ enter }) => {
  const { page } = await enter("bo");
  await expect(page.locator("html")).toHaveAttribute("lang", "da");
  await page.getByRole("button", { name: "EN, English" }).click();
  await expect(page.getByRole("heading", { name: "Coming meetings" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Coming meetings" })).toBeVisible();
  await page.getByRole("button", { name: "DA, Dansk" }).click();
  await expect(page.getByRole("heading", { name: "Kommende møder" })).toBeVisible();
});

test("with the keyboard alone: from signing in to writing in an item", async ({ page, server }) => {
  await page.goto(server.url);
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(9);
  await tabTo(page, "Bo Ærø");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Chefforum" })).toBeVisible();
  await tabTo(page, /^(man|tirs|ons|tors|fre|lør|søn)dag/i);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Punkter" })).toBeVisible();
  await tabTo(page, /^Punkt 3:\s*Orientering om skolemad/);
  await page.keyboard.press("Enter");
  await expect(section(page, "Resumé")).toHaveAttribute("contenteditable", "true");
  await tabTo(page, "Resumé");
  await page.keyboard.type("Skrevet uden mus");
  await expect(section(page, "Resumé")).toHaveText("Skrevet uden mus");
  // Out of the text again, forwards, and up to the toolbar and back.
  await page.keyboard.press("Tab");
  await expect(section(page, "Resumé")).not.toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(section(page, "Resumé")).toBeFocused();
  await page.keyboard.press("Alt+F10");
  await expect(page.getByRole("toolbar").getByRole("button", { name: "Fed" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(section(page, "Resumé")).toBeFocused();
});
