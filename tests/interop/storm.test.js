// Silence: once everyone has everything, no frame passes, not even to and from clients that
// hold changes the server will never take (SYNC.md 2.1: a stock server would talk for ever).

import { after, afterEach, before, test } from "node:test"
import assert from "node:assert/strict"
import { Client, closeClients, converged, sleep, until } from "./support/client.js"
import { Server } from "./support/server.js"

/** How long sockets are listened to, in milliseconds. */
const LISTEN_MS = 5_000

let server
before(async () => (server = await Server.start()))
after(() => server.dispose())
afterEach(closeClients)

/** Frames that pass on each client's socket while nobody does anything. */
async function idleFrames(clients) {
  await Promise.all(clients.map(client => client.settled()))
  const since = performance.now()
  await sleep(LISTEN_MS)
  return clients.map(client => client.counts(since))
}

const nothing = clients => clients.map(() => ({ in: 0, out: 0 }))

test("idle clients are silent: fresh, refused, frozen, thawed", { concurrency: true }, async t => {
  await t.test("two who wrote", async t => {
    const agenda = await server.agenda()
    const clients = [await Client.open(server, "lasse", agenda.case), await Client.open(server, "bo", agenda.case)]
    for (let n = 0; n < 20; n++) {
      clients.forEach(client => client.type(`${n} `))
      await sleep(20)
    }
    await converged(...clients)
    t.diagnostic(`2 clients, 20 edits each at once, frames: ${JSON.stringify(clients.map(c => c.counts()))}`)
    assert.deepEqual(await idleFrames(clients), nothing(clients))
  })

  await t.test("a reader who wrote, while others go on", async t => {
    const agenda = await server.agenda()
    const reader = await Client.open(server, "per", agenda.case)
    const writer = await Client.open(server, "bo", agenda.case)
    reader.type("det må jeg ikke")
    await reader.when("agenda-reject")
    assert.deepEqual(await idleFrames([reader, writer]), nothing([1, 2]))
    for (let n = 0; n < 5; n++) {
      writer.type("jeg må. ")
      await writer.whenSaved()
    }
    await until("the reader sees it", () => reader.text().includes("jeg må. ".repeat(5)))
    const counts = await idleFrames([reader, writer])
    t.diagnostic(`diverged reader, frames in all: ${JSON.stringify(reader.counts())}`)
    assert.deepEqual(counts, nothing(counts))
  })

  await t.test("after a freeze, a late edit and a thaw", async t => {
    const agenda = await server.agenda()
    const lasse = await Client.open(server, "lasse", agenda.case)
    const bo = await Client.open(server, "bo", agenda.case)
    lasse.type("inden")
    await converged(lasse, bo)
    await server.command("sofie", agenda.meeting, { type: "freeze", reason: "" })
    bo.type("efter")
    await bo.when("agenda-reject")
    assert.deepEqual(await idleFrames([lasse, bo]), nothing([1, 2]))
    await server.command("sofie", agenda.meeting, { type: "thaw", reason: "Rettelse" })
    await bo.when("agenda-moved")
    const counts = await idleFrames([lasse, bo])
    t.diagnostic(`frozen and thawed, frames in all: ${JSON.stringify([lasse, bo].map(c => c.counts()))}`)
    assert.deepEqual(counts, nothing(counts))
  })
})
