// What the service signs for: the manifest of a published edition, keys that come and go, and the
// question which edition a file is. A seal that a crash prevented is made at the next start.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createHash, randomUUID } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "./support/client.js"
import { Schema } from "./support/schema.js"
import { run, Server } from "./support/server.js"

const FORMATS = ["pdf", "html", "docx", "md", "json", "oparl.json", "akn.xml", "sbsys.xml", "zip"]

let server, schema, folder
before(async () => {
  server = await Server.start()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
  folder = mkdtempSync(join(tmpdir(), "dagsorden-files-"))
})
after(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const sha256 = bytes => createHash("sha256").update(bytes).digest("hex")

async function publish() {
  const agenda = await server.agenda("Fyret tændes")
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await server.command("sofie", agenda.meeting, { type: "publish" })
  return agenda.meeting
}

/** The signed manifest, when there is one. */
async function manifest(meeting) {
  const answer = await server.fetch(`/dagsorden/${meeting}/1/manifest.json`)
  return answer.ok ? await answer.json() : undefined
}

const sealed = meeting => until("the edition is sealed", () => manifest(meeting))

async function download(meeting, file) {
  const answer = await server.fetch(`/dagsorden/${meeting}/1/${file}`)
  assert.equal(answer.status, 200, file)
  return Buffer.from(await answer.arrayBuffer())
}

async function ask(bytes, named = []) {
  const answer = await server.fetch(`/api/verify?sha256=${sha256(bytes)}&named=${named.join(",")}`)
  const verdict = await answer.json()
  schema.check("VerdictView", verdict)
  return verdict
}

test("the manifest has every file as it is served, and anyone may ask what a file is", async () => {
  const meeting = await publish()
  const { manifest, key } = await sealed(meeting)
  for (const file of manifest.files) {
    const bytes = await download(meeting, file.path)
    assert.deepEqual({ size: bytes.length, sha256: sha256(bytes) }, { size: file.size, sha256: file.sha256 }, file.path)
    const { verdict, editions } = await ask(bytes)
    assert.equal(verdict, "unchanged", file.path)
    // Without attachments two of them are the same file.
    const { path } = manifest.files.find(known => known.sha256 === file.sha256)
    assert.deepEqual(editions.map(e => [e.meeting, e.edition, e.path, e.key, e.superseded_by]), [[meeting, 1, path, key, null]])
  }
  for (const format of FORMATS) assert.ok(manifest.files.some(file => file.path === `dagsorden.${format}`), format)

  const altered = Buffer.concat([await download(meeting, "dagsorden.html"), Buffer.from(" ")])
  assert.equal((await ask(altered, [manifest.content_hash])).verdict, "altered")
  assert.deepEqual(await ask(altered), { verdict: "unknown", editions: [] })
  assert.equal((await server.fetch("/api/verify?sha256=ko")).status, 400)
})

test("an attachment that was altered where it lies is not handed out as the one that was published", async () => {
  const text = "Målene på fyrets lanterne\n".repeat(5_000)
  const agenda = await server.agenda("Lanternen")
  const upload = `/api/meetings/${agenda.meeting}/items/${agenda.item}/attachments?id=${randomUUID()}&file=lanterne.txt`
  const headers = { cookie: await server.session("sofie"), origin: server.origin, "content-type": "application/octet-stream" }
  assert.equal((await server.fetch(upload, { method: "POST", headers, body: text })).status, 200)
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await server.command("sofie", agenda.meeting, { type: "publish" })
  await sealed(agenda.meeting)
  const file = `/dagsorden/${agenda.meeting}/1/punkt/1/bilag/1`
  assert.equal(await (await server.fetch(file)).text(), text)
  const [place, name] = readdirSync(join(server.data, "files"), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => [join(entry.parentPath, entry.name), entry.name])[0]
  const stored = readFileSync(place)
  assert.ok(stored.length > text.length && !stored.includes("lanterne"), "it is encrypted")
  stored[stored.length - 1] ^= 1
  writeFileSync(place, stored)
  await assert.rejects(async () => (await server.fetch(file)).text(), "the end is missing")
  await until("the operator is told", () => server.log.includes(`${name}`) && server.log.includes("is not what was stored"))
  stored[stored.length - 1] ^= 1
  writeFileSync(place, stored)
  assert.equal(await (await server.fetch(file)).text(), text)
})

test("what was published just before a crash is sealed after it, once", async () => {
  const meeting = await publish()
  await server.crash()
  await server.restart()
  const first = await sealed(meeting)
  await server.crash()
  await server.restart()
  assert.deepEqual(await sealed(meeting), first)
})

test("the program tells of the files without a server, and offline by a manifest and a key", async () => {
  const meeting = await publish()
  const signed = await sealed(meeting)
  const write = (name, bytes) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const good = []
  for (const format of FORMATS) good.push(write(`a.${format}`, await download(meeting, `dagsorden.${format}`)))
  const html = await download(meeting, "dagsorden.html")
  const altered = write("altered.html", Buffer.from(html.toString().replace("Fyret tændes", "Fyret slukkes")))
  const manifestFile = write("manifest.json", JSON.stringify(signed, null, 2))
  await server.crash()

  const verify = (...args) => run("verify", "--lang", "en", ...args)
  const fine = verify("--data", server.data, ...good)
  assert.equal(fine.code, 0, fine.err)
  assert.equal(fine.out.match(/unchanged .* It holds\./g).length, FORMATS.length)
  const bad = verify("--data", server.data, good[0], altered)
  assert.equal(bad.code, 1)
  assert.match(bad.out, /altered\.html: ALTERED, or a draft: none of the files, edition 1 of the agenda/)

  const offline = ["--manifest", manifestFile, "--key", signed.key]
  assert.equal(verify(...offline, ...good).code, 0)
  assert.equal(verify(...offline, altered).code, 1)
  const forged = write("forged.json", JSON.stringify({ ...signed, manifest: { ...signed.manifest, edition: 2 } }))
  assert.match(verify("--manifest", forged, "--key", signed.key, good[0]).err, /signature does not fit/)

  // Keys: a new one signs, the old one still verifies, a stranger's does not.
  const listed = run("keys", "new", "--data", server.data, "--lang", "en")
  assert.equal(listed.code, 0, listed.err)
  const [old, fresh] = listed.out.trim().split("\n")
  assert.equal(old, `${signed.key} retired`)
  assert.match(fresh, / signs$/)
  assert.equal(verify("--data", server.data, ...good).code, 0)
  const stranger = verify("--data", server.data, "--key", fresh.split(" ")[0], good[0])
  assert.equal(stranger.code, 1)
  await server.restart()
  const later = await sealed(await publish())
  assert.equal(later.key, fresh.split(" ")[0])
  const known = await (await server.fetch("/dagsorden/noegler")).json()
  assert.deepEqual(known.map(key => [key.key, key.until === null]), [[signed.key, false], [later.key, true]])
})
