// Erasing an item: its words are in no file of the data folder and of no copy any more, and everything that
// was proven is proven as before.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createHash, randomUUID } from "node:crypto"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client, closeClients, until } from "./support/client.js"
import { run, Server } from "./support/server.js"

const TITLE = "Sagen om Fyrmester Ravn"
const WORDS = "Fyrmesteren bor i det blaa hus"
const COMMENT = "Skal Ravn naevnes ved navn"
const SUGGESTED = "Ravn flytter ud til maj"
const REFUSED = "Ravn klager over stoejen"
const FILE = "Et kort over fyrmesterens have\n"

let server, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dagsorden-erasure-"))
  server = await Server.start(["--demo"])
})
after(async () => {
  closeClients()
  await server?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const files = place =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

/// Where any of the words stand, as they are or packed as Automerge packs them.
const holding = (place, words) => files(place).filter(file => words.some(word => readFileSync(file).includes(word)))

const RECORD = 64
const keysOf = place => readFileSync(join(place, "item-keys", "keys"))

/// The keys that are not destroyed.
function live(place) {
  const bytes = keysOf(place)
  const records = Array.from({ length: bytes.length / RECORD }, (_, at) => bytes.subarray(at * RECORD, (at + 1) * RECORD))
  return [...new Set(records.filter(one => one.subarray(16).some(byte => byte !== 0)).map(one => one.toString("hex")))].sort()
}

async function post(path, body, type = "application/json") {
  const headers = { cookie: await server.session("sofie"), origin: server.origin, "content-type": type }
  const answer = await server.fetch(path, { method: "POST", headers, body })
  assert.equal(answer.status, 200, await answer.clone().text())
  return answer
}

/// Everything that looks back at the item or shows what was said about it, as the secretariat sees it.
async function shown(agenda, position) {
  const of = `/api/meetings/${agenda.meeting}`
  const item = `${of}/items/${agenda.item}`
  const paths = ["", "/texts", "/history", "/trail", "/trail/file?format=jsonl", "/trail/file?format=csv", "/contributions", "/refused", `/at/${position}`]
  const ofItem = ["/history", "/comments", "/blame", `/blame?at=${position}`, `/at/${position}`, `/diff?from=1&to=${position}`, "/diff"]
  const headers = { cookie: await server.session("sofie") }
  const answers = [...paths.map(path => of + path), ...ofItem.map(path => item + path)].map(async path => {
    const answer = await server.fetch(path, { headers })
    assert.ok(answer.status < 500, `${path}: ${answer.status}`)
    return [path, answer.status, await answer.text()]
  })
  return Promise.all(answers)
}

const receipt = meeting => server.fetch(`/dagsorden/${meeting}/1/kvittering.json`)

test("erased words are gone from the log, from copies and from published pages, and proofs hold", async () => {
  const agenda = await server.agenda(TITLE)
  const section = { type: "write_section", item: agenda.item, document: "case", section: "resume", nothing: false }
  const blocks = [{ type: "paragraph", text: [{ text: WORDS }] }]
  await server.command("sofie", agenda.meeting, { ...section, blocks })
  const upload = `/api/meetings/${agenda.meeting}/items/${agenda.item}/attachments?id=${randomUUID()}&file=have.txt`
  await post(upload, FILE, "application/octet-stream")
  const comment = { type: "comment", item: agenda.item, document: "case", text: COMMENT, mentions: [] }
  await server.command("bo", agenda.meeting, comment)
  await server.command("henrik", agenda.meeting, { type: "open_suggestion", item: agenda.item })
  const { suggesting } = (await server.meeting("henrik", agenda.meeting)).items[0]
  const suggestion = await Client.open(server, "henrik", suggesting.suggestions[0].document)
  suggestion.type(SUGGESTED)
  await suggestion.whenSaved()
  const reader = await Client.open(server, "per", agenda.case)
  reader.type(REFUSED)
  await reader.when("agenda-reject")
  const { position } = await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  const all = [TITLE, WORDS, COMMENT, SUGGESTED, REFUSED]
  const seen = (await shown(agenda, position)).map(([, , text]) => text).join()
  // A suggestion is shown over its own socket alone.
  for (const word of all.filter(word => word !== SUGGESTED)) assert.ok(seen.includes(word), `«${word}» is to be seen before, so that it can be missed after`)
  await server.command("sofie", agenda.meeting, { type: "publish" })
  await until("the edition is sealed", async () => (await receipt(agenda.meeting)).ok)
  const page = () => server.fetch(`/dagsorden/${agenda.meeting}/1`)
  assert.match(await (await page()).text(), new RegExp(WORDS))
  const pdf = Buffer.from(await (await server.fetch(`/dagsorden/${agenda.meeting}/1/dagsorden.pdf`)).arrayBuffer())
  assert.deepEqual(holding(join(server.data, "log"), all), [], "words are encrypted at rest")
  assert.deepEqual(holding(server.data, [FILE]), [], "attachments are encrypted at rest")
  assert.equal(files(join(server.data, "files")).length, 1)
  const before = join(folder, "before")
  cpSync(server.data, before, { recursive: true })

  const reason = "Personen har bedt om det"
  await server.command("sofie", agenda.meeting, { type: "erase_item", item: agenda.item, reason })
  const gone = await page()
  assert.equal(gone.status, 410)
  const told = await gone.text()
  assert.match(told, new RegExp(`punkt 1 blev slettet for altid den .*${reason}`))
  assert.doesNotMatch(told, new RegExp(`${TITLE}|${WORDS}`))
  assert.equal((await server.fetch(`/dagsorden/${agenda.meeting}/1/dagsorden.pdf`)).status, 410)
  for (const [path, status, text] of await shown(agenda, position)) {
    const left = all.filter(word => text.includes(word))
    assert.deepEqual([status, left], [200, []], `${path} shows ${left}`)
  }
  const sha256 = createHash("sha256").update(pdf).digest("hex")
  const verdict = await (await server.fetch(`/api/verify?sha256=${sha256}`)).json()
  assert.deepEqual([verdict.verdict, verdict.editions[0].edition], ["unchanged", 1], "a file that was fetched is still known")
  const kept = await (await receipt(agenda.meeting)).json()
  assert.ok(kept.commits.length > 0, "the receipt is still handed out")

  await server.command("sofie", agenda.meeting, { type: "open_correction", edition: 1, items: [agenda.item], reason })
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "" })
  await server.command("sofie", agenda.meeting, { type: "publish" })
  const next = await (await server.fetch(`/dagsorden/${agenda.meeting}/2`)).text()
  assert.match(next, /Slettet punkt/)
  assert.match(await (await page()).text(), /Gå til udgave 2/)

  await server.crash()
  await server.restart()
  assert.equal((await page()).status, 410, "after a restart, too")
  assert.equal((await server.end()).code, 0)
  assert.deepEqual(holding(server.data, [...all, FILE]), [], "words are left in the data folder")
  assert.deepEqual(files(join(server.data, "files")), [], "the file is left")
  const checked = run("verify", "--data", server.data, "--files", "--lang", "en")
  assert.equal(checked.code, 0, checked.err)
  assert.match(checked.out, /1 freezes cannot be reproduced, because words in them were erased/)

  const exported = join(folder, "log.jsonl")
  assert.equal(run("export", "--data", server.data, "--out", exported).code, 0)
  const data = join(folder, "restored")
  // Keys from before the erasure are put back beside those of now: what was erased since is erased again.
  for (const name of ["keys", "item-keys"]) cpSync(join(server.data, name), join(data, name), { recursive: true })
  const records = [keysOf(before), keysOf(server.data).subarray(RECORD)]
  writeFileSync(join(data, "item-keys", "keys"), Buffer.concat(records))
  assert.notDeepEqual(live(data), live(server.data))
  const restored = run("restore", "--from", exported, "--data", data, "--lang", "en")
  assert.equal(restored.code, 0, restored.err)
  assert.equal(run("verify", "--data", data).code, 0)
  const again = join(folder, "again.jsonl")
  assert.equal(run("export", "--data", data, "--out", again).code, 0)
  assert.ok(readFileSync(again).equals(readFileSync(exported)), "the same proofs")
  assert.deepEqual(live(data), live(server.data))

  const without = join(folder, "without")
  const refused = run("restore", "--from", exported, "--data", without, "--lang", "en")
  assert.notEqual(refused.code, 0, "a log whose words cannot be read is not restored in silence")
  assert.match(refused.err, /item-keys/)
  assert.ok(!existsSync(join(without, "log")))
})
