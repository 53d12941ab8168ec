// Whoever is writing is not disturbed by what happens to the meeting around the text.
import { enterSection, expectBlocks, expectSaved, itemPath, section } from "./support/editor.ts";
import { expect, test } from "./support/test.ts";

test("a change of the agenda leaves the text, the caret and the focus where they are", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om ro");
  const { page } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  const text = await enterSection(page, "Resumé");
  await page.keyboard.type("Først");
  const mounted = await text.elementHandle();
  await desk.command(meeting.id, { type: "set_item_state", item: meeting.items[0]!.id, state: "ready" });
  await expect(page.getByRole("button", { name: "Tilbage til kladde" })).toBeVisible();
  expect(await mounted!.evaluate((element) => element.isConnected && document.activeElement === element)).toBe(true);
  await page.keyboard.type(" og derefter.");
  await expectBlocks(section(page, "Resumé"), ["p: Først og derefter."]);
  await expectSaved(page);
});
