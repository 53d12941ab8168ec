// What is not taken in: its author is told and can read it again, and nobody else ever sees
// it; not in the document, not in what is published, and not in the next round.

import { after, afterEach, before, test } from "node:test"
import assert from "node:assert/strict"
import { Client, closeClients, converged, sleep, until } from "./support/client.js"
import { Server } from "./support/server.js"

/** Words that each person writes before a freeze, and after. */
const WORDS = 20

let server
before(async () => (server = await Server.start()))
after(() => server.dispose())
afterEach(closeClients)

const freeze = meeting => server.command("sofie", meeting, { type: "freeze", reason: "Udsendelse" })
const words = async (user, meeting) => (await server.refused(user, meeting)).map(refused => refused.text).join(" ")

/** What the client has been told was refused, as Automerge's hashes. */
const rejectedHashes = client => client.received("agenda-reject").flatMap(message => message.hashes)

test("a reader's edit is refused, kept, and seen by nobody else", async () => {
  const agenda = await server.agenda()
  const [reader, bo] = [await Client.open(server, "per", agenda.case), await Client.open(server, "bo", agenda.case)]
  bo.type("fælles ")
  await until("the reader reads along", () => reader.text() === "fælles ")
  reader.type("hemmeligt")
  const notice = await reader.when("agenda-reject")
  assert.equal(notice.reason, "forbidden")
  assert.equal(notice.documentId, agenda.case)
  assert.deepEqual(notice.hashes, reader.heads())
  assert.equal(await words("per", agenda.meeting), "hemmeligt")
  assert.equal(await words("bo", agenda.meeting), "")
  assert.match(await words("sofie", agenda.meeting), /hemmeligt/)
  bo.type("tekst")
  await bo.whenSaved()
  assert.equal(bo.text(), "fælles tekst")
  assert.match(reader.text(), /hemmeligt/, "their own copy keeps it")
  reader.type(" mere")
  await until("the second is refused too", () => rejectedHashes(reader).includes(reader.heads()[0]))
  assert.equal(await server.text(agenda.meeting, agenda.item), "fælles tekst")
})

test("the race with a freeze: published is what was durable, refused is the rest, nothing is neither", async () => {
  const agenda = await server.agenda()
  const clients = []
  for (const user of ["lasse", "bo", "gitte"]) clients.push(await Client.open(server, user, agenda.case))
  const written = []
  let frozen = false
  const writing = clients.map(async client => {
    for (let n = 0, late = 0; late < WORDS; n++) {
      const word = `[${client.user}${n}]`
      written.push(word)
      client.type(word)
      if (frozen) late++
      await sleep(15)
    }
  })
  await until("everybody has written", () => written.length >= 3 * WORDS)
  await until("some of it is saved", async () => (await server.text(agenda.meeting, agenda.item)).length > 50)
  const { position } = await freeze(agenda.meeting)
  frozen = true
  await Promise.all(writing)
  await Promise.all(clients.map(client => client.when("agenda-frozen")))
  const refusedWords = await until("every late word is refused", async () => {
    const [text, refused] = [await server.text(agenda.meeting, agenda.item), await words("sofie", agenda.meeting)]
    return written.every(word => text.includes(word) || refused.includes(word)) && refused
  })
  const durable = await server.text(agenda.meeting, agenda.item)
  const late = written.filter(word => refusedWords.includes(word))
  assert.ok(late.length > 0 && late.length < written.length, "the freeze fell into the middle")
  assert.ok(late.every(word => !durable.includes(word)), "no word is both")
  const at = await server.get("sofie", `/api/meetings/${agenda.meeting}/items/${agenda.item}/at/${position}`)
  assert.equal(at.sections.find(s => s.key === "resume").blocks.flatMap(b => b.text.map(r => r.text)).join(""), durable)
  await server.command("sofie", agenda.meeting, { type: "publish" })
  const page = await (await server.fetch(`/dagsorden/${agenda.meeting}/1`)).text()
  assert.ok(page.includes(durable))
  assert.ok(late.every(word => !page.includes(word)))
  const view = await server.meeting("sofie", agenda.meeting)
  assert.equal(view.publications[0].content_hash, view.freezes[0].content_hash)
  assert.ok(page.includes(view.freezes[0].content_hash))
})

test("edits made offline come back after the freeze and are refused, with their words kept", async () => {
  const agenda = await server.agenda()
  const [lasse, bo] = [await Client.open(server, "lasse", agenda.case), await Client.open(server, "bo", agenda.case)]
  lasse.type("fælles")
  await converged(lasse, bo)
  bo.offline()
  bo.type(" skrevet i toget")
  await freeze(agenda.meeting)
  bo.online()
  assert.equal((await bo.when("agenda-reject")).reason, "frozen")
  assert.equal((await bo.when("agenda-frozen")).by, "Sofie Krog")
  assert.equal(await words("bo", agenda.meeting), " skrevet i toget")
  assert.equal(lasse.text(), "fælles")
  assert.equal(await server.text(agenda.meeting, agenda.item), "fælles")
})

test("a thaw goes on in a new document, and late edits stay behind", async () => {
  const agenda = await server.agenda()
  const [lasse, bo] = [await Client.open(server, "lasse", agenda.case), await Client.open(server, "bo", agenda.case)]
  lasse.type("første")
  await converged(lasse, bo)
  await freeze(agenda.meeting)
  bo.type(" FOR SENT")
  await bo.when("agenda-reject")
  await server.command("sofie", agenda.meeting, { type: "thaw", reason: "En rettelse mangler" })
  const [moved, alsoMoved] = [await lasse.when("agenda-moved"), await bo.when("agenda-moved")]
  const next = await server.documents(agenda.meeting, agenda.item)
  assert.deepEqual([moved.to, alsoMoved.to], [next.case, next.case])
  assert.notEqual(next.case, agenda.case)
  bo.type(" STADIG FOR SENT")
  await until("the old document refuses", () => rejectedHashes(bo).includes(bo.heads()[0]))
  const [lasse2, bo2] = [await Client.open(server, "lasse", next.case), await Client.open(server, "bo", next.case)]
  assert.equal(bo2.text(), "første")
  bo2.type(", anden")
  assert.equal(await converged(lasse2, bo2), "første, anden")
  const late = await Client.open(server, "gitte", agenda.case)
  assert.equal((await late.when("agenda-moved")).to, next.case, "who opens the old one is shown on")
  await freeze(agenda.meeting)
  await server.command("sofie", agenda.meeting, { type: "publish" })
  const page = await (await server.fetch(`/dagsorden/${agenda.meeting}`, { redirect: "follow" })).text()
  assert.ok(page.includes("første, anden") && !page.includes("FOR SENT"))
})

test("rights follow the log on open sockets", async () => {
  const { id: forum } = await server.forum()
  const add = { type: "add_member", user: "vikar", name: "Vibe Karl", title: "Vikar", roles: ["author"] }
  await server.forumCommand("sofie", forum, add)
  const agenda = await server.agenda()
  const vikar = await Client.open(server, "vikar", agenda.case)
  const planning = await Client.open(server, "vikar", agenda.planning)
  vikar.type("må gerne")
  await vikar.whenSaved()
  await server.forumCommand("sofie", forum, { type: "change_member_role", user: "vikar", title: "", roles: ["reader"] })
  await until("the planning form closes", () => planning.closes.some(close => close.code === 4403))
  vikar.type(", ikke mere")
  assert.equal((await vikar.when("agenda-reject")).reason, "forbidden")
  const url = await server.ticket("vikar", agenda.case)
  assert.equal(vikar.closes.length, 0)
  await server.forumCommand("sofie", forum, { type: "remove_member", user: "vikar" })
  await until("the case closes", () => vikar.closes.some(close => close.code === 4403))
  await until("and does not open again", () => vikar.closes.some(close => close.code === 4404))
  assert.equal((await server.ask("vikar", "POST", `/api/documents/${agenda.case}/ticket`)).status, 404)
  assert.ok(url.includes("ticket="))
  assert.equal(await server.text(agenda.meeting, agenda.item), "må gerne")
})

test("the log proves it all: every hash, and every freeze from the changes alone", async () => {
  assert.deepEqual(await server.end(), { code: 0, signal: null })
  const verified = server.verify()
  assert.equal(verified.code, 0, verified.err)
  assert.match(verified.out, /The log is whole: \d+ commits in \d+ streams, 4 freezes reproduced/)
})
