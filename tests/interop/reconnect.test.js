// The server dies or is stopped: what was saved is there, what was not is sent again, nothing
// twice, and the stock client comes back by itself with the URL it has.

import { afterEach, test } from "node:test"
import assert from "node:assert/strict"
import * as A from "@automerge/automerge"
import { BODY, Client, closeClients, converged, sleep, until } from "./support/client.js"
import { Server } from "./support/server.js"

let server
afterEach(async () => {
  closeClients()
  await server.dispose()
})

test("saved survives a crash at once; unsaved is sent again; nothing is doubled", async () => {
  server = await Server.start()
  const agenda = await server.agenda()
  const [lasse, bo] = [await Client.open(server, "lasse", agenda.case), await Client.open(server, "bo", agenda.case)]
  let expected = ""
  for (let round = 0; round < 3; round++) {
    lasse.type(`(gemt ${round})`)
    expected += `(gemt ${round})`
    await lasse.whenSaved()
    await server.crash()
    lasse.type(`(ikke gemt ${round})`)
    expected += `(ikke gemt ${round})`
    await server.restart()
    assert.match(await server.text(agenda.meeting, agenda.item), new RegExp(`\\(gemt ${round}\\)$`))
    assert.equal(await converged(lasse, bo), expected)
  }
  assert.equal(await server.text(agenda.meeting, agenda.item), expected)
})

test("a crash in the middle of writing loses and doubles nothing", async () => {
  server = await Server.start()
  const agenda = await server.agenda()
  const [lasse, bo] = [await Client.open(server, "lasse", agenda.case), await Client.open(server, "bo", agenda.case)]
  const write = async client => {
    for (let n = 0; n < 40; n++) {
      client.type(`<${client.user}${n}>`)
      await sleep(15)
    }
  }
  const writing = [write(lasse), write(bo)]
  await sleep(250)
  await server.crash()
  await server.restart()
  await Promise.all(writing)
  const text = await converged(lasse, bo)
  for (const client of ["lasse", "bo"]) {
    for (let n = 0; n < 40; n++) assert.equal(text.split(`<${client}${n}>`).length, 2, `${client}${n} in ${text}`)
  }
  assert.equal(await server.text(agenda.meeting, agenda.item), text)
})

test("stopped in order: sockets hear 1001, the program ends well, the clients come back", async () => {
  server = await Server.start()
  const agenda = await server.agenda()
  const [lasse, bo] = [await Client.open(server, "lasse", agenda.case), await Client.open(server, "bo", agenda.case)]
  lasse.type("før")
  await converged(lasse, bo)
  assert.deepEqual(await server.end("SIGTERM"), { code: 0, signal: null })
  await until("both were told", () => [lasse, bo].every(client => client.closes.length > 0))
  assert.deepEqual([lasse, bo].map(client => client.closes[0].code), [1001, 1001])
  bo.edit(doc => (doc.sections.lov.nothing = true))
  await server.restart()
  lasse.type(" og efter")
  await converged(lasse, bo)
  assert.equal(lasse.document.sections.lov.nothing, true)
  assert.equal(bo.text(BODY), "før og efter")
  await server.end()
  assert.equal(server.verify().code, 0)
})

/** A browser's disk. */
class Disk {
  entries = new Map()
  load = async key => this.entries.get(JSON.stringify(key))
  save = async (key, data) => void this.entries.set(JSON.stringify(key), data)
  remove = async key => void this.entries.delete(JSON.stringify(key))
  loadRange = async prefix => this.#under(prefix).map(([key, data]) => ({ key: JSON.parse(key), data }))
  removeRange = async prefix => this.#under(prefix).forEach(([key]) => this.entries.delete(key))

  #under(prefix) {
    return [...this.entries].filter(([key]) => prefix.every((part, at) => JSON.parse(key)[at] === part))
  }
}
const isContent = ([key]) => ["snapshot", "incremental"].includes(JSON.parse(key)[1])

test("a disk that lost the last words, but not that the server has them, gets them back", async () => {
  server = await Server.start()
  const agenda = await server.agenda()
  const [early, disk] = [new Disk(), new Disk()]
  const before = await Client.open(server, "lasse", agenda.case, { storage: disk })
  before.type("Først. ")
  await before.whenSaved()
  await before.repo.flush()
  await before.settled()
  early.entries = new Map([...disk.entries].filter(isContent))
  for (const words of ["Så ", "dette", "."]) {
    before.type(words)
    await before.whenSaved()
  }
  await until("the disk knows what the server has", () => [...disk.entries].some(([key]) => key.includes("sync-state")))
  await before.settled()
  before.close()
  for (const entry of [...disk.entries].filter(entry => !isContent(entry))) early.entries.set(...entry)

  const ahead = new Disk()
  ahead.entries = new Map(early.entries)
  const lost = [...early.entries].filter(isContent).reduce((doc, [, chunk]) => A.loadIncremental(doc, chunk), A.init())
  const unsentChange = A.getLastLocalChange(A.change(lost, doc => A.splice(doc, BODY, 0, 0, "Usendt. ")))
  await ahead.save([agenda.case, "incremental", "unsent"], unsentChange)
  const behind = await Client.open(server, "lasse", agenda.case, { storage: early })
  await until("the lost words are back", () => behind.text() === "Først. Så dette.")
  const unsent = await Client.open(server, "lasse", agenda.case, { storage: ahead })
  assert.equal(await converged(unsent, behind), "Usendt. Først. Så dette.")
})
