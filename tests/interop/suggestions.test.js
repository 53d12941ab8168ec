// Suggestions with stock clients: the server makes the document, keeps it up with the case, takes
// in what is accepted under its author's name, and enforces who may do what.

import { after, afterEach, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { Client, closeClients, converged, until } from "./support/client.js"
import { Server } from "./support/server.js"

let server
before(async () => (server = await Server.start()))
after(() => server.dispose())
afterEach(closeClients)

const suggestions = async (user, agenda) => (await server.meeting(user, agenda.meeting)).items[0].suggesting.suggestions
const ask = (user, agenda, command) =>
  server.ask(user, "POST", `/api/meetings/${agenda.meeting}/commands`, { id: randomUUID(), command })

/** Opens a suggestion by the person, with a stock client in its document. */
async function suggest(user, agenda) {
  await server.command(user, agenda.meeting, { type: "open_suggestion", item: agenda.item })
  const own = (await suggestions(user, agenda)).find(s => s.author.user === user && s.state === "open")
  return { document: own.document, client: await Client.open(server, user, own.document) }
}

test("a suggestion follows its case, and what is accepted stays its author's", async () => {
  const agenda = await server.agenda()
  const bo = await Client.open(server, "bo", agenda.case)
  bo.type("Udvalget godkendes. ")
  await bo.whenSaved()
  const { document, client: henrik } = await suggest("henrik", agenda)
  assert.equal(henrik.text(), "Udvalget godkendes. ", "it begins as the case was")
  henrik.type("Og afvises.")
  await henrik.whenSaved()
  assert.equal(bo.text(), "Udvalget godkendes. ", "the case knows nothing of it")
  bo.type("Først: ", 0)
  await until("the case's words come into the suggestion", () => henrik.text() === "Først: Udvalget godkendes. Og afvises.")

  const early = { type: "accept_suggestion", suggestion: document, heads: bo.heads() }
  assert.equal((await ask("gitte", agenda, early)).status, 409, "who accepts must have seen it")
  assert.equal((await ask("per", agenda, { ...early, heads: henrik.heads() })).status, 403, "a reader accepts nothing")
  await server.command("gitte", agenda.meeting, { ...early, heads: henrik.heads() })
  await until("the case has the words", () => bo.text() === "Først: Udvalget godkendes. Og afvises.")
  const [settled] = await suggestions("bo", agenda)
  assert.deepEqual([settled.state, settled.settled_by.user], ["accepted", "gitte"])
  const history = await server.get("bo", `/api/meetings/${agenda.meeting}/items/${agenda.item}/history?lang=en`)
  const texts = history.entries.filter(entry => entry.kind === "text").map(entry => `${entry.by.user} ${entry.inserted}`)
  assert.deepEqual(texts, ["henrik 11", "bo 7", "bo 20"], "the words are the suggester's, not the accepter's")
  henrik.type(" For sent.")
  assert.equal((await henrik.when("agenda-reject")).reason, "settled")
  assert.equal((await ask("gitte", agenda, { ...early, heads: henrik.heads() })).status, 409, "it is accepted once")
})

test("a reviewer suggests and never writes the case, whatever the client does", async () => {
  const agenda = await server.agenda()
  const bo = await Client.open(server, "bo", agenda.case)
  bo.type("Sagens ord. ")
  const vera = await Client.open(server, "vera", agenda.case)
  await until("the reviewer reads along", () => vera.text() === "Sagens ord. ")
  vera.type("Uret.")
  assert.equal((await vera.when("agenda-reject")).reason, "forbidden")
  const section = { type: "write_section", item: agenda.item, document: "case", section: "resume", blocks: [], nothing: true }
  assert.equal((await ask("vera", agenda, section)).status, 403)
  const { document, client: own } = await suggest("vera", agenda)
  own.type("Et forslag.")
  await own.whenSaved()
  const accept = { type: "accept_suggestion", suggestion: document, heads: own.heads() }
  assert.equal((await ask("vera", agenda, accept)).status, 403, "nobody who may not write takes a suggestion in")
  assert.equal((await ask("vera", agenda, { type: "open_suggestion", item: agenda.item })).status, 409, "one at a time")
  const { client: hers } = await suggest("amina", agenda)
  const intruder = await Client.open(server, "vera", (await suggestions("vera", agenda))[1].document)
  intruder.type("Ikke mit.")
  assert.equal((await intruder.when("agenda-reject")).reason, "forbidden", "another's suggestion is theirs")
  assert.equal((await ask("per", agenda, { type: "open_suggestion", item: agenda.item })).status, 403)
  assert.equal(hers.text(), "Sagens ord. ")
  assert.equal(await server.text(agenda.meeting, agenda.item), "Sagens ord. ")
  // Who may write the case takes a part back, and its author a whole suggestion.
  const gitte = await Client.open(server, "gitte", document)
  gitte.edit(doc => (doc.sections.resume.nothing = true))
  await converged(gitte, own)
  await server.command("vera", agenda.meeting, { type: "reject_suggestion", suggestion: document, reason: "" })
  const taken = await ask("bo", agenda, { type: "reject_suggestion", suggestion: document, reason: "Nej" })
  assert.equal(taken.status, 409, "it is settled")
})

test("a freeze holds suggestions back, and after a thaw they go on in the new round", async () => {
  const agenda = await server.agenda()
  const { document, client: henrik } = await suggest("henrik", agenda)
  henrik.type("Et bedre ord.")
  await henrik.whenSaved()
  const heads = henrik.heads()
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "" })
  await henrik.when("agenda-frozen")
  const accept = { type: "accept_suggestion", suggestion: document, heads }
  assert.equal((await ask("sofie", agenda, accept)).status, 409)
  henrik.type(" For sent.")
  assert.equal((await henrik.when("agenda-reject")).reason, "frozen")
  assert.equal(await server.text(agenda.meeting, agenda.item), "")
  await server.command("sofie", agenda.meeting, { type: "thaw", reason: "Et tal er forkert" })
  const after = (await server.meeting("sofie", agenda.meeting)).items[0]
  const bo = await Client.open(server, "bo", after.documents.case)
  bo.type("Ny runde. ")
  await bo.whenSaved()
  await server.command("sofie", agenda.meeting, accept)
  await until("what was accepted is there", () => bo.text().includes("Et bedre ord."))
  assert.match(bo.text(), /Ny runde\. /)
})

test("words that came too late are handed over, and accepted after a thaw", async () => {
  const agenda = await server.agenda()
  const lasse = await Client.open(server, "lasse", agenda.case)
  lasse.type("I tide.")
  await lasse.whenSaved()
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "" })
  lasse.type(" For")
  lasse.type(" sent.")
  await until("both are refused", async () => (await server.refused("lasse", agenda.meeting)).length === 2)
  const handOver = { type: "suggest_refused", document: agenda.case }
  assert.equal((await ask("bo", agenda, handOver)).status, 404, "nobody hands over what another wrote")
  await server.command("lasse", agenda.meeting, handOver)
  assert.equal((await ask("lasse", agenda, handOver)).status, 404, "once is enough")
  const [late] = await suggestions("sofie", agenda)
  assert.deepEqual([late.handed_over, late.author.user, late.access], [true, "lasse", "read"])
  const sofie = await Client.open(server, "sofie", late.document)
  assert.equal(sofie.text(), "I tide. For sent.")
  const accept = { type: "accept_suggestion", suggestion: late.document, heads: sofie.heads() }
  assert.equal((await ask("sofie", agenda, accept)).status, 409, "the frozen text stays as it is")
  await server.command("sofie", agenda.meeting, { type: "thaw", reason: "Lasses ord skal med" })
  await server.command("sofie", agenda.meeting, accept)
  assert.equal(await server.text(agenda.meeting, agenda.item), "I tide. For sent.")
  await server.end()
  assert.equal(server.verify().code, 0, server.verify().out)
})
