// Who is here: presence is passed on under the name of the socket it came from, and who that
// is, is the server's word.

import { after, afterEach, before, test } from "node:test"
import assert from "node:assert/strict"
import { Client, closeClients, until } from "./support/client.js"
import { Raw } from "./support/raw.js"
import { Server } from "./support/server.js"

let server
before(async () => (server = await Server.start()))
after(() => server.dispose())
afterEach(closeClients)

const identities = client => client.received("peer-identity").at(-1)?.peers ?? {}

test("presence reaches the others, with the sender that the server knows", async () => {
  const agenda = await server.agenda()
  const lasse = await Client.open(server, "lasse", agenda.case, { peerId: "lasse-1" })
  const per = await Client.open(server, "per", agenda.case, { peerId: "per-1" })
  const elsewhere = await Client.open(server, "bo", agenda.planning, { peerId: "bo-1" })
  const seen = { lasse: [], per: [], elsewhere: [] }
  for (const [name, client] of Object.entries({ lasse, per, elsewhere })) {
    client.handle.on("ephemeral-message", ({ senderId, message }) => seen[name].push({ senderId, message }))
  }
  lasse.handle.broadcast({ cursor: 7, name: "Kommunaldirektøren" })
  per.handle.broadcast({ cursor: 9 })
  await until("both have heard", () => seen.lasse.length > 0 && seen.per.length > 0)
  assert.deepEqual(seen.per, [{ senderId: "lasse-1", message: { cursor: 7, name: "Kommunaldirektøren" } }])
  assert.deepEqual(seen.lasse, [{ senderId: "per-1", message: { cursor: 9 } }])
  assert.deepEqual(seen.elsewhere, [], "one document's presence stays in it")
})

test("the server names who is here, and says when they leave", async () => {
  const agenda = await server.agenda()
  const lasse = await Client.open(server, "lasse", agenda.case, { peerId: "lasse-1" })
  const amina = await Client.open(server, "amina", agenda.case, { peerId: "amina-1" })
  await until("lasse sees two", () => Object.keys(identities(lasse)).length === 2)
  assert.deepEqual(identities(lasse), {
    "lasse-1": { user: "lasse", name: "Lasse Hjorth", title: "Chefkonsulent, Plan & Klima" },
    "amina-1": { user: "amina", name: "Amina Yıldız", title: "Direktør for Børn & Velfærd" },
  })
  amina.close()
  await until("lasse sees one", () => Object.keys(identities(lasse)).length === 1)
})

test("a client's own peer-identity or notice is passed on to nobody", async () => {
  const agenda = await server.agenda()
  const lasse = await Client.open(server, "lasse", agenda.case)
  const raw = await Raw.join(server, "gitte", agenda.case, "gitte-raw")
  await until("lasse sees two", () => Object.keys(identities(lasse)).length === 2)
  const before = lasse.messages.length
  const forged = { senderId: "gitte-raw", targetId: lasse.repo.networkSubsystem.peerId, documentId: agenda.case }
  raw.send({ ...forged, type: "peer-identity", peers: { "gitte-raw": { user: "henrik", name: "Henrik Toft" } } })
  raw.send({ ...forged, type: "agenda-frozen", heads: [], by: "Henrik Toft", at: 1 })
  raw.send({ ...forged, type: "ephemeral", count: 1, sessionId: "s", data: Buffer.from([1]) })
  await until("what may pass has passed", () => lasse.received("ephemeral").length === 1)
  assert.deepEqual(lasse.messages.slice(before).map(message => message.type), ["ephemeral"])
})

test("presence that repeats itself or pours in is not passed on for ever", async () => {
  const agenda = await server.agenda()
  const lasse = await Client.open(server, "lasse", agenda.case)
  const raw = await Raw.join(server, "gitte", agenda.case, "gitte-raw")
  const send = count => raw.send({
    type: "ephemeral", senderId: "gitte-raw", targetId: "all", documentId: agenda.case, count, sessionId: "s",
    data: Buffer.from([1]),
  })
  for (let n = 0; n < 3; n++) send(5)
  for (let n = 6; n < 306; n++) send(n)
  await until("some pass", () => lasse.received("ephemeral").length > 0)
  await lasse.settled()
  const counts = lasse.received("ephemeral").map(message => message.count)
  assert.ok(counts.length < 301, `${counts.length} of 303`)
  assert.equal(counts.filter(count => count === 5).length, 1)
  assert.equal(raw.socket.readyState, 1)
  lasse.type("og teksten går igennem")
  await lasse.whenSaved()
})

test("the same client on a new socket replaces its old one", async () => {
  const agenda = await server.agenda()
  const first = await Raw.join(server, "lasse", agenda.case, "lasse-1")
  const second = await Raw.join(server, "lasse", agenda.case, "lasse-1")
  assert.equal((await first.closed).code, 4409)
  assert.equal(second.socket.readyState, 1)
  second.close()
})
