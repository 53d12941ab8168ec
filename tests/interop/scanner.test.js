// Attachments before a real ClamAV: what it clears comes in, what it finds does not, and when it
// says anything else, or nothing, the file stays out. Its only signature is one of our own.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "./support/client.js"
import { Server } from "./support/server.js"

const FOUND = "en-uskadelig-prøve-på-skade"
/** The most that the scanner takes, less than an attachment may have. */
const SCANNER_MEGABYTES = 2

const folder = mkdtempSync(join(tmpdir(), "dagsorden-clamd-"))
const socket = join(folder, "clamd.ctl")
const program = ["/usr/sbin/clamd", "/usr/bin/clamd", "/opt/homebrew/sbin/clamd"].find(existsSync) ?? "clamd"

let clamd, server, agenda

/** Whether the scanner listens. */
const listens = () =>
  new Promise(resolve => {
    const probe = connect(socket).on("error", () => resolve(false))
    probe.on("connect", () => resolve(true) || probe.destroy())
  })

async function startScanner() {
  const signatures = join(folder, "signatures")
  mkdirSync(signatures, { recursive: true })
  writeFileSync(join(signatures, "test.ndb"), `Dagsorden.Test:0:*:${Buffer.from(FOUND).toString("hex")}\n`)
  const settings = join(folder, "clamd.conf")
  writeFileSync(settings, `Foreground yes\nLocalSocket ${socket}\nDatabaseDirectory ${signatures}\nStreamMaxLength ${SCANNER_MEGABYTES}M\n`)
  clamd = spawn(program, [`--config-file=${settings}`], { stdio: "ignore" })
  await new Promise((resolve, reject) => clamd.on("spawn", resolve).on("error", reject))
  process.on("exit", () => clamd.kill("SIGKILL"))
  await until("the scanner listens", listens)
}

before(async () => {
  await startScanner()
  server = await Server.start(["--demo", "--clamd", `unix:${socket}`])
  agenda = await server.agenda()
})
after(async () => {
  clamd.kill("SIGKILL")
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

async function upload(file, bytes) {
  const path = `/api/meetings/${agenda.meeting}/items/${agenda.item}/attachments?id=${randomUUID()}&file=${file}`
  const headers = { cookie: await server.session("sofie"), origin: server.origin, "content-type": "application/octet-stream" }
  const answer = await server.fetch(path, { method: "POST", headers, body: bytes })
  return { status: answer.status, said: await answer.json() }
}

async function attached() {
  const { items } = await server.meeting("sofie", agenda.meeting)
  return items.find(item => item.id === agenda.item).attachments.map(attachment => attachment.name)
}

test("what it clears comes in, what it finds is named and kept out", async () => {
  assert.equal((await upload("god.txt", "Et bilag uden skade")).status, 200)
  const { status, said } = await upload("skade.txt", `Et bilag med ${FOUND} i`)
  assert.equal(status, 422)
  assert.match(said.detail, /Dagsorden\.Test\.UNOFFICIAL/)
  assert.deepEqual(await attached(), ["god"])
})

test("a file that is larger than it takes stays out, and the log says what to do", async () => {
  const { status } = await upload("stor.txt", "x".repeat((SCANNER_MEGABYTES + 1) * 1024 * 1024))
  assert.equal(status, 503)
  assert.match(server.log, /size limit exceeded.*set StreamMaxLength to 50M/)
  assert.deepEqual(await attached(), ["god"])
})

test("when it is gone, nothing comes in, and the service goes on", async () => {
  clamd.kill("SIGKILL")
  await until("the scanner is gone", async () => !(await listens()))
  const { status, said } = await upload("senere.txt", "Et bilag")
  assert.equal(status, 503)
  assert.match(said.detail, /Prøv igen|Try again/)
  assert.deepEqual(await attached(), ["god"])
})
