// What the service signed stands in the audit trail: the files of an edition in its meeting's and in the
// forum's, checkpoints in the forum's when they are asked for.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { until } from "./support/client.js"
import { Schema } from "./support/schema.js"
import { Server } from "./support/server.js"

let server, schema, agenda, other
before(async () => {
  server = await Server.start(["--demo", "--requests-per-second", "1000"])
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
  agenda = await published()
  other = await published()
  for (const { meeting } of [agenda, other]) await until("the edition is sealed", () => manifest(meeting))
})
after(() => server.dispose())

async function published() {
  const agenda = await server.agenda("Fyret tændes")
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await server.command("sofie", agenda.meeting, { type: "publish" })
  return agenda
}

async function manifest(meeting) {
  const answer = await server.fetch(`/dagsorden/${meeting}/1/manifest.json`)
  return answer.ok ? await answer.json() : undefined
}

const ofMeeting = () => `/api/meetings/${agenda.meeting}/trail`
const ofForum = () => `/api/forums/${agenda.forum}/trail`
const trail = (path, query = {}) => server.get("sofie", `${path}?${new URLSearchParams({ lang: "da", ...query })}`)

async function file(path, query = {}) {
  const answer = await server.ask("sofie", "GET", `${path}/file?${new URLSearchParams({ format: "jsonl", lang: "da", ...query })}`)
  assert.equal(answer.status, 200)
  return { name: answer.headers.get("content-disposition"), lines: (await answer.text()).split("\n").filter(Boolean).map(line => JSON.parse(line)) }
}

const SEAL = /^Tjenesten underskrev (\d+) filer i udgave 1 med nøglen dagsorden\+[0-9a-f]{8}\.$/
const CHECKPOINT = /^Tjenesten underskrev loggen til og med position (\d+) med nøglen dagsorden\+[0-9a-f]{8}\.$/

test("a meeting's trail tells that its files were signed, and not those of others", async () => {
  const { lines, people, kinds } = await trail(ofMeeting())
  lines.forEach(line => schema.check("TrailLine", line))
  const seals = lines.filter(line => line.kind === "seal")
  assert.equal(seals.length, 1)
  const signed = await manifest(agenda.meeting)
  assert.equal(Number(SEAL.exec(seals[0].sentence)[1]), signed.manifest.files.length)
  assert.deepEqual([seals[0].name, seals[0].roles, seals[0].meeting], ["Tjenesten", [], null])
  const publication = lines.find(line => line.kind === "publication")
  assert.ok(seals[0].position > publication.position && lines.indexOf(seals[0]) < lines.indexOf(publication))
  assert.ok(people.some(one => one.name === "Tjenesten") && kinds.includes("seal") && !kinds.includes("checkpoint"))
  assert.deepEqual((await trail(ofMeeting(), { person: "dagsorden" })).lines, seals)
  assert.deepEqual((await trail(ofMeeting(), { kind: "checkpoint" })).lines, [])
})

test("the forum's tells of all, of checkpoints only when it is asked to", async () => {
  await until("a checkpoint is there", async () => (await trail(ofForum(), { kind: "checkpoint" })).lines.length > 0)
  const { lines, kinds } = await trail(ofForum())
  assert.ok(kinds.includes("checkpoint"), "the filter offers them")
  assert.ok(lines.every(line => line.kind !== "checkpoint"))
  const sealed = lines.filter(line => line.kind === "seal")
  assert.deepEqual(sealed.map(line => line.meeting), [other.meeting, agenda.meeting])
  const checkpoints = (await trail(ofForum(), { kind: "checkpoint" })).lines
  for (const line of checkpoints) {
    assert.ok(Number(CHECKPOINT.exec(line.sentence)[1]) < line.position)
    assert.equal(line.meeting, null)
  }
  const all = (await trail(ofForum(), { checkpoints: "true" })).lines
  const positions = all.map(line => line.position)
  assert.deepEqual(positions, positions.toSorted((a, b) => b - a))
  assert.ok(checkpoints.every(line => positions.includes(line.position)) && sealed.every(line => positions.includes(line.position)))
})

test("the files have them with the leaf of their commit, and are named by how far the log had come", async () => {
  const { position } = await server.meeting("sofie", agenda.meeting)
  const meeting = await file(ofMeeting())
  const until = Number(/til-position-(\d+)\.jsonl/.exec(meeting.name)[1])
  assert.ok(until >= position)
  meeting.lines.forEach(line => schema.check("TrailRecord", line))
  const seal = meeting.lines.filter(line => line.event === "EditionSealed")
  assert.equal(seal.length, 1)
  assert.equal(seal[0].stream, "seals")
  assert.equal(seal[0].meeting, agenda.meeting)
  const receipt = await (await server.fetch(`/dagsorden/${agenda.meeting}/1/kvittering.json`)).json()
  assert.equal(receipt.commits.find(one => one.position === seal[0].position).hash, seal[0].leaf, "the receipt proves it")

  const forum = await file(ofForum(), { checkpoints: "true" })
  const positions = forum.lines.map(line => line.position)
  assert.deepEqual(positions, positions.toSorted((a, b) => a - b))
  assert.equal(forum.lines.filter(line => line.event === "EditionSealed").length, 2)
  assert.ok(forum.lines.some(line => line.event === "CheckpointSigned" && line.meeting === null))
  assert.ok((await file(ofForum())).lines.every(line => line.event !== "CheckpointSigned"))
})

test("a file holds what its meeting's trail holds, however long it is", async () => {
  const { meeting } = await server.agenda()
  const [{ id: item }] = (await server.meeting("sofie", meeting)).items
  for (let n = 0; n < 450; n++) {
    await server.command("sofie", meeting, { type: "comment", item, document: "case", text: `Nr. ${n}`, mentions: [] })
  }
  const { lines } = await file(`/api/meetings/${meeting}/trail`)
  assert.deepEqual(lines.map(line => line.sequence), lines.map((_, at) => at + 1), "every commit, in its order")
  assert.ok(lines.length >= 452)
  const seen = []
  for (let before; before !== null; ) {
    const page = await trail(`/api/meetings/${meeting}/trail`, before === undefined ? {} : { before })
    assert.ok(page.lines.length <= 100)
    seen.push(...page.lines.map(line => line.position))
    before = page.next
  }
  assert.deepEqual(seen.toReversed(), lines.map(line => line.position))
})
