// A stock client edits an item's documents: every kind of content, many at once, and is told
// when its words are safe.

import { after, afterEach, before, test } from "node:test"
import assert from "node:assert/strict"
import * as A from "@automerge/automerge"
import { BODY, Client, closeClients, converged, until } from "./support/client.js"
import { Server } from "./support/server.js"

let server
before(async () => (server = await Server.start()))
after(() => server.dispose())
afterEach(closeClients)

async function pair(a = "lasse", b = "bo") {
  const agenda = await server.agenda()
  const clients = [await Client.open(server, a, agenda.case), await Client.open(server, b, agenda.case)]
  return { agenda, clients }
}

test("a document is found by its id alone, with the template's sections", async () => {
  const { clients: [lasse] } = await pair()
  assert.equal(lasse.document.v, 1)
  assert.deepEqual(Object.keys(lasse.document.sections).sort(), [
    "borger", "historik", "indstilling", "lov", "oekonomi", "resume", "sagsfremstilling", "vision",
  ])
  assert.deepEqual(lasse.document.tables, {})
  assert.equal(lasse.text(), "")
  assert.equal(lasse.document.sections.resume.nothing, false)
})

test("two people see each other's words, marks, blocks, tables and ticks", async () => {
  const { agenda, clients: [lasse, bo] } = await pair()
  lasse.edit(doc => A.splitBlock(doc, BODY, 0, { type: "heading", parents: [], attrs: { level: 2 }, isEmbed: false }))
  lasse.type("Cykelstier")
  lasse.edit(doc => A.mark(doc, BODY, { start: 1, end: 6, expand: "after" }, "strong", true))
  lasse.edit(doc => A.mark(doc, BODY, { start: 6, end: 9, expand: "none" }, "link", "https://example.dk/æ"))
  bo.edit(doc => (doc.sections.lov.nothing = true))
  bo.edit(doc => {
    doc.tables.t1 = { rows: ["r0"], cols: ["c0"], cells: { "r0:c0": { t: "", h: true } } }
    A.splice(doc, ["tables", "t1", "cells", "r0:c0", "t"], 0, 0, "Beløb")
  })
  await converged(lasse, bo)
  for (const client of [lasse, bo]) {
    assert.equal(client.document.sections.lov.nothing, true)
    assert.equal(client.document.tables.t1.cells["r0:c0"].t, "Beløb")
    assert.deepEqual(A.marks(client.document, BODY).map(m => m.name).sort(), ["link", "strong"])
  }
  bo.edit(doc => A.updateText(doc, BODY, "\uFFFCCykelstier og gang"))
  await converged(lasse, bo)
  bo.edit(doc => delete doc.tables.t1)
  lasse.edit(doc => A.updateBlock(doc, BODY, 0, { type: "paragraph", parents: [], attrs: {}, isEmbed: false }))
  await converged(lasse, bo)
  assert.equal(await server.text(agenda.meeting, agenda.item), "Cykelstier og gang")
})

test("people who write at once end with the same text, with every word in it", async () => {
  const { agenda, clients } = await pair()
  const third = await Client.open(server, "gitte", agenda.case)
  const all = [...clients, third]
  let written = ""
  for (let round = 0; round < 15; round++) {
    all.forEach((client, n) => {
      const word = `<${n}.${round}>`
      client.type(word, (round * 7) % (client.text().length + 1))
      written += word
    })
    if (round % 5 === 4) await converged(...all)
  }
  const text = await converged(...all)
  assert.deepEqual([...text].sort(), [...written].sort())
  assert.equal(await server.text(agenda.meeting, agenda.item), text)
})

test("a large paste, emoji, and what counts twice in UTF-16", async () => {
  const { agenda, clients: [lasse, bo] } = await pair()
  const large = "Ærø er en ø. ".repeat(1_600).slice(0, 20_000)
  lasse.type(large)
  await converged(lasse, bo)
  assert.equal(bo.text(), large)
  bo.type("👩‍👩‍👧 𝔘 é e\u0301 \u{1F1E9}\u{1F1F0}", 5)
  lasse.edit(doc => A.splice(doc, BODY, 15_000, 100, "😀"))
  const text = await converged(lasse, bo)
  assert.ok(text.includes("👩‍👩‍👧 𝔘 é e\u0301 🇩🇰") && text.includes("😀"))
  assert.equal(await server.text(agenda.meeting, agenda.item), text)
})

test("the planning form and the decision are documents of their own", async () => {
  const agenda = await server.agenda()
  const planning = await Client.open(server, "lasse", agenda.planning)
  planning.type("Alle", 0, ["sections", "maalgruppe", "body"])
  await planning.whenSaved()
  const decision = await Client.open(server, "sofie", agenda.decision)
  decision.type("Godkendt", 0, ["sections", "beslutning", "body"])
  await decision.whenSaved()
  assert.equal((await server.ask("per", "POST", `/api/documents/${agenda.planning}/ticket`)).status, 404)
})

test("saved means: what the server names as its heads is what I have", async () => {
  const { clients: [lasse, bo] } = await pair()
  lasse.type("gemt?")
  assert.equal(lasse.isSaved(), false, "not before the server has answered")
  await lasse.whenSaved()
  assert.equal(A.getChangesMetaSince(lasse.document, lasse.savedHeads()).length, 0)
  bo.type("og", 0)
  await converged(lasse, bo)
})

test("a document that is not the ticket's is as unknown as one that does not exist", async () => {
  const { agenda, clients: [lasse] } = await pair()
  const strange = lasse.repo.create({ mine: "own" })
  const other = lasse.repo.find(`automerge:${agenda.planning}`)
  await assert.rejects(other, /unavailable/)
  await until("answers for both", () => lasse.received("doc-unavailable").length >= 2)
  assert.notEqual(strange.documentId, agenda.case)
  lasse.type("og jeg skriver videre")
  await lasse.whenSaved()
})
