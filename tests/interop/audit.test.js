// The audit trail: refused commands, who held which role when, files of it that a proof can be
// joined to; and the access log, which tells who looked back.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { randomUUID } from "node:crypto"
import { until } from "./support/client.js"
import { follow } from "./support/events.js"
import { Schema } from "./support/schema.js"
import { Server } from "./support/server.js"

/** Refused commands of one person in one stream that are kept in an hour. */
const KEPT_PER_HOUR = 60

let server, agenda, schema
before(async () => {
  server = await Server.start(["--demo", "--requests-per-second", "1000"])
  agenda = await server.agenda()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
})
after(() => server.dispose())

const trailPath = (query = {}) => `/api/meetings/${agenda.meeting}/trail?${new URLSearchParams({ lang: "da", ...query })}`
const trail = query => server.get("sofie", trailPath(query))
const forumTrail = () => server.get("sofie", `/api/forums/${agenda.forum}/trail?lang=da`)
const send = (user, command, id = randomUUID(), meeting = agenda.meeting) =>
  server.ask(user, "POST", `/api/meetings/${meeting}/commands`, { id, command })
const refusals = async user => (await trail({ kind: "refused", person: user })).lines

/** The text of a file, and its lines as JSON where it is of that kind. */
async function fileOf(path, format, query = {}) {
  const answer = await server.ask("sofie", "GET", `${path}/file?${new URLSearchParams({ format, lang: "da", ...query })}`)
  assert.equal(answer.status, 200)
  // `text()` would take the mark off.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer())
  return { answer, text, lines: format === "jsonl" ? text.trimEnd().split("\n").map(line => JSON.parse(line)) : undefined }
}

test("a refused command is told by the trail, and by nothing else", async () => {
  const before = await server.meeting("bo", agenda.meeting)
  const events = await follow(server, "bo", agenda.meeting)
  const withdraw = { type: "withdraw_item", item: agenda.item, reason: "Hemmelig grund" }
  const id = randomUUID()
  assert.equal((await send("per", withdraw, id)).status, 403)
  assert.equal((await send("per", withdraw, id)).status, 403, "again, as a retry")
  const [line, ...others] = await refusals("per")
  assert.deepEqual(others, [], "a retry is recorded once")
  schema.check("TrailLine", line)
  assert.match(line.sentence, /^Per .* ville tage punktet af dagsordenen, men blev afvist: «.*»$/)
  assert.equal(line.item.id, agenda.item)
  assert.equal(line.item.number, 1)
  assert.deepEqual(line.roles, ["reader"])
  assert.ok(!JSON.stringify(await trail()).includes("Hemmelig"), "what it held is not kept")

  const after = await server.meeting("bo", agenda.meeting)
  assert.deepEqual({ ...after, position: 0 }, { ...before, position: 0 })
  const history = await server.get("bo", `/api/meetings/${agenda.meeting}/items/${agenda.item}/history`)
  assert.ok(history.entries.every(entry => entry.kind !== "refused"), "no item's life tells of it")
  await server.command("sofie", agenda.meeting, { type: "add_item", title: "Tegn på liv", journal_number: null, minutes: null })
  await until("the next change is heard of", () => events.events.length > 0)
  assert.ok(events.events.every(({ data }) => !data.kinds.includes("CommandRefused")), "followers hear of changes only")
  events.end()
})

test("a refusal uses no command up, and a restart forgets none", async () => {
  const id = randomUUID()
  const thaw = { type: "thaw", reason: "En fejl" }
  const meeting = (await server.agenda()).meeting
  assert.equal((await send("sofie", thaw, id, meeting)).status, 409)
  await server.command("sofie", meeting, { type: "freeze", reason: "Nu" })
  await server.crash()
  await server.restart()
  assert.equal((await send("sofie", thaw, id, meeting)).status, 200, "now it can be done")
  const found = await server.get("sofie", `/api/meetings/${meeting}/trail?lang=en`)
  const told = found.lines.map(line => line.sentence).filter(sentence => /reopen|refused/.test(sentence))
  assert.equal(told.length, 2)
  assert.match(told[0], /reopened the agenda: En fejl$/)
  assert.match(told[1], /wanted to reopen what was frozen, and was refused: «The agenda is not frozen\./)
})

test("who is in a loop fills nothing, and the last line says so", async () => {
  const meeting = (await server.agenda()).meeting
  for (let n = 0; n < KEPT_PER_HOUR + 5; n++) {
    assert.equal((await send("per", { type: "freeze", reason: "Nu" }, randomUUID(), meeting)).status, 403)
  }
  const { lines, next } = await server.get("sofie", `/api/meetings/${meeting}/trail?kind=refused&lang=da`)
  assert.equal(lines.length, KEPT_PER_HOUR)
  assert.equal(next, null)
  assert.match(lines[0].sentence, /Kommer der flere i samme time, bliver de ikke gemt\.$/)
  assert.ok(lines.slice(1).every(line => !line.sentence.includes("samme time")))
})

test("the forum's trail tells of members, meetings and refusals, with the roles of the time", async () => {
  const command = (user, command) =>
    server.ask(user, "POST", `/api/forums/${agenda.forum}/commands`, { id: randomUUID(), command })
  const member = { user: "ny", name: "Nye Nielsen", title: "Konsulent", roles: ["secretariat"] }
  assert.equal((await command("sofie", { type: "add_member", ...member })).status, 200)
  assert.equal((await command("ny", { type: "remove_member", user: "ukendt" })).status, 404)
  const lowered = { type: "change_member_role", user: "ny", title: "", roles: ["reader"] }
  assert.equal((await command("sofie", lowered)).status, 200)
  assert.equal((await command("ny", { type: "remove_member", user: "bo" })).status, 403)
  const plan = { id: randomUUID(), date: "2031-01-07", time: "09:00", place: "x" }
  assert.equal((await server.ask("bo", "POST", `/api/forums/${agenda.forum}/meetings`, plan)).status, 403)
  const { lines } = await forumTrail()
  lines.forEach(line => schema.check("TrailLine", line))
  const told = lines.map(line => line.sentence).slice(0, 5)
  assert.match(told[0], /^Bo Ærø ville planlægge et møde, men blev afvist/)
  assert.match(told[1], /^Nye Nielsen ville fjerne et medlem \(Bo Ærø\), men blev afvist: «Det kan kun sekretariatet/)
  assert.match(told[2], /^Sofie Krog ændrede roller eller stilling for Nye Nielsen: læser\.$/)
  assert.match(told[3], /^Nye Nielsen ville fjerne et medlem \(ukendt\)/)
  assert.equal(told[4], "Sofie Krog tilføjede Nye Nielsen som medlem, Konsulent: sekretariat.")
  assert.deepEqual([lines[1].roles, lines[3].roles], [["reader"], ["secretariat"]])
  const planned = lines.filter(line => /planlagde mødet d\. \d\d-\d\d-\d{4}\.$/.test(line.sentence))
  assert.ok(planned.some(line => line.meeting === agenda.meeting))
})

test("only the secretariat reads them, and an outsider cannot tell that they exist", async () => {
  for (const path of ["trail", "trail/file?format=csv"].map(end => `/api/meetings/${agenda.meeting}/${end}`).concat(
    ["trail", "trail/file?format=jsonl", "access", "access/file?format=csv&month=2026-01"].map(end => `/api/forums/${agenda.forum}/${end}`),
  )) {
    assert.equal((await server.ask("bo", "GET", path)).status, 403, path)
    assert.equal((await server.fetch(path)).status, 401, path)
    assert.equal((await server.ask("sofie", "GET", path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, randomUUID()))).status, 404, path)
  }
})

test("pages and filters", async () => {
  const { meeting } = await server.agenda()
  for (let n = 0; n < 120; n++) {
    await server.command("sofie", meeting, { type: "comment", item: (await server.meeting("sofie", meeting)).items[0].id, document: "case", text: `Nr. ${n}, Ærø`, mentions: [] })
  }
  const read = async query => server.get("sofie", `/api/meetings/${meeting}/trail?${new URLSearchParams({ lang: "da", ...query })}`)
  const first = await read({})
  const second = await read({ before: first.next })
  const all = [...first.lines, ...second.lines]
  assert.equal(second.next, null)
  const positions = all.map(line => line.position)
  assert.deepEqual(positions, positions.toSorted((a, b) => b - a))
  assert.equal(all.filter(line => line.kind === "comment").length, 120)
  assert.deepEqual((await read({ words: "ærø NR. 119," })).lines.map(line => line.kind), ["comment"])
  assert.equal((await read({ person: "bo" })).lines.length, 0)
  const at = String(all[0].at)
  assert.ok((await read({ from: at })).lines.every(line => line.at >= all[0].at))
  assert.ok((await read({ until: at })).lines.every(line => line.at < all[0].at))
})

test("the file has a line for each event, with the leaf of its commit", async () => {
  await server.command("sofie", agenda.meeting, { type: "change_item", item: agenda.item, title: "=HYPERLINK(\"x\");2", journal_number: null, minutes: null })
  const path = `/api/meetings/${agenda.meeting}/trail`
  const { answer, lines } = await fileOf(path, "jsonl")
  assert.match(answer.headers.get("content-type"), /^application\/jsonl/)
  assert.match(answer.headers.get("content-disposition"), /^attachment; filename="revisionsspor-.*\.jsonl"/)
  lines.forEach(line => schema.check("TrailRecord", line))
  const sequences = lines.map(line => line.sequence)
  assert.deepEqual([...new Set(sequences)], Array.from({ length: Math.max(...sequences) }, (_, at) => at + 1), "every commit has a line")
  for (const line of lines) {
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    assert.match(line.leaf, /^[0-9a-f]{64}$/)
    assert.equal(line.stream, `meeting ${agenda.meeting}`)
  }
  const leaves = new Map(lines.map(line => [line.position, line.leaf]))
  assert.ok(lines.every(line => leaves.get(line.position) === line.leaf), "one leaf for each commit")
  assert.equal(new Set(leaves.values()).size, leaves.size)
  const { text } = await fileOf(path, "csv")
  assert.ok(text.startsWith("\ufeffPosition;Nr. i strøm;Strøm;"))
  assert.equal(text.split("\r\n").length, lines.length + 2)
  assert.match(text, /"'=HYPERLINK\(""x""\);2"/, "no formula")
  const refused = await fileOf(path, "jsonl", { kind: "refused", person: "per" })
  assert.deepEqual(refused.lines.map(line => line.event), ["CommandRefused"])
  const forum = await fileOf(`/api/forums/${agenda.forum}/trail`, "jsonl")
  assert.ok(forum.lines.some(line => line.stream === `meeting ${agenda.meeting}` && line.event === "MeetingScheduled"))
})

test("who looks back is written down, with what and which moment, and nobody else is", async () => {
  const log = query => server.get("sofie", `/api/forums/${agenda.forum}/access?${new URLSearchParams(query)}`)
  const { position } = await server.meeting("sofie", agenda.meeting)
  const item = `/api/meetings/${agenda.meeting}/items/${agenda.item}`
  await server.get("bo", item.replace(/\/items.*/, ""))
  assert.equal((await server.ask("gitte", "GET", `${item}/blame?at=-1`)).status, 400)
  await server.get("gitte", `${item}/at/${position}`)
  await server.get("gitte", `${item}/blame`)
  await server.get("gitte", `${item}/diff?from=1&to=${position}`)
  await server.get("gitte", `${item}/history`)
  const { lines, month, months } = await log({ person: "gitte" })
  lines.forEach(line => schema.check("AccessLine", line))
  assert.deepEqual(lines.map(line => line.what), ["history", "diff", "blame", "replay", "blame"])
  assert.equal(lines.pop().outcome, "unreadable")
  assert.deepEqual(lines.map(line => [line.since, line.moment]), [[null, null], [1, position], [null, null], [null, position]])
  assert.ok(lines.every(line => line.name === "Gitte Sønderby" && line.item === agenda.item && line.meeting === agenda.meeting && line.roles.length > 0))
  assert.deepEqual(months, [month])
  assert.equal((await log({ person: "bo", what: "replay" })).lines.length, 0)
  assert.ok((await log({ what: "access" })).lines.length >= 2, "to look at the log is to look")
  assert.equal((await server.ask("sofie", "GET", `/api/forums/${agenda.forum}/access?month=../x`)).status, 422)

  const file = await fileOf(`/api/forums/${agenda.forum}/access`, "jsonl", { month, person: "gitte" })
  assert.deepEqual(file.lines.map(line => line.what), ["blame", "replay", "blame", "diff", "history"])
  assert.match((await fileOf(`/api/forums/${agenda.forum}/access`, "csv", { month })).text, /^\ufeffTid \(UTC\);Bruger;/)
  const folder = join(server.data, "access")
  assert.deepEqual(readdirSync(folder), [`${month}.jsonl`])
  assert.ok(readFileSync(join(folder, `${month}.jsonl`), "utf8").endsWith("}\n"))
  assert.ok(!(await fileOf(`/api/meetings/${agenda.meeting}/trail`, "jsonl")).text.includes("replay"), "the event log knows nothing of it")
})
