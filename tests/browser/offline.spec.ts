// Without a connection: one writes on, sees what is not yet sent, and it goes in afterwards, or is
// refused and kept if the agenda was frozen meanwhile.
import { enterSection, expectBlocks, expectSaved, itemPath, notice, refusal, section } from "./support/editor.ts";
import { expect, test } from "./support/test.ts";

test("without a net one writes on, and both texts are merged afterwards", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering uden net");
  const path = itemPath(meeting, meeting.items[0]!);
  const [lasse, bo] = [await enter("lasse", path), await enter("bo", path)];
  await enterSection(lasse.page, "Resumé");
  await lasse.page.keyboard.type("Fælles.");
  await expectSaved(lasse.page);
  await lasse.context.setOffline(true);
  await expect(lasse.page.getByText("Du er uden forbindelse.")).toBeVisible();
  await lasse.page.keyboard.type(" Fra toget.");
  await expect(lasse.page.locator(".saved")).toContainText(/Ingen forbindelse\. \d+ rettelser er kun gemt i denne browser/);
  await enterSection(bo.page, "Resumé");
  await bo.page.keyboard.press("Control+Home");
  await bo.page.keyboard.type("Fra kontoret. ");
  await expectSaved(bo.page);
  await expectBlocks(section(lasse.page, "Resumé"), ["p: Fælles. Fra toget."]);
  await lasse.context.setOffline(false);
  for (const { page } of [lasse, bo]) {
    await expectBlocks(section(page, "Resumé"), ["p: Fra kontoret. Fælles. Fra toget."]);
    await expectSaved(page);
  }
});

test("when the server is killed, nothing that was typed is lost", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Orientering om strøm");
  const path = itemPath(meeting, meeting.items[0]!);
  const [lasse, bo] = [await enter("lasse", path), await enter("bo", path)];
  await enterSection(lasse.page, "Resumé");
  await lasse.page.keyboard.type("Før.");
  await expectSaved(lasse.page);
  await server.end("SIGKILL");
  await lasse.page.keyboard.type(" Imens.");
  await expect(lasse.page.locator(".saved")).toContainText("Ingen forbindelse.");
  await server.restart();
  for (const { page } of [lasse, bo]) {
    // The wait before the next attempt grows; a person may cut it short.
    await page.getByRole("button", { name: "Forbind nu" }).click({ timeout: 3_000 }).catch(() => "already connected");
    await expectBlocks(section(page, "Resumé"), ["p: Før. Imens."]);
    await expectSaved(page);
  }
  await lasse.page.reload();
  await expectBlocks(section(lasse.page, "Resumé"), ["p: Før. Imens."]);
});

test("what was written without a net is refused and kept when the agenda was frozen meanwhile", async ({ enter, desk }) => {
  const meeting = await desk.plan("Orientering om for sent");
  const { page, context } = await enter("lasse", itemPath(meeting, meeting.items[0]!));
  await enterSection(page, "Resumé");
  await page.keyboard.type("I tide.");
  await expectBlocks(section(page, "Resumé"), ["p: I tide."]);
  await expectSaved(page);
  await context.setOffline(true);
  await page.keyboard.type(" I tunnelen.");
  await expectBlocks(section(page, "Resumé"), ["p: I tide. I tunnelen."]);
  await expect(page.locator(".saved")).toContainText("Ingen forbindelse.");
  await desk.command(meeting.id, { type: "freeze", reason: "" });
  await context.setOffline(false);
  await expect(notice(page)).toBeVisible();
  await expect(refusal(page).locator("blockquote")).toHaveText("I tunnelen.");
  await expectBlocks(section(page, "Resumé"), ["p: I tide."]);
  await refusal(page).getByRole("button", { name: "Fjern" }).click();
  await expect(refusal(page)).toHaveCount(0);
});
