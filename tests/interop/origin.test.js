// Items from one meeting to another over HTTP: who wrote what, and where, in blame and diff; the file and
// line that a text was imported from; what the policy withholds there is withheld here; and who may do it.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { Schema } from "./support/schema.js"
import { Server } from "./support/server.js"

let server, schema
before(async () => {
  server = await Server.start()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
})
after(() => server.dispose())

const write = (user, { meeting, item }, text, source = null) =>
  server.command(user, meeting, { type: "write_section", item, document: "case", section: "resume", blocks: [{ type: "paragraph", text: [{ text }] }], nothing: false, source })
const copy = (user, to, { meeting, item }, id = randomUUID()) =>
  server.ask(user, "POST", `/api/meetings/${to}/copied-items`, { id, from: meeting, item })
const move = (user, { meeting, item }, to, reason = "") =>
  server.ask(user, "POST", `/api/meetings/${meeting}/items/${item}/move`, { id: randomUUID(), to, reason })
const blame = async (user, meeting, item) => {
  const found = await server.get(user, `/api/meetings/${meeting}/items/${item}/blame`)
  schema.check("BlameView", found)
  return found.credits.map(one => ({ ...one, by: found.people[one.person].user }))
}

test("a copied text names its authors, its meeting and its file, and who brought it", async () => {
  const may = await server.agenda("Fyret")
  const bo = (await write("bo", may, "Tårnet")).position
  await write("lasse", may, "Loven", { file: "maj.md", line: 7 })
  const june = await server.agenda("Havnen")
  const id = randomUUID()
  const answer = await copy("lasse", june.meeting, may, id)
  assert.equal(answer.status, 200)
  const { created } = await answer.json()
  assert.deepEqual(await (await copy("lasse", june.meeting, may, id)).json().then(again => again.created), created, "once")
  await write("lasse", { meeting: june.meeting, item: created }, "Nyt")

  const credits = await blame("per", june.meeting, created)
  assert.deepEqual(credits.map(one => [one.by, one.source?.line ?? null, one.brought?.meeting ?? null, one.brought?.item ?? null, one.brought?.by.user ?? null]), [
    ["bo", null, may.meeting, may.item, "lasse"],
    ["lasse", 7, may.meeting, may.item, "lasse"],
    ["lasse", null, null, null, null],
  ])
  assert.equal(credits[0].position, bo)
  const { items } = await server.meeting("per", june.meeting)
  const origin = items.find(one => one.id === created).origin
  assert.deepEqual([origin.meeting, origin.item, origin.moved, origin.by.user], [may.meeting, may.item, false, "lasse"])
})

test("a draft that is withheld in the first meeting is withheld in what was copied from it", async () => {
  const may = await server.agenda("Broen")
  const draft = (await write("bo", may, "Buen")).position
  const frozen = (await server.command("sofie", may.meeting, { type: "freeze", reason: "Klar" })).position
  await server.command("sofie", may.meeting, { type: "publish" })
  const june = await server.agenda("Kajen")
  const { created } = await (await copy("lasse", june.meeting, may)).json()
  const set = days => server.forumCommand("sofie", may.forum, { type: "change_draft_policy", policy: { days, detail: "change_sets" } })
  const position = async user => (await blame(user, june.meeting, created))[0].position
  assert.deepEqual([await position("bo"), await position("sofie")], [draft, draft])
  await set(0)
  assert.deepEqual([await position("bo"), await position("sofie")], [frozen, draft])
  await set(null)
})

test("an item is moved, its old place says where it went, and what cannot be is refused with a reason", async () => {
  const may = await server.agenda("Stien")
  await write("bo", may, "Grus")
  const june = await server.agenda("Vejen")
  assert.equal((await move("bo", may, june.meeting)).status, 403)
  assert.equal((await copy("vera", june.meeting, may)).status, 403)
  assert.equal((await copy("lasse", june.meeting, { meeting: may.meeting, item: randomUUID() })).status, 404)
  assert.equal((await move("sofie", may, randomUUID())).status, 404)
  const answer = await move("sofie", may, june.meeting, "Udsat")
  assert.equal(answer.status, 200)
  const { created } = await answer.json()
  const { items, withdrawn } = await server.meeting("bo", may.meeting)
  assert.deepEqual(items, [])
  assert.deepEqual([withdrawn[0].reason, withdrawn[0].moved_to.meeting, withdrawn[0].moved_to.item], ["Udsat", june.meeting, created])
  assert.equal((await blame("bo", june.meeting, created))[0].by, "bo")
  const trail = await server.get("sofie", `/api/meetings/${may.meeting}/trail`)
  assert.ok(trail.lines.some(line => line.sentence.includes("ville flytte punktet til et andet møde, men blev afvist")))
  await server.command("sofie", june.meeting, { type: "freeze", reason: "Klar" })
  const late = await server.agenda("Pladsen")
  const shut = await move("sofie", late, june.meeting)
  assert.equal(shut.status, 409)
  assert.match((await shut.json()).detail, /låst eller udsendt/)
})

test("the secretariat sees which departments contributed, never how much, and what waits", async () => {
  const one = await server.agenda("Torvet")
  await write("bo", one, "Fliser")
  await write("lasse", one, "Bænke")
  await server.command("vera", one.meeting, { type: "comment", item: one.item, document: "case", text: "Hvorfor?" })
  const path = `/api/meetings/${one.meeting}/contributions`
  const [found] = await server.get("sofie", path)
  schema.check("ContributionView", found)
  assert.deepEqual(found.departments, ["Plan & Klima", "Stab & Jura"])
  assert.deepEqual(found.waiting.map(({ kind, by }) => [kind, by.user]), [["comment", "vera"]])
  assert.deepEqual(Object.keys(found).sort(), ["departments", "item", "waiting"])
  assert.equal((await server.ask("bo", "GET", path)).status, 403)
})
