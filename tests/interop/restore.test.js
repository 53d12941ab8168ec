// What was erased stays erased, to whichever moment the log is restored, and with keys from whenever; and whoever
// restores is told what was erased again, or what to do.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { run, Server } from "./support/server.js"

const TITLE = "Klagen fra Havnevej"
const WORDS = "Klageren bor over bageren"
const FILE = "Tegning af klagerens altan\n"
const KEPT = "Broen males om"
const REASON = "Klageren har bedt om det"

let server, folder, agenda, other, moments
const at = name => join(folder, name)

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dagsorden-restore-"))
  server = await Server.start(["--demo"])
  moments = {}
  agenda = await server.agenda(TITLE)
  other = await server.agenda(KEPT)
  const section = { type: "write_section", item: agenda.item, document: "case", section: "resume", nothing: false }
  const blocks = [{ type: "paragraph", text: [{ text: WORDS }] }]
  moments.written = (await server.command("sofie", agenda.meeting, { ...section, blocks })).position
  const upload = `/api/meetings/${agenda.meeting}/items/${agenda.item}/attachments?id=${randomUUID()}&file=altan.txt`
  const headers = { cookie: await server.session("sofie"), origin: server.origin, "content-type": "application/octet-stream" }
  assert.equal((await server.fetch(upload, { method: "POST", headers, body: FILE })).status, 200)
  moments.frozen = (await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Udsendes" })).position
  moments.published = (await server.command("sofie", agenda.meeting, { type: "publish" })).position
  backup("before")
  cpSync(at("before"), at("log"), { recursive: true })
  await server.command("sofie", agenda.meeting, { type: "erase_item", item: agenda.item, reason: REASON })
  backup("log", "after-keys")
})

after(async () => {
  await server?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** The log, and the keys beside it, as they are now. */
function backup(to, keys = `${to}-keys`) {
  const done = run("backup", "--data", server.data, "--server", server.origin, "--to", at(to), "--keys-to", at(keys))
  assert.equal(done.code, 0, done.err)
}

const restore = (from, keys, to, ...more) =>
  run("restore", "--from", at(from), "--keys", at(keys), "--data", at(to), "--lang", "en", ...more)

const files = place =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const holding = (place, words) => files(place).filter(file => words.some(word => readFileSync(file).includes(word)))

/** The restored folder is sound, and a service over it shows the item as erased, and everything else. */
async function erasedIn(name, reason, then = async () => {}) {
  const checked = run("verify", "--data", at(name), "--files", "--lang", "en")
  assert.equal(checked.code, 0, checked.err)
  const restored = await Server.start(["--demo"], at(name))
  try {
    const meeting = await restored.meeting("sofie", agenda.meeting)
    assert.deepEqual([meeting.items[0].title, meeting.items[0].attachments], ["Slettet punkt", []])
    assert.match(meeting.items[0].erased.reason, reason)
    const history = await restored.get("sofie", `/api/meetings/${agenda.meeting}/trail`)
    assert.ok(!JSON.stringify([meeting, history]).match(new RegExp(`${TITLE}|${WORDS}`)))
    assert.equal((await restored.meeting("sofie", other.meeting)).items[0].title, KEPT)
    await then(restored, meeting)
  } finally {
    await restored.end()
  }
  assert.deepEqual(holding(at(name), [TITLE, WORDS, FILE]), [], "words are left")
  assert.equal(run("verify", "--data", at(name), "--files").code, 0)
}

for (const keys of ["after-keys", "before-keys"])
  test(`to a moment before an erasure, with ${keys}`, async () => {
    for (const [moment, phase] of [["written", "open"], ["frozen", "open"], ["published", "published"]]) {
      const name = `${moment}-${keys}`
      const restored = restore("log", keys, name, "--until", String(moments[moment]))
      assert.equal(restored.code, 0, restored.err)
      assert.match(restored.out, new RegExp(`Erased again: item \\w+.* of Chefforum 20.*, by sofie, because: ${REASON}`))
      assert.match(restored.out, /\n0 attached files were put back/)
      await erasedIn(name, new RegExp(`Slettet igen.*Først slettet den \\d+\\. \\w+ 20\\d\\d: ${REASON}`), async (service, meeting) => {
        assert.equal(meeting.phase, phase)
        if (phase === "published") {
          const page = await service.fetch(`/dagsorden/${agenda.meeting}/1`)
          assert.equal(page.status, 410)
          return
        }
        // Life goes on: without the words.
        await service.command("sofie", agenda.meeting, { type: "freeze", reason: "Igen" })
        await service.command("sofie", agenda.meeting, { type: "publish" })
        assert.match(await (await service.fetch(`/dagsorden/${agenda.meeting}/1`)).text(), /Slettet punkt/)
      })
    }
  })

test("an older copy with newer keys is restored when somebody says what the keys show", async () => {
  const refused = restore("before", "after-keys", "older")
  assert.equal(refused.code, 1)
  assert.match(refused.err, /The keys of [2-9] texts are missing, for the first time at position \d+\.\n.*--keys FOLDER.*\n.*--erase-unreadable/)
  assert.ok(!existsSync(join(at("older"), "log")))
  const restored = restore("before", "after-keys", "older", "--erase-unreadable")
  assert.equal(restored.code, 0, restored.err)
  assert.match(restored.out, /Erased again: item \w+.* \(its keys were destroyed after this log\)/)
  await erasedIn("older", /Nøglen til ordene var slettet efter den kopi/)
})

test("keys that are of this very moment need nothing said", async () => {
  const restored = restore("before", "before-keys", "same", "--erase-unreadable")
  assert.equal(restored.code, 0, restored.err)
  assert.doesNotMatch(restored.out, /Erased again/)
  assert.match(restored.out, /1 attached files were put back and checked/)
  const service = await Server.start(["--demo"], at("same"))
  assert.equal((await service.meeting("sofie", agenda.meeting)).items[0].title, TITLE)
  await service.end()
})

test("an attachment that was altered in the copy is named, and not put back", async () => {
  cpSync(at("before"), at("altered"), { recursive: true })
  const [file] = files(join(at("altered"), "files"))
  const bytes = readFileSync(file)
  bytes[5] ^= 1
  writeFileSync(file, bytes)
  const restored = restore("altered", "before-keys", "without-file")
  assert.equal(restored.code, 0, restored.err)
  const sha256 = basename(file)
  assert.match(restored.out, new RegExp(`0 attached files were put back.*\n1 attached files are missing or altered.*\n  ${sha256}`))
  const verified = run("verify", "--data", at("without-file"), "--files", "--lang", "en")
  assert.equal(verified.code, 1)
  assert.match(verified.err, new RegExp(sha256))
})

test("an older log that was put back beside newer keys says what to do, and that can be done", async () => {
  const put = at("put-back")
  assert.equal(restore("before", "before-keys", "put-back").code, 0)
  cpSync(join(at("after-keys"), "item-keys"), join(put, "item-keys"), { recursive: true })
  const told = /the keys of [2-9] texts are missing.*`dagsorden export`.*`dagsorden restore --erase-unreadable`/
  const verified = run("verify", "--data", put, "--lang", "en")
  assert.equal(verified.code, 1)
  assert.match(verified.err, told)
  await assert.rejects(Server.start(["--demo"], put), error => told.test(error.message) && !/delete its file HEAD/.test(error.message))
  assert.equal(run("export", "--data", put, "--out", at("put-back.jsonl")).code, 0)
  const restored = run("restore", "--from", at("put-back.jsonl"), "--keys", put, "--data", at("mended"), "--erase-unreadable", "--lang", "en")
  assert.equal(restored.code, 0, restored.err)
  await erasedIn("mended", /Nøglen til ordene var slettet/)
})

test("what comes after the moment need not be sound, and then says nothing", async () => {
  const broken = at("broken")
  mkdirSync(broken)
  const lines = readFileSync(join(at("log"), "log.jsonl"), "utf8").split("\n")
  const line = moments.published + 1
  lines[line] = lines[line].replace(/"commit":"...../, '"commit":"AAAAA')
  writeFileSync(join(broken, "log.jsonl"), lines.join("\n"))
  const all = restore("broken", "before-keys", "all")
  assert.equal(all.code, 1, "not as a whole")
  const restored = restore("broken", "before-keys", "early", "--until", String(moments.published))
  assert.equal(restored.code, 0, restored.err)
  assert.match(restored.out, new RegExp(`${moments.published} commits.*\nWhat was erased later in the log is not known.*position ${moments.published + 1}`))
})
