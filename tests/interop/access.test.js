// The access log beyond what was shown: refused look-ups, requests that could not be read, the limit of
// an hour, and that nothing is answered that could not be written down.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { randomUUID } from "node:crypto"
import { Schema } from "./support/schema.js"
import { Server } from "./support/server.js"

const LOOKUPS_PER_HOUR = 60

let server, agenda, schema
before(async () => {
  server = await Server.start(["--demo", "--requests-per-second", "1000", "--lookups-per-hour", String(LOOKUPS_PER_HOUR)])
  agenda = await server.agenda()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
})
after(() => server.dispose())

const month = new Date().toISOString().slice(0, 7)
const access = query => server.get("sofie", `/api/forums/${agenda.forum}/access?${new URLSearchParams(query)}`)
const linesOf = async (person, query = {}) => (await access({ person, ...query })).lines.toReversed()
const item = () => `/api/meetings/${agenda.meeting}/items/${agenda.item}`

async function post(user, path, body, type = "application/json") {
  const headers = { cookie: await server.session(user), origin: server.origin, "content-type": type }
  return (await server.fetch(path, { method: "POST", headers, body })).status
}

test("a refused look-up is written down, with what was asked for", async () => {
  const { position } = await server.meeting("sofie", agenda.meeting)
  const ask = async path => (await server.ask("bo", "GET", path)).status
  const trail = `/api/meetings/${agenda.meeting}/trail`
  const unknown = `/api/meetings/${agenda.meeting}/items/${randomUUID()}/at/${position}`
  assert.equal(await ask(`${trail}?words=Hemmelig`), 403)
  assert.equal(await ask(unknown), 404)
  assert.equal(await ask(`${item()}/blame?at=-1`), 400)
  assert.equal(await ask(`${item()}/blame`), 200)
  const lines = await linesOf("bo")
  lines.forEach(line => schema.check("AccessLine", line))
  assert.deepEqual(lines.map(line => [line.what, line.outcome, line.path]), [
    ["trail", "forbidden", trail],
    ["replay", "not_found", unknown],
    ["blame", "unreadable", `${item()}/blame`],
    ["blame", "shown", null],
  ])
  assert.equal(lines[1].moment, position)
  assert.ok(lines.every(line => line.name === "Bo Ærø" && line.roles.length > 0 && line.meeting === agenda.meeting))
  assert.deepEqual((await linesOf("bo", { refused: "true" })).map(line => line.outcome), ["forbidden", "not_found", "unreadable"])
  const file = async (format, lang) =>
    await (await server.ask("sofie", "GET", `/api/forums/${agenda.forum}/access/file?format=${format}&month=${month}&person=bo&refused=true&lang=${lang}`)).text()
  const csv = await file("csv", "da")
  assert.match(csv, /;Svar;Adresse\r\n/)
  assert.match(csv, /;afvist: ingen adgang;\/api\/meetings\/.*\/trail\r\n/)
  assert.match(await file("csv", "en"), /;refused: not there, or no access;/)
  assert.deepEqual((await file("jsonl", "da")).trimEnd().split("\n").map(line => JSON.parse(line).outcome), ["forbidden", "not_found", "unreadable"])
  assert.ok(!JSON.stringify(lines).includes("Hemmelig") && !csv.includes("Hemmelig"), "what was searched for is not kept")
})

test("who is no member any more leaves a line, and what is not there leaves none", async () => {
  await server.forumCommand("sofie", agenda.forum, { type: "add_member", user: "ude", name: "Ude Udesen", title: "", roles: ["reader"] })
  await server.session("ude")
  await server.forumCommand("sofie", agenda.forum, { type: "remove_member", user: "ude" })
  assert.equal((await server.ask("ude", "GET", `${item()}/history`)).status, 404)
  assert.equal((await server.ask("ude", "GET", `/api/meetings/${randomUUID()}/history`)).status, 404)
  assert.equal((await server.fetch(`${item()}/history`)).status, 401)
  const lines = await linesOf("ude")
  assert.deepEqual(lines.map(line => [line.what, line.outcome]), [["history", "not_found"]])
})

test("a command that cannot be read is written down, without what it said", async () => {
  const commands = `/api/meetings/${agenda.meeting}/commands`
  const forum = `/api/forums/${agenda.forum}`
  const secret = "Hemmelige-ord"
  const unknown = JSON.stringify({ id: randomUUID(), command: { type: secret } })
  assert.equal(await post("henrik", commands, `{"id": "${secret}`), 400)
  assert.equal(await post("henrik", commands, unknown), 422)
  assert.equal(await post("henrik", commands, unknown, "text/plain"), 415)
  assert.equal(await post("henrik", commands, JSON.stringify({ id: "x".repeat(2_000_000) })), 413)
  assert.equal(await post("henrik", `${forum}/commands`, "[]"), 422)
  assert.equal(await post("henrik", `${forum}/meetings`, "{}"), 422)
  assert.equal(await post("henrik", `${item()}/attachments?id=${randomUUID()}&file=x.exe`, "MZ", "application/octet-stream"), 422)
  // What the rules refuse stands in the log itself, and what is done in neither.
  assert.equal(await post("henrik", commands, JSON.stringify({ id: randomUUID(), command: { type: "freeze", reason: "" } })), 403)
  assert.equal(await post("sofie", commands, JSON.stringify({ id: randomUUID(), command: { type: "add_item", title: "", journal_number: null, minutes: null } })), 422)
  const lines = await linesOf("henrik")
  lines.forEach(line => schema.check("AccessLine", line))
  assert.deepEqual(lines.map(line => line.outcome), ["unreadable", "unfit", "wrong_type", "too_large", "unfit", "unfit", "unfit"])
  assert.ok(lines.every(line => line.what === "command" && line.name.startsWith("Henrik")))
  assert.deepEqual(lines.map(line => line.path).slice(3), [commands, `${forum}/commands`, `${forum}/meetings`, `${item()}/attachments`])
  assert.deepEqual([lines[0].meeting, lines[4].meeting, lines[6].item], [agenda.meeting, null, agenda.item])
  assert.ok((await linesOf("sofie")).every(line => line.what !== "command"))
  assert.ok(!readFileSync(join(server.data, "access", `${month}.jsonl`), "utf8").includes("Hemmelige"))
})

test("who asks too much gets one line that says so, of look-ups and of commands alike", async () => {
  const trail = `/api/meetings/${agenda.meeting}/trail`
  const answers = []
  for (let n = 0; n < LOOKUPS_PER_HOUR + 5; n++) answers.push((await server.ask("per", "GET", trail)).status)
  assert.deepEqual(answers, [...Array(LOOKUPS_PER_HOUR).fill(403), ...Array(5).fill(429)])
  assert.equal(await post("per", `/api/meetings/${agenda.meeting}/commands`, "{"), 400, "what cannot be read is told as ever")
  const lines = await linesOf("per")
  assert.equal(lines.length, LOOKUPS_PER_HOUR + 1)
  assert.deepEqual([lines.at(-2).outcome, lines.at(-1).outcome], ["forbidden", "over_limit"])

  const commands = `/api/meetings/${agenda.meeting}/commands`
  for (let n = 0; n < LOOKUPS_PER_HOUR + 5; n++) assert.equal(await post("lasse", commands, "{"), 400)
  const sent = await linesOf("lasse")
  assert.equal(sent.length, LOOKUPS_PER_HOUR + 1)
  assert.equal(sent.at(-1).outcome, "over_limit")
})

test("what cannot be brought to the disk is not answered", async t => {
  const other = await Server.start()
  t.after(() => other.dispose())
  const { meeting } = await other.agenda()
  const file = join(other.data, "access", `${month}.jsonl`)
  const history = async () => (await other.ask("bo", "GET", `/api/meetings/${meeting}/history`)).status
  mkdirSync(join(other.data, "access"))
  // A device that takes every byte, but cannot be synced.
  symlinkSync("/dev/null", file)
  assert.equal(await history(), 503)
  assert.equal((await other.ask("per", "GET", `/api/meetings/${meeting}/trail`)).status, 503, "nor is a refusal")
  rmSync(file)
  assert.equal(await history(), 200)
  assert.equal(readFileSync(file, "utf8").trimEnd().split("\n").length, 1)
})
