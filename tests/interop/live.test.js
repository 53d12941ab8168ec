// An auditor with a few files and a key asks a running service by its address: whether the log that it shows now is
// the one that it has shown before. A service that was put back to an earlier copy and went on from there is found out.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createServer } from "node:http"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { randomUUID } from "node:crypto"
import { until } from "./support/client.js"
import { run, PROGRAM, Server } from "./support/server.js"
import { execFile } from "node:child_process"

let server, folder, key, agenda
const at = name => join(folder, name)

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dagsorden-live-"))
  server = await Server.start(["--demo", "--requests-per-second", "10000"])
  agenda = await server.agenda("Bådebroen")
  await grow(server, 1)
  key = (await (await server.fetch("/dagsorden/noegler")).json())[0].key
})
after(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** Not in this process's way: it may be the one that answers. */
const verify = (...args) =>
  new Promise(resolve => execFile(PROGRAM, ["verify", ...args, "--lang", "en"], (error, out, err) => resolve({ code: error?.code ?? 0, out, err })))

async function checkpoint(from = server) {
  return await (await from.fetch("/log/checkpoint")).text()
}
const size = note => Number(note.split("\n")[1] ?? 0)

/** Some more commits, and a checkpoint over them. */
async function grow(service, commits) {
  for (let n = 0; n < commits; n++) {
    const details = { type: "change_details", date: "2027-03-03", time: "09:00:00", place: `Lokale ${randomUUID()}` }
    await service.command("sofie", agenda.meeting, details)
  }
  const before = size(await checkpoint(service))
  await service.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await until("a checkpoint covers it", async () => size(await checkpoint(service)) > before + commits)
  await service.command("sofie", agenda.meeting, { type: "thaw", reason: "Stedet er ændret" })
  return await checkpoint(service)
}

function file(name, content) {
  writeFileSync(at(name), content)
  return at(name)
}

test("the log that is shown continues every checkpoint and receipt of it", async () => {
  const early = file("early.txt", await checkpoint())
  const receipt = await server.ask("sofie", "GET", `/api/meetings/${agenda.meeting}/freezes/1/receipt`)
  const frozen = file("receipt.json", await receipt.text())
  await grow(server, 300)
  const late = file("late.txt", await checkpoint())
  await grow(server, 40)
  const done = await verify(server.origin, early, late, frozen, "--key", key)
  assert.equal(done.code, 0, done.err + done.out)
  for (const name of [early, late, frozen]) {
    assert.match(done.out, new RegExp(`${name}: http://\\S+ shows the same log: its \\d+ commits begin with the \\d+\\.`))
  }
  const danish = run("verify", server.origin, early, "--key", key)
  assert.match(danish.out, /viser den samme log: dens \d+ poster begynder med de \d+\./)
})

test("a published file alone is enough: its receipt is fetched", async () => {
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await server.command("sofie", agenda.meeting, { type: "publish" })
  const receipt = `/dagsorden/${agenda.meeting}/1/kvittering.json`
  await until("its receipt", async () => (await server.fetch(receipt)).ok)
  const published = file("dagsorden.md", await (await server.fetch(`/dagsorden/${agenda.meeting}/1/dagsorden.md`)).text())
  const done = await verify(server.origin, published, "--key", key)
  assert.equal(done.code, 0, done.err + done.out)
  assert.match(done.out, /dagsorden\.md: unchanged: dagsorden\.md of edition 1/)
  const altered = await verify(server.origin, file("other.md", "Noget andet\n"), "--key", key)
  assert.equal(altered.code, 1)
  assert.match(altered.out, /not among the files that are signed for/)
})

test("without the key, with another one, or without a service there is no answer that holds", async () => {
  const none = await verify(server.origin, at("early.txt"), "--data", at("nowhere"))
  assert.match(none.err, /with --key/)
  const other = "dagsorden+8c55b42d+AXsAqtOhlYsdJFOT2AqJX8+Jtk0qa2aH9Nlcht8qDCHS"
  const wrong = await verify(server.origin, at("early.txt"), "--key", other)
  assert.equal(wrong.code, 1)
  const away = await verify("http://127.0.0.1:1", at("early.txt"), "--key", key)
  assert.equal(away.code, 1)
  assert.match(away.err, /127\.0\.0\.1:1/)
})

test("a service that went another way from an earlier copy, or was only put back, is found out", async () => {
  const meeting = agenda
  agenda = await server.agenda("Fortøjninger")
  await grow(server, 3)
  assert.equal((await server.end()).code, 0)
  const copy = mkdtempSync(join(tmpdir(), "dagsorden-fork-"))
  cpSync(server.data, copy, { recursive: true })
  await server.restart()
  const common = file("common.txt", await checkpoint())
  const shown = file("shown.txt", await grow(server, 20))
  const fork = await Server.start(server.args, copy)
  try {
    const back = await verify(fork.origin, shown, "--key", key)
    assert.equal(back.code, 1)
    assert.match(back.out, /shows only \d+ commits, but here are \d+: its log has lost its end, or it shows an old one/)
    await grow(fork, 60)
    const gone = await verify(fork.origin, common, shown, "--key", key)
    assert.equal(gone.code, 1)
    assert.match(gone.out, new RegExp(`${common}: \\S+ shows the same log`))
    const found = new RegExp(`${shown}: \\S+ shows another history: the first changed commit is one of (\\d+) to (\\d+)`).exec(gone.out)
    assert.ok(found, gone.out)
    assert.ok(Number(found[1]) < Number(found[2]))
    const still = await verify(server.origin, common, shown, "--key", key)
    assert.equal(still.code, 0, still.err + still.out)
  } finally {
    await fork.dispose()
    agenda = meeting
  }
})

test("a service that changes a tile on the way proves nothing", async () => {
  const proxy = createServer(async (request, response) => {
    const answer = await server.fetch(request.url)
    const body = Buffer.from(await answer.arrayBuffer())
    if (request.url.startsWith("/log/tile/0/")) body[5] ^= 1
    response.writeHead(answer.status).end(body)
  })
  await new Promise(resolve => proxy.listen(0, "127.0.0.1", resolve))
  const address = `http://127.0.0.1:${proxy.address().port}`
  try {
    const done = await verify(address, at("early.txt"), "--key", key)
    assert.equal(done.code, 1)
    assert.match(done.out, /shows another history/)
  } finally {
    proxy.close()
  }
})
