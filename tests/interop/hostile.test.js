// Clients that break the protocol, each on a document where two honest people are writing.
// The offender pays, with the socket or the change; the honest notice nothing.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { readFileSync } from "node:fs"
import { join as path } from "node:path"
import { deflateRawSync } from "node:zlib"
import * as A from "@automerge/automerge"
import { BODY, Client, closeClients, converged, until } from "./support/client.js"
import { Raw, bloom, bodyOf, checksumOf, chunk, join, syncMessage } from "./support/raw.js"
import { Server } from "./support/server.js"

/** What the server may use, in MiB, after all of this. */
const MEMORY_MIB = 300

let server, agenda, lasse, bo
let expected = ""
before(async () => {
  server = await Server.start()
  agenda = await server.agenda()
  lasse = await Client.open(server, "lasse", agenda.case)
  bo = await Client.open(server, "bo", agenda.case)
})
after(async () => {
  closeClients()
  await server.dispose()
})

/** The honest go on, and the server is well. */
async function undisturbed() {
  lasse.type("a")
  bo.type("b")
  expected += "ab"
  const text = await converged(lasse, bo)
  assert.deepEqual([...text].sort(), [...expected].sort())
  assert.deepEqual([lasse.closes, bo.closes], [[], []])
  assert.equal((await server.fetch("/healthz")).status, 200)
  assert.ok(server.memory < MEMORY_MIB, `${server.memory} MiB`)
}

const attacker = () => Raw.join(server, "gitte", agenda.case)

/** A copy of the document under a fresh actor, or the given one. */
const copy = actor => A.clone(bo.document, actor ? { actor } : {})
const typed = (doc, text) => A.change(doc, d => A.splice(d, BODY, 0, 0, text))
const lastChange = doc => A.getLastLocalChange(doc)
const refusedTexts = async () => (await server.refused("gitte", agenda.meeting)).map(refused => refused.text)

async function costsTheSocket(attack, code, reason) {
  const raw = await attacker()
  await attack(raw)
  const close = await raw.closed
  assert.equal(close.code, code, `${close.code} ${close.reason}`)
  assert.match(close.reason, reason)
  await undisturbed()
}

for (const [name, filter] of [
  ["of zero bits", bloom(1, 0, 7)],
  ["of zero bits with bytes", bloom(3, 0, 7, [1, 2])],
  ["with 50 million probes", bloom(1, 10, 50_000_000, [255, 255])],
  ["with 2^32-1 probes", bloom(1, 10, 0xffff_ffff, [255, 255])],
  ["with 2^64-1 entries", bloom(2n ** 64n - 1n, 10, 7, [255])],
]) {
  test(`a Bloom filter ${name} is passed over`, async () => {
    const raw = await attacker()
    for (let n = 0; n < 5; n++) raw.sync(syncMessage({ bloom: filter }))
    await raw.when("sync")
    await undisturbed()
    assert.equal(raw.socket.readyState, 1)
    raw.close()
  })
}

const good = () => lastChange(typed(copy(), "x"))
const bomb = () => deflateRawSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 })
for (const [name, make, reason] of [
  ["with a bad checksum", () => chunk(1, bodyOf(good()), [1, 2, 3, 4]), /checksum/],
  ["that is a document", () => A.save(typed(copy(), "x")), /document chunk/],
  ["that is deflated", () => chunk(2, deflateRawSync(bodyOf(good())), checksumOf(1, bodyOf(good()))), /deflated chunk/],
  ["that is a bundle", () => chunk(3, bodyOf(good())), /bundle chunk/],
  ["of an unknown type", () => chunk(9, bodyOf(good())), /unknown chunk/],
  ["that is a deflate bomb", () => chunk(2, bomb(), [0, 0, 0, 0]), /deflated chunk/],
  ["with a body of noise", () => chunk(1, Buffer.alloc(100, 0xee)), /./],
  ["that is cut short", () => good().subarray(0, 20), /too early/],
  ["larger than a change may be", () => chunk(1, Buffer.alloc(300 * 1024)), /at most 262144/],
]) {
  test(`a chunk ${name} costs the socket`, () => costsTheSocket(raw => raw.chunks(make()), 4400, reason))
}

test("a change of somebody else's actor costs the socket, and is kept", async () => {
  const forged = lastChange(typed(copy(A.getActorId(lasse.document)), "i en andens navn"))
  await costsTheSocket(raw => raw.chunks(forged), 4403, /not yours/)
  assert.ok((await refusedTexts()).includes("i en andens navn"))
})

test("two changes with one sequence number cost the socket; the first stands", async () => {
  const actor = "ab".repeat(16)
  const [first, second] = ["1", "2"].map(text => lastChange(typed(copy(actor), text)))
  expected += "1"
  await costsTheSocket(raw => raw.chunks(first, second), 4400, /another change of that number/)
  assert.ok((await refusedTexts()).includes("2"))
})

test("orphans wait for what they build on, and not for ever", async () => {
  const base = typed(copy(), "3")
  const awaited = lastChange(base)
  const raw = await attacker()
  raw.chunks(lastChange(typed(base, "4")))
  await undisturbed()
  assert.ok(!bo.text().includes("4"))
  raw.chunks(awaited)
  await until("both are taken in", () => bo.text().includes("43"))
  expected += "34"
  const orphans = Array.from({ length: 70 }, () => lastChange(typed(typed(copy(), "u"), "v")))
  raw.chunks(...orphans)
  const close = await raw.closed
  assert.equal(close.code, 4400)
  assert.match(close.reason, /too many changes/)
  await undisturbed()
})

test("the document's frame cannot be replaced", async () => {
  const raw = await attacker()
  raw.chunks(lastChange(A.change(copy(), d => (d.sections = { resume: { body: "mit" } }))))
  assert.equal((await raw.when("agenda-reject")).reason, "invalid")
  raw.close()
  await undisturbed()
})

for (const [name, attack, code, reason] of [
  ["garbage instead of CBOR", raw => raw.socket.send(Buffer.alloc(64, 0xff)), 4400, /frame/],
  ["an empty frame", raw => raw.socket.send(Buffer.alloc(0)), 4400, /frame/],
  ["a text frame", raw => raw.socket.send("hej"), 4400, /frame/],
  ["another senderId", raw => raw.sync(syncMessage({}), { senderId: "storage-server" }), 4400, /senderId/],
  ["a frame over 1 MiB", raw => raw.sync(Buffer.alloc(1_100_000)), 4400, /at most 1048576/],
  ["noise for a sync message", raw => raw.sync(Buffer.alloc(40, 0x77)), 4400, /sync message/],
  ["a second join under another name", raw => raw.send(join("somebody")), 4400, /already joined/],
  ["the peer id of somebody here", async raw => {
    const thief = await Raw.open(await server.ticket("gitte", agenda.case), "thief")
    thief.send(join(lasse.repo.networkSubsystem.peerId))
    raw.closed = thief.closed
  }, 4403, /somebody else/],
  ["an unknown protocol version", async raw => {
    const old = await Raw.open(await server.ticket("gitte", agenda.case), "old")
    old.send({ ...join("old"), supportedProtocolVersions: ["9"] })
    raw.closed = old.closed
  }, 4400, /version/],
  ["a flood", raw => { for (let n = 0; n < 3_000; n++) raw.sync(syncMessage({})) }, 4429, /slow down/],
]) {
  test(`${name} costs the socket`, () => costsTheSocket(attack, code, reason))
}

test("presence in another's name reaches nobody", async () => {
  const [raw, witness] = [await attacker(), await attacker()]
  raw.send({ type: "ephemeral", senderId: lasse.repo.networkSubsystem.peerId, targetId: "x", count: 1,
    sessionId: "forged", documentId: agenda.case, data: Buffer.from([1]) })
  raw.send({ type: "ephemeral", senderId: raw.senderId, targetId: "x", count: 1,
    sessionId: "own", documentId: agenda.case, data: Buffer.from([1]) })
  await until("presence arrives", () => witness.messages.find(message => message.sessionId === "own"))
  assert.equal(witness.messages.some(message => message.sessionId === "forged"), false)
  await undisturbed()
  raw.close()
  witness.close()
})

test("a frame of many megabytes costs the socket", async () => {
  const raw = await attacker()
  raw.socket.send(Buffer.alloc(50 * 1024 * 1024))
  await raw.closed
  await undisturbed()
})

test("a sync message before the join costs the socket", async () => {
  const raw = await Raw.open(await server.ticket("gitte", agenda.case), "early")
  raw.document = agenda.case
  raw.sync(syncMessage({}))
  assert.equal((await raw.closed).code, 4400)
  await undisturbed()
})

test("a ticket opens its own document only", async () => {
  const other = await server.agenda()
  const raw = await attacker()
  raw.sync(syncMessage({}), { documentId: other.case })
  assert.equal((await raw.when("doc-unavailable")).documentId, other.case)
  raw.sync(syncMessage({ changes: [good()] }), { documentId: other.case })
  await undisturbed()
  assert.equal(await server.text(other.meeting, other.item), "")
  raw.close()
})

test("a garbled, a forged and an expired ticket: 4401", async () => {
  const url = await server.ticket("gitte", agenda.case)
  const [base, token] = url.split("ticket=")
  const [head, claims] = token.split(".")
  const sign = (key, text) => createHmac("sha256", key).update(text).digest("base64url")
  const expired = { ...JSON.parse(Buffer.from(claims, "base64url")), exp: 1_000 }
  const old = `${head}.${Buffer.from(JSON.stringify(expired)).toString("base64url")}`
  const secret = readFileSync(path(server.data, "secret.key"))
  for (const [bad, reason] of [
    ["", /not valid/],
    ["x", /not valid/],
    [`${token.slice(0, -4)}AAAA`, /not valid/],
    [`${head}.${claims}.${sign("guess", `${head}.${claims}`)}`, /not valid/],
    [`${old}.${sign(secret, old)}`, /expired/],
  ]) {
    const raw = await Raw.open(`${base}ticket=${bad}`, "x")
    const close = await raw.closed
    assert.equal(close.code, 4401, bad)
    assert.match(close.reason, reason)
  }
  await undisturbed()
})

test("after all of that the log is whole", async t => {
  t.diagnostic(`memory: ${Math.round(server.memory)} MiB`)
  assert.equal(await server.text(agenda.meeting, agenda.item), bo.text())
  closeClients()
  assert.deepEqual(await server.end(), { code: 0, signal: null })
  const verified = server.verify()
  assert.equal(verified.code, 0, verified.err)
})
