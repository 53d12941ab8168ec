// A mirror in a folder on other hands: it grows with the log, goes on after a crash, and a new service can
// be made of it. Another history is never written over it.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createHash, randomUUID } from "node:crypto"
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "./support/client.js"
import { run, Server } from "./support/server.js"

let server, folder, mirror
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dagsorden-mirror-"))
  mirror = join(folder, "mirror")
  server = await Server.start(["--demo", "--mirror", mirror])
})
after(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const log = () => (existsSync(join(mirror, "log.jsonl")) ? readFileSync(join(mirror, "log.jsonl"), "utf8") : "")
const held = () => log().split("\n").length - 2

async function position() {
  const note = await (await server.fetch("/log/checkpoint")).text()
  return Number(note.split("\n")[1])
}

async function attach(agenda, file, text) {
  const path = `/api/meetings/${agenda.meeting}/items/${agenda.item}/attachments?id=${randomUUID()}&file=${file}`
  const headers = { cookie: await server.session("sofie"), origin: server.origin, "content-type": "application/octet-stream" }
  const answer = await server.fetch(path, { method: "POST", headers, body: text })
  assert.equal(answer.status, 200, await answer.text())
}

async function fingerprints(service, meeting, files) {
  const one = async file => {
    const answer = await service.fetch(`/dagsorden/${meeting}/1/${file}`)
    assert.equal(answer.status, 200, file)
    return createHash("sha256").update(Buffer.from(await answer.arrayBuffer())).digest("hex")
  }
  const all = await Promise.all(files.map(one))
  assert.equal(new Set(all).size, files.length, "each is a file of its own")
  return all
}

test("the mirror follows the log, after a crash too, and makes a service that proves the same", async () => {
  const agenda = await server.agenda("Fyret tændes")
  await attach(agenda, "kort.txt", "Et kort over molen\n")
  const cookie = await server.session("sofie")
  const draft = await server.fetch(`/dagsorden/${agenda.meeting}/udkast/dagsorden.pdf`, { headers: { cookie } })
  await attach(agenda, "udkast.pdf", await draft.arrayBuffer())
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await until("the mirror has the freeze", async () => (await position()) > 0 && held() >= (await position()))
  const before = log()
  await server.crash()
  // A crash may leave half a line.
  appendFileSync(join(mirror, "log.jsonl"), '{"position":9')
  await server.restart()
  await server.command("sofie", agenda.meeting, { type: "publish" })
  const manifest = () => server.fetch(`/dagsorden/${agenda.meeting}/1/manifest.json`)
  await until("the edition is sealed", async () => (await manifest()).ok)
  const size = await position()
  await until("the mirror has the seal", async () => held() >= size)
  const files = ["dagsorden.html", "dagsorden.pdf", "dagsorden-samlet.pdf", "dagsorden.zip"]
  const published = await fingerprints(server, agenda.meeting, files)
  assert.equal((await server.end()).code, 0)
  assert.ok(log().startsWith(before), "what was there stays")
  const everything = readdirSync(mirror, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const clear = everything.filter(entry => /Et kort over molen|%PDF/.test(readFileSync(join(entry.parentPath, entry.name), "latin1")))
  assert.deepEqual([everything.length > 3, clear], [true, []], "words or attachments lie in the mirror as they are")

  const exported = join(folder, "log.jsonl")
  assert.equal(run("export", "--data", server.data, "--out", exported).code, 0)
  assert.ok(readFileSync(exported, "utf8").startsWith(log()), "the mirror is the log")

  const data = join(folder, "restored")
  const restored = run("restore", "--from", mirror, "--keys", server.data, "--data", data, "--lang", "en")
  assert.equal(restored.code, 0, restored.err)
  assert.match(restored.out, /2 attached files were put back/)
  const keys = readFileSync(join(mirror, "keys.txt"), "utf8").trim().split("\n").flatMap(key => ["--key", key])
  const verified = run("verify", "--data", data, "--files", "--lang", "en", ...keys)
  assert.equal(verified.code, 0, verified.err)
  assert.match(verified.out, /The log is whole.*[1-9]\d* checkpoints hold/s)
  const again = await Server.start(["--demo"], data)
  try {
    // Made anew by other processes, the combined file with a PDF inside it too.
    assert.deepEqual(await fingerprints(again, agenda.meeting, files), published)
  } finally {
    await again.dispose()
  }
})

test("another log does not go into the mirror of this one", async () => {
  const before = log()
  const other = await Server.start(["--demo", "--mirror", mirror])
  try {
    await other.agenda("En anden historie")
    await until("it says so", async () => other.log.includes("another history"))
    assert.equal(log(), before)
  } finally {
    await other.dispose()
  }
})
