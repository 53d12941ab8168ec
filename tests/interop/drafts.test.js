// Looking back over HTTP: an item and a whole agenda at a position, the single steps of a change, and
// what is withheld once the days of the forum's policy have passed, on every route that shows the past.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import WebSocket from "ws"
import { Client, closeClients, until } from "./support/client.js"
import { Schema } from "./support/schema.js"
import { Server } from "./support/server.js"

let server, schema
before(async () => {
  server = await Server.start()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
})
after(async () => {
  closeClients()
  await server.dispose()
})

const write = (meeting, item, text, document = "case", section = "resume") =>
  server.command("sofie", meeting, { type: "write_section", item, document, section, blocks: [{ type: "paragraph", text: [{ text }] }], nothing: false })
const words = sections => sections.map(section => section.blocks.map(block => block.text.map(run => run.text).join("")).join("\n")).join("\n").trim()

/** A meeting in which "Kladde" was written, then "Endelig", and which then was frozen and published; the position of each. */
async function published() {
  const { meeting, item, forum } = await server.agenda("Fyret")
  const draft = (await write(meeting, item, "Kladde")).position
  const final = (await write(meeting, item, "Endelig")).position
  const frozen = (await server.command("sofie", meeting, { type: "freeze", reason: "Klar" })).position
  const edition = (await server.command("sofie", meeting, { type: "publish" })).position
  return { forum, meeting, item, draft, final, frozen, edition, path: `/api/meetings/${meeting}` }
}

test("an agenda is shown as it was at each position", async () => {
  const { meeting, item, draft, path } = await published()
  const at = async position => {
    const agenda = await server.get("bo", `${path}/at/${position}`)
    schema.check("AgendaAt", agenda)
    return [agenda.phase, agenda.items.map(one => `${one.number} ${one.title}: ${words(one.sections)}`)]
  }
  assert.deepEqual(await at(draft), ["open", ["1 Fyret: Kladde"]])
  assert.deepEqual(await at(draft - 1), ["open", ["1 Fyret: "]])
  const { position } = await server.meeting("bo", meeting)
  assert.deepEqual(await at(position), ["published", ["1 Fyret: Kladde\nEndelig"]])
  assert.equal((await server.get("bo", `${path}/at/${position}`)).kind, "agenda", "what was published, not what comes next")
  const then = await server.get("bo", `${path}/items/${item}/at/${draft}`)
  schema.check("ItemAt", then)
  assert.equal(words(then.sections), "Kladde")
  assert.equal((await server.ask("bo", "GET", `${path}/at/0`)).status, 404)
  const planned = await server.agenda("Havnen")
  await write(planned.meeting, planned.item, "Hvorfor nu?", "planning", "formaal")
  const decided = (await write(planned.meeting, planned.item, "Godkendt", "decision", "beslutning")).position
  for (const [user, planning] of [["bo", "Hvorfor nu?"], ["per", ""]]) {
    const item = await server.get(user, `/api/meetings/${planned.meeting}/items/${planned.item}/at/${decided}`)
    assert.deepEqual([words(item.planning), words(item.decision)], [planning, "Godkendt"], user)
  }
  await server.json("sofie", "POST", "/api/demo/session", { user: "sofie" })
  assert.equal((await server.fetch(`${path}/at/${draft}`)).status, 401)
})

test("a change set is told step by step when it is asked for", async () => {
  const { item, draft, final, path } = await published()
  const whole = await server.get("bo", `${path}/items/${item}/history?kind=text`)
  assert.deepEqual(whole.entries.map(one => [one.first_position, one.position]), [[draft, final]])
  const steps = await server.get("bo", `${path}/items/${item}/history?first=${draft}&last=${final}`)
  schema.check("HistoryView", steps)
  assert.deepEqual(steps.entries.map(one => one.position), [final, draft])
})

test("drafts are withheld from all but the secretariat when the days have passed, on every route", async () => {
  const { forum, meeting, item, draft, final, frozen, edition, path } = await published()
  const of = `${path}/items/${item}`
  const set = policy => server.forumCommand("sofie", forum, { type: "change_draft_policy", policy })
  const past = [
    `${path}/at/${draft}`, `${of}/at/${draft}`, `${of}/blame?at=${draft}`, `${of}/diff?to=${draft}`,
    `${of}/diff?from=${draft}&to=${frozen}`,
  ]
  const statuses = async user => await Promise.all(past.map(async one => (await server.ask(user, "GET", one)).status))
  await set({ days: 30, detail: "change_sets" })
  assert.deepEqual(await statuses("bo"), [200, 200, 200, 200, 200], "the days have not passed")
  const open = await server.get("bo", `${of}/blame`)
  assert.deepEqual(open.credits.map(one => one.position), [draft, final])

  await set({ days: 0, detail: "steps" })
  assert.deepEqual(await statuses("bo"), [403, 403, 403, 403, 403])
  assert.deepEqual(await statuses("per"), [403, 403, 403, 403, 403])
  assert.deepEqual(await statuses("sofie"), [200, 200, 200, 200, 200], "the secretariat answers for the record")
  const problem = await (await server.ask("bo", "GET", past[0], undefined, { "accept-language": "da" })).json()
  assert.equal(problem.type, "/problems/withheld")
  assert.match(problem.detail, /Detaljer fra før låsningen vises ikke/)

  for (const list of [`${of}/history`, `${path}/history`, `${of}/history?first=1&last=${edition}`]) {
    const told = await server.get("bo", list)
    schema.check("HistoryView", told)
    assert.ok(told.entries.every(one => one.position >= frozen), list)
    assert.match(told.withheld, /før låsningen/)
    assert.equal(told.detail, "steps")
    assert.equal((await server.get("sofie", list)).withheld, null)
  }
  const blame = await server.get("bo", `${of}/blame`)
  assert.deepEqual(blame.credits.map(one => one.position), blame.credits.map(() => frozen), "who, but not when")
  assert.equal(blame.people[0].name, "Sofie Krog")
  assert.equal(words((await server.get("bo", `${of}/at/${frozen}`)).sections), "Kladde\nEndelig")
  assert.equal((await server.ask("bo", "GET", `${of}/diff?from=0&to=${frozen}`)).status, 200)

  const notices = await replayed(`${path}/events`, frozen)
  assert.ok(notices.length > 0 && notices.every(position => position >= frozen), `${notices}`)
  await set({ days: null, detail: "change_sets" })
})

/** Positions that the event stream tells of to who says they have seen nothing, up to one. */
async function replayed(path, until) {
  const stop = new AbortController()
  const headers = { cookie: await server.session("bo"), "last-event-id": "0" }
  const answer = await server.fetch(path, { headers, signal: stop.signal })
  const positions = []
  let text = ""
  for await (const bytes of answer.body) {
    text += Buffer.from(bytes).toString()
    positions.splice(0, positions.length, ...[...text.matchAll(/^id: ?(\d+)$/gm)].map(([, id]) => Number(id)))
    if (positions.some(position => position >= until)) break
  }
  stop.abort()
  return positions
}

const policy = (forum, days) =>
  server.forumCommand("sofie", forum, { type: "change_draft_policy", policy: { days, detail: "change_sets" } })

test("nor do sockets, comments and earlier files show what is withheld", async () => {
  const { meeting, item, forum, documents } = await written()
  const of = `/api/meetings/${meeting}/items/${item}`
  const { attachments: [attachment] } = (await server.meeting("bo", meeting)).items[0]
  const seen = async user => {
    const { items: [item] } = await server.meeting(user, meeting)
    const threads = (await server.get(user, `${of}/comments`)).threads.flatMap(one => one.comments.map(({ text }) => text))
    const ticket = (await server.ask(user, "POST", `/api/documents/${documents.case}/ticket`)).status
    const earlier = (await server.ask(user, "GET", attachment.versions[0].url)).status
    return { access: item.access.case, threads, open: item.comments.open, versions: item.attachments[0].versions.map(one => one.number), ticket, earlier }
  }
  const all = { access: "read", threads: ["Er det hele?"], open: 1, versions: [1, 2], ticket: 200, earlier: 200 }
  const textAlone = { access: "text", threads: [], open: 0, versions: [2], ticket: 403, earlier: 403 }
  assert.deepEqual(await seen("bo"), all, "before the policy")
  await policy(forum, 0)
  assert.deepEqual([await seen("bo"), await seen("per"), await seen("sofie")], [textAlone, textAlone, all])
  const text = await server.get("per", `/api/documents/${documents.case}/text`)
  text.forEach(section => schema.check("SectionContent", section))
  assert.equal(words(text), "Kladde\nEndelig", "what it says is shown")
  assert.equal((await server.ask("per", "GET", `/api/documents/${documents.planning}/text`)).status, 404)
  const problem = await (await server.ask("bo", "POST", `/api/documents/${documents.case}/ticket`)).json()
  assert.equal(problem.type, "/problems/withheld")

  // The decision is being written: nothing of it is withheld, and who is there follows it.
  const decision = await Client.open(server, "bo", documents.decision)
  await write(meeting, item, "Godkendt", "decision", "beslutning")
  await until("bo follows the decision", () => decision.text(["sections", "beslutning", "body"]).includes("Godkendt"))

  // A correction: who writes or comments needs the text as it came about, who reads does not.
  await server.command("sofie", meeting, { type: "open_correction", edition: 1, items: [item], reason: "Slåfejl" })
  const access = await Promise.all(["bo", "per"].map(async user => (await server.meeting(user, meeting)).items[0].access.case))
  assert.deepEqual(access, ["write", "text"])
  await policy(forum, null)
  assert.equal((await server.meeting("per", meeting)).items[0].access.case, "read")
})

test("a ticket from before the days had passed opens no socket after", async () => {
  const { forum, documents } = await written()
  const url = await server.ticket("bo", documents.case)
  await policy(forum, 0)
  const code = await new Promise(resolve => new WebSocket(url).on("close", resolve))
  assert.equal(code, 4403)
  await policy(forum, null)
})

/** A published item with a draft, a comment, and a file that was replaced before the freeze. */
async function written() {
  const { meeting, item, forum } = await server.agenda("Fyret")
  await write(meeting, item, "Kladde")
  const file = async (path, body) => {
    const headers = { cookie: await server.session("sofie"), "content-type": "application/octet-stream", origin: server.origin }
    const answer = await server.fetch(`/api/meetings/${meeting}/items/${item}/attachments${path}?id=${randomUUID()}&file=kort.txt`, { method: "POST", headers, body })
    assert.equal(answer.status, 200)
    return answer.json()
  }
  const { created } = await file("", "Udkast\n")
  await file(`/${created}/versions`, "Endeligt kort\n")
  await server.command("bo", meeting, { type: "comment", item, document: "case", text: "Er det hele?", mentions: [] })
  await write(meeting, item, "Endelig")
  const { documents } = (await server.meeting("sofie", meeting)).items[0]
  await server.command("sofie", meeting, { type: "freeze", reason: "Klar" })
  await server.command("sofie", meeting, { type: "publish" })
  return { meeting, item, forum, documents }
}

test("the policy is the secretariat's, and every version of it is kept", async () => {
  const forum = (await server.forum()).id
  const path = `/api/forums/${forum}/draft-policy`
  const before = (await server.get("bo", path)).versions.length
  const change = policy => server.ask("bo", "POST", `/api/forums/${forum}/commands`, { id: crypto.randomUUID(), command: { type: "change_draft_policy", policy } })
  assert.equal((await change({ days: 1, detail: "steps" })).status, 403)
  await server.forumCommand("sofie", forum, { type: "change_draft_policy", policy: { days: 14, detail: "steps" } })
  const view = await server.get("bo", path)
  schema.check("DraftPolicyView", view)
  assert.deepEqual(view.policy, { days: 14, detail: "steps" })
  assert.equal(view.versions.length, before + 1)
  assert.deepEqual([view.versions[0].by.name, view.versions[0].policy.days], ["Sofie Krog", 14])
  const tooLong = server.forumCommand("sofie", forum, { type: "change_draft_policy", policy: { days: 4000, detail: "steps" } })
  await assert.rejects(tooLong, /422/)
  await server.forumCommand("sofie", forum, { type: "change_draft_policy", policy: { days: null, detail: "change_sets" } })
})
