// The freeze: what was in is published to the letter, what came later is kept for its author,
// and the proof on the page is the log's.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { blocks, enterSection, expectBlocks, expectSaved, itemPath, notice, refusal, section } from "./support/editor.ts";
import { expect, test, type Page } from "./support/test.ts";

/** Types numbered words until the text can no longer be edited. */
async function typeUntilFrozen(page: Page, heading: string): Promise<string> {
  const text = section(page, heading);
  let words = "";
  for (let n = 1; await text.isVisible() && await text.getAttribute("contenteditable") === "true"; n++) {
    await page.keyboard.type(`ord${n} `, { delay: 3 });
    words += `ord${n} `;
  }
  return words;
}

/** Lets the connections that are open be slow towards the server, from now on until released. */
async function slowLine(page: Page) {
  type Line = { held?: (() => void)[] | undefined; closed: boolean };
  const lines: Line[] = [];
  await page.routeWebSocket(/\/sync\?/, (socket) => {
    const line: Line = { closed: false };
    lines.push(line);
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (line.held) line.held.push(() => server.send(message));
      else server.send(message);
    });
    socket.onClose((code, reason) => {
      line.closed = true;
      void server.close({ code, reason });
    });
  });
  return {
    hold: () => lines.forEach((line) => (line.held = [])),
    release: () => {
      for (const line of lines) {
        const waiting = line.held ?? [];
        line.held = undefined;
        if (!line.closed) waiting.forEach((send) => send());
      }
    },
  };
}

const published = (page: Page, heading: string) =>
  page.locator("section", { has: page.getByRole("heading", { name: heading, exact: true }) }).last().locator("p");

test("people write on while the secretariat freezes and publishes", async ({ enter, desk, server }) => {
  test.setTimeout(90_000);
  const meeting = await desk.plan("Beslutning under pres");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, lasse, sofie] = [await enter("bo", path), await enter("lasse"), await enter("sofie", `/moede/${meeting.id}`)];
  const line = await slowLine(lasse.page);
  await lasse.page.goto(path);
  await enterSection(bo.page, "Resumé");
  await enterSection(lasse.page, "Økonomi");
  await lasse.page.keyboard.type("Kom med.");
  await expectSaved(lasse.page);

  line.hold();
  await lasse.page.keyboard.type(" Kom for sent.");
  const typing = typeUntilFrozen(bo.page, "Resumé");
  await expect(section(bo.page, "Resumé")).toContainText("ord5 ");
  await sofie.page.getByRole("button", { name: "Lås dagsordenen" }).click();
  await expect(sofie.page.getByRole("dialog")).toContainText("1 punkt er ikke markeret som klar");
  await sofie.page.getByRole("button", { name: "Lås nu" }).click();
  await expect(notice(lasse.page)).toContainText("Sofie Krog");
  line.release();
  const typed = await typing;

  await test.step("the editors are read-only and say why", async () => {
    await expect(notice(bo.page)).toContainText("Sofie Krog");
    for (const { page } of [bo, lasse]) {
      await expect(section(page, "Resumé")).toHaveAttribute("contenteditable", "false");
      await expect(page.getByRole("toolbar")).toHaveCount(0);
    }
  });

  await test.step("the late words are shown to their author, to be copied", async () => {
    await expect(refusal(lasse.page)).toContainText("Teksten blev låst, før det, du skrev, nåede frem.");
    await expect(refusal(lasse.page).locator("blockquote")).toHaveText("Kom for sent.");
    await expect(lasse.page.locator(".saved").first()).toContainText("Ikke alt kom med.");
    await expectBlocks(section(lasse.page, "Økonomi"), ["p: Kom med."]);
    await refusal(lasse.page).getByRole("button", { name: "Kopiér teksten" }).click();
    expect((await lasse.page.evaluate(() => navigator.clipboard.readText())).trim()).toBe("Kom for sent.");
    await lasse.page.reload();
    await expect(refusal(lasse.page).locator("blockquote")).toHaveText("Kom for sent.");
    await expect(lasse.page.getByText("Kom for sent.")).toHaveCount(1);
    const elsewhere = (await enter("lasse", path)).page;
    const recorded = elsewhere.locator("details", { has: elsewhere.getByRole("heading", { name: /Tekst, der ikke kom med/ }) });
    await expect(recorded).toContainText("Kom for sent.");
    await expect(section(lasse.page, "Økonomi")).toHaveAttribute("contenteditable", "false");
  });

  const frozenText = (await blocks(section(bo.page, "Resumé"))).map((block) => block.slice(3)).join("\n");
  await test.step("not a letter is lost: what is frozen and what is refused make what was typed", async () => {
    expect(frozenText.length).toBeGreaterThan("ord1 ord2 ord3 ord4 ".length);
    expect(typed.startsWith(frozenText), `frozen: ${frozenText}`).toBe(true);
    for (const text of await refusal(bo.page).locator("blockquote").allTextContents()) {
      expect(typed.slice(frozenText.length)).toContain(text.trim());
    }
    await expectBlocks(section(lasse.page, "Resumé"), await blocks(section(bo.page, "Resumé")));
  });

  await sofie.page.getByRole("button", { name: "Udgiv" }).click();
  await sofie.page.getByRole("button", { name: "Udgiv nu" }).click();
  await sofie.page.getByRole("link", { name: /^Udgave 1/ }).click();
  await test.step("the published page has the frozen text and none of the rest", async () => {
    await expect(sofie.page).toHaveURL(`${server.url}/dagsorden/${meeting.id}/1`);
    await expect(published(sofie.page, "Resumé")).toHaveText([frozenText.trim()]);
    await expect(published(sofie.page, "Økonomi")).toHaveText(["Kom med."]);
    await expect(sofie.page.locator("body")).not.toContainText("for sent");
    expect(await sofie.page.locator("script").count()).toBe(0);
  });
  await test.step("its proof is the log's", async () => {
    const freeze = (await desk.meeting(meeting.id)).freezes[0]!;
    await expect(sofie.page.locator("footer")).toContainText(freeze.content_hash);
    await expect(sofie.page.locator("footer")).toContainText(String(freeze.position));
  });
  await test.step("the log alone gives the same bytes, and is whole", async () => {
    const served = await (await sofie.context.request.get(`/dagsorden/${meeting.id}/1/dagsorden.html`)).body();
    await server.end();
    const file = join(server.data, "edition.html");
    await server.run("publish", "--meeting", meeting.id, "--out", file);
    expect((await readFile(file)).equals(served)).toBe(true);
    expect(await server.run("verify")).toMatch(/Loggen er hel: \d+ poster i \d+ strømme, 1 låsninger genskabt, [1-9]\d* kontrolpunkter holder\./);
    await server.restart();
  });
});

test("a reopened agenda goes on with its text, in a new round", async ({ enter, desk }) => {
  const meeting = await desk.plan("Drøftelse igen");
  const path = itemPath(meeting, meeting.items[0]!);
  const [bo, sofie] = [await enter("bo", path), await enter("sofie", `/moede/${meeting.id}`)];
  await enterSection(bo.page, "Resumé");
  await bo.page.keyboard.type("Første runde.");
  await expectSaved(bo.page);
  await desk.command(meeting.id, { type: "freeze", reason: "Klar" });
  await expect(notice(bo.page)).toBeVisible();

  await sofie.page.getByRole("button", { name: "Genåbn" }).click();
  const dialog = sofie.page.getByRole("dialog", { name: "Genåbn dagsordenen" });
  await dialog.getByRole("button", { name: "Genåbn nu" }).click();
  await expect(dialog.getByText("Skriv en begrundelse.")).toBeVisible();
  await dialog.getByLabel("Begrundelse").fill("Tallene skal rettes");
  await dialog.getByRole("button", { name: "Genåbn nu" }).click();
  await expect(dialog).toBeHidden();
  await expect(sofie.page.getByText("Tallene skal rettes")).toBeVisible();

  const text = await enterSection(bo.page, "Resumé");
  await expectBlocks(text, ["p: Første runde."]);
  await expect(notice(bo.page)).toHaveCount(0);
  await bo.page.keyboard.type(" Anden runde.");
  await expectSaved(bo.page);
  expect((await desk.meeting(meeting.id)).round).toBe(2);

  await bo.page.getByRole("link", { name: "Se historik" }).click();
  const changes = bo.page.getByRole("region", { name: "Ændringer" });
  await expect(changes.getByRole("listitem").filter({ hasText: "låste" })).toHaveCount(1);
  await expect(changes.getByRole("listitem").filter({ hasText: "Tallene skal rettes" })).toHaveCount(1);
});
