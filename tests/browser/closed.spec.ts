// Closed items: worked on like any other, and in the published agenda nothing but their place.
import { enterSection, expectSaved, itemPath, section } from "./support/editor.ts";
import { inspect } from "./support/looks.ts";
import { expect, test } from "./support/test.ts";

const SECRETS = ["Afskedigelse", "Personsag", "fratrædelsesaftale"];

test("a closed item is written by members, and nobody else reads a word of it", async ({ enter, desk, server }) => {
  const meeting = await desk.plan("Beslutning om Afskedigelse");
  await desk.command(meeting.id, { type: "add_item", title: "Orientering om stier", journal_number: null, minutes: null });
  const path = itemPath(meeting, meeting.items[0]!);
  const [sofie, bo] = [(await enter("sofie", path)).page, (await enter("bo", path)).page];
  await expect(bo.getByRole("button", { name: "Gør lukket" })).toHaveCount(0);
  await sofie.getByRole("button", { name: "Gør lukket" }).click();
  const dialog = sofie.getByRole("dialog");
  await dialog.getByRole("button", { name: "Gør punktet lukket" }).click();
  await expect(dialog).toContainText("Skriv en begrundelse");
  await inspect(sofie, "item-close");
  await dialog.getByLabel("Hvorfor er punktet lukket?").fill("Personsag");
  await dialog.getByRole("button", { name: "Gør punktet lukket" }).click();

  await test.step("members see that it is closed, and why, and write on", async () => {
    await expect(bo.getByText("Lukket punkt, kun for medlemmer: Personsag")).toBeVisible();
    await enterSection(bo, "Resumé");
    await bo.keyboard.type("En fratrædelsesaftale.");
    await expectSaved(bo);
    await expect(section(sofie, "Resumé")).toContainText("fratrædelsesaftale");
    await inspect(sofie, "item-closed");
    await bo.goto(`${path}/historik`);
    await expect(bo.getByRole("button", { name: "Sofie Krog gjorde punktet lukket: Personsag" })).toBeVisible();
    await bo.goto(`/moede/${meeting.id}`);
    await expect(bo.getByRole("listitem").filter({ hasText: "Afskedigelse" }).first()).toContainText("Lukket punkt");
  });

  await test.step("the published agenda has its place, and none of its words", async () => {
    await desk.command(meeting.id, { type: "freeze", reason: "" });
    await desk.command(meeting.id, { type: "publish" });
    const published = await (await fetch(`${server.url}/dagsorden/${meeting.id}`)).text();
    expect(published).toContain("Lukket punkt");
    expect(published).toContain("Orientering om stier");
    for (const secret of SECRETS) expect(published).not.toContain(secret);
  });
});
