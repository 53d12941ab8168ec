// The HTTP interface: who may ask what, what refusals look like, retries, limits, and the
// stream of events.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { until } from "./support/client.js"
import { follow } from "./support/events.js"
import { Schema } from "./support/schema.js"
import { Server } from "./support/server.js"

let server, agenda, schema
before(async () => {
  server = await Server.start()
  agenda = await server.agenda()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
  await server.forumCommand("sofie", agenda.forum, {
    type: "add_member", user: "gaest", name: "Gæst", title: "", roles: ["reader"],
  })
  await server.session("gaest")
  await server.forumCommand("sofie", agenda.forum, { type: "remove_member", user: "gaest" })
})
after(() => server.dispose())

/** The answer is a problem of this status that says what to do. */
async function isProblem(answer, status, type = /./) {
  const text = await answer.text()
  assert.equal(answer.status, status, text)
  assert.match(answer.headers.get("content-type"), /^application\/problem\+json/)
  const problem = JSON.parse(text)
  assert.equal(problem.status, status)
  assert.ok(problem.title && problem.detail, text)
  assert.match(problem.type, type)
  assert.equal(problem.request_id, answer.headers.get("x-request-id"))
  schema.check("Problem", problem)
  return problem
}

const meetingPath = () => `/api/meetings/${agenda.meeting}`
const addItem = title => ({ type: "add_item", title, journal_number: null, minutes: null })

test("answers have the shape that the description gives them", async () => {
  const anchor = { path: ["sections", "resume", "body"], from: "2@00", to: "-3@00", quote: "ord" }
  const comment = { type: "comment", item: agenda.item, document: "case", anchor, text: "Er det rigtigt?", mentions: ["per"] }
  const { created } = await server.command("sofie", agenda.meeting, comment)
  await server.command("bo", agenda.meeting, { type: "resolve_comment", item: agenda.item, comment: created })
  for (const [path, name] of [
    ["/api/me", "Me"],
    [`/api/forums/${agenda.forum}`, "ForumView"],
    [meetingPath(), "MeetingView"],
    [`${meetingPath()}/items/${agenda.item}/history`, "HistoryView"],
    [`${meetingPath()}/items/${agenda.item}/comments`, "CommentsView"],
  ]) schema.check(name, await server.get("sofie", path))
  const { position } = await server.meeting("sofie", agenda.meeting)
  assert.ok(position > 0)
  schema.check("ItemAt", await server.get("per", `${meetingPath()}/items/${agenda.item}/at/${position}`))
  schema.check("TicketView", await server.json("per", "POST", `/api/documents/${agenda.case}/ticket`))
  for (const person of await server.get("sofie", "/api/demo/people")) schema.check("MemberView", person)
})

test("an outsider cannot tell what exists", async () => {
  const command = { id: randomUUID(), command: addItem("x") }
  for (const [method, path, body] of [
    ["GET", `/api/forums/${agenda.forum}`],
    ["POST", `/api/forums/${agenda.forum}/commands`, { id: randomUUID(), command: { type: "remove_member", user: "per" } }],
    ["POST", `/api/forums/${agenda.forum}/meetings`, { id: randomUUID(), date: "2027-01-01", time: "09:00", place: "x" }],
    ["GET", meetingPath()],
    ["GET", `${meetingPath()}/refused`],
    ["GET", `${meetingPath()}/events`],
    ["GET", `${meetingPath()}/items/${agenda.item}/history`],
    ["GET", `${meetingPath()}/items/${agenda.item}/at/100`],
    ["POST", `${meetingPath()}/commands`, command],
    ["POST", `/api/documents/${agenda.case}/ticket`],
    ["GET", `/dagsorden/${agenda.meeting}/udkast`],
  ]) {
    const there = await isProblem(await server.ask("gaest", method, path, body), 404)
    const nowhere = path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, randomUUID())
    const missing = await isProblem(await server.ask("gaest", method, nowhere, body), 404)
    assert.equal(there.detail, missing.detail, path)
  }
})

test("everything but the published page needs a sign-in", async () => {
  for (const path of ["/api/me", meetingPath(), `/api/forums/${agenda.forum}`, `/dagsorden/${agenda.meeting}/udkast`]) {
    await isProblem(await server.fetch(path), 401, /not-signed-in/)
  }
  assert.equal((await server.fetch(`/dagsorden/${agenda.meeting}/1`)).status, 404)
})

test("a reader reads and commands nothing; writers do not freeze", async () => {
  const post = (user, command) => server.ask(user, "POST", `${meetingPath()}/commands`, { id: randomUUID(), command })
  assert.equal((await server.ask("per", "GET", meetingPath())).status, 200)
  for (const command of [addItem("x"), { type: "freeze", reason: "" }, { type: "publish" },
    { type: "withdraw_item", item: agenda.item, reason: "x" }, { type: "set_item_state", item: agenda.item, state: "ready" }]) {
    await isProblem(await post("per", command), 403, /rejected/)
  }
  await isProblem(await post("lasse", { type: "freeze", reason: "" }), 403)
  const member = { type: "change_member_role", user: "per", title: "", roles: ["secretariat"] }
  const promote = { id: randomUUID(), command: member }
  await isProblem(await server.ask("per", "POST", `/api/forums/${agenda.forum}/commands`, promote), 403)
})

test("refusals are in Danish, or English when asked for", async () => {
  const thaw = { id: randomUUID(), command: { type: "thaw", reason: "x" } }
  const danish = await isProblem(await server.ask("sofie", "POST", `${meetingPath()}/commands`, thaw), 409)
  const english = await isProblem(
    await server.ask("sofie", "POST", `${meetingPath()}/commands`, thaw, { "accept-language": "en-GB" }), 409)
  assert.match(danish.title, /kan ikke/)
  assert.match(english.title, /cannot/)
})

test("a request that cannot be read is refused with a reason, and changes nothing", async () => {
  // A refused command is recorded, so the log goes on; the meeting does not change.
  const meeting = async () => ({ ...(await server.meeting("sofie", agenda.meeting)), position: 0 })
  const before = await meeting()
  const path = `${meetingPath()}/commands`
  await isProblem(await server.ask("sofie", "POST", path, { id: randomUUID(), command: { type: "explode" } }), 422)
  await isProblem(await server.ask("sofie", "POST", path, { id: "x", command: addItem("x") }), 422)
  await isProblem(await server.ask("sofie", "POST", path, "{", { "content-type": "text/plain" }), 415)
  await isProblem(await server.ask("sofie", "GET", "/api/meetings/not-an-id"), 400)
  await isProblem(await server.ask("sofie", "PUT", path, {}), 405)
  const empty = await isProblem(await server.ask("sofie", "POST", path, { id: randomUUID(), command: addItem(" ") }), 422)
  assert.match(empty.detail, /\w/)
  const huge = { id: randomUUID(), command: addItem("x".repeat(1_100_000)) }
  await isProblem(await server.ask("sofie", "POST", path, huge), 413)
  assert.deepEqual(await meeting(), before)
})

test("an unknown address under /api is a problem, whatever the method", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    await isProblem(await server.ask("sofie", method, "/api/no/such/thing"), 404, /not-found/)
  }
})

test("a retried command is carried out once and answers the same", async () => {
  const { id: forum } = await server.forum()
  const member = { type: "add_member", user: "ny", name: "Nanna Yde", title: "", roles: ["author"] }
  for (const [path, body] of [
    [`${meetingPath()}/commands`, { id: randomUUID(), command: addItem("Én gang") }],
    [`/api/forums/${forum}/commands`, { id: randomUUID(), command: member }],
    [`/api/forums/${forum}/meetings`, { id: randomUUID(), date: "2027-05-05", time: "10:00", place: "Lærken" }],
  ]) {
    const once = await server.json("sofie", "POST", path, body)
    const twice = await Promise.all([1, 2, 3].map(() => server.json("sofie", "POST", path, body)))
    twice.forEach(again => assert.deepEqual(again, once, path))
  }
  const { items } = await server.meeting("sofie", agenda.meeting)
  assert.equal(items.filter(item => item.title === "Én gang").length, 1)
})

test("the stream of events goes on from any position, and follows live", async () => {
  const { position: start } = await server.command("sofie", agenda.meeting, addItem("Første"))
  const { position: second } = await server.command("sofie", agenda.meeting, addItem("Anden"))
  const elsewhere = await server.agenda("Et andet møde")
  const stream = await follow(server, "per", agenda.meeting, start)
  await until("the past", () => stream.events.length >= 1)
  const { position: third } = await server.command("lasse", agenda.meeting, addItem("Tredje"))
  await server.command("sofie", elsewhere.meeting, addItem("Uvedkommende"))
  const { position: last } = await server.command("lasse", agenda.meeting, addItem("Sidste"))
  await until("the present", () => stream.events.some(event => event.id === String(last)))
  assert.deepEqual(stream.events.map(event => Number(event.id)), [second, third, last])
  for (const event of stream.events) {
    assert.equal(event.event, "commit")
    schema.check("CommitNotice", event.data)
    assert.equal(event.data.position, Number(event.id))
  }
  assert.deepEqual(stream.events[1].data.by.name, "Lasse Hjorth")
  assert.ok(stream.events[1].data.kinds.includes("ItemAdded"))
  stream.end()
  const live = await follow(server, "per", agenda.meeting)
  const { position: now } = await server.command("sofie", agenda.meeting, addItem("Nu"))
  await until("only what is new", () => live.events.length > 0)
  assert.equal(live.events[0].id, String(now))
  live.end()
})

test("the stream of events ends for whoever is no longer a member", async () => {
  const { id: forum } = await server.forum()
  const member = { user: "kort", name: "Kort Tid", title: "", roles: ["reader"] }
  await server.forumCommand("sofie", forum, { type: "add_member", ...member })
  const stream = await follow(server, "kort", agenda.meeting)
  const { position } = await server.command("sofie", agenda.meeting, addItem("Mens du er her"))
  await until("the event", () => stream.events.some(event => event.id === String(position)))
  await server.forumCommand("sofie", forum, { type: "remove_member", user: "kort" })
  await server.command("sofie", agenda.meeting, addItem("Bagefter"))
  await until("the end", () => stream.ended)
  assert.equal(stream.events.at(-1).id, String(position))
})

test("pages carry the headers that keep a browser safe, and a request id", async () => {
  const answer = await server.fetch("/healthz")
  assert.match(answer.headers.get("x-request-id"), /^[0-9a-f-]{36}$/)
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff")
  assert.match(answer.headers.get("content-security-policy"), /frame-ancestors 'none'/)
})

test("long answers are compressed, and short ones, which may hold a ticket, are not", async () => {
  const agenda = await server.agenda()
  const long = await server.fetch("/api/openapi.json")
  assert.equal(long.headers.get("content-encoding"), "gzip")
  assert.match(long.headers.get("vary"), /accept-encoding/i)
  assert.equal((await long.json()).info.title, "Dagsorden")
  const short = await server.ask("lasse", "POST", `/api/documents/${agenda.case}/ticket`)
  assert.equal(short.status, 200)
  assert.equal(short.headers.get("content-encoding"), null)
})

test("too many requests from one address: 429, and it passes", async t => {
  const few = await Server.start(["--demo", "--requests-per-second", "2"])
  t.after(() => few.dispose())
  const answers = await Promise.all(Array.from({ length: 350 }, () => few.fetch("/healthz")))
  const refused = answers.filter(answer => answer.status === 429)
  assert.ok(refused.length > 0 && refused.length < 100, `${refused.length} of 350`)
  await isProblem(refused[0], 429, /too-many/)
  await until("the bucket fills", async () => (await few.fetch("/healthz")).status === 200)
})
