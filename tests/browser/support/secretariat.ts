// What the secretariat does with a meeting in its dialogs.
import { expect, type Page } from "./test.ts";

/** Presses a button, gives a reason if the dialog asks for one, and says yes. */
export async function confirm(page: Page, button: string, submit: string, reason?: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  const dialog = page.getByRole("dialog");
  if (reason !== undefined) await dialog.getByLabel("Begrundelse").fill(reason);
  await dialog.getByRole("button", { name: submit }).click();
  await expect(dialog).toBeHidden();
}
