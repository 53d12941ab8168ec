// A witness on other hands cosigns the checkpoints of a log that only grows. Its cosignatures are checked here by a
// verifier of a few lines, made from the C2SP documents alone.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { createHash, createPublicKey, randomUUID, verify as ed25519 } from "node:crypto"
import { spawn } from "node:child_process"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "./support/client.js"
import { PROGRAM, run, Server } from "./support/server.js"

const VERIFIER = join(PROGRAM, "..", "dagsorden-verify")
let server, folder, key, origin, agenda, witness

/** `dagsorden witness` as a process. */
class Witness {
  constructor(data, logs) {
    this.args = ["witness", "--data", data, "--name", "vidne.example.dk", ...logs.flatMap(log => ["--log", ...log])]
  }

  async start(listen = "127.0.0.1:0") {
    this.child = spawn(PROGRAM, [...this.args, "--listen", listen], { stdio: ["ignore", "pipe", "ignore"] })
    process.on("exit", () => this.child.kill("SIGKILL"))
    this.exited = new Promise(resolve => this.child.on("exit", resolve))
    const line = await new Promise(resolve => this.child.stdout.once("data", bytes => resolve(String(bytes))))
    const [, url, key] = /^Vidne: (\S+) (\S+)\n/.exec(line)
    Object.assign(this, { url, key })
    return this
  }

  async stop(signal = "SIGTERM") {
    this.child.kill(signal)
    await this.exited
  }

  async add(body) {
    const answer = await fetch(`${this.url}/add-checkpoint`, { method: "POST", body })
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() }
  }
}

/** When the witness signed this checkpoint, or nothing; by the C2SP documents. */
function cosigned(note, vkey) {
  const [, name, id, encoded] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey)
  const raw = Buffer.from(encoded, "base64")
  assert.equal(raw[0], 4)
  assert.equal(createHash("sha256").update(`${name}\n`).update(raw).digest("hex").slice(0, 8), id)
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw.subarray(1)])
  const key = createPublicKey({ key: spki, format: "der", type: "spki" })
  const [text, signatures] = [note.slice(0, note.indexOf("\n\n") + 1), note.slice(note.indexOf("\n\n") + 2)]
  for (const line of signatures.split("\n").filter(line => line.startsWith(`— ${name} `))) {
    const bytes = Buffer.from(line.slice(`— ${name} `.length), "base64")
    if (bytes.subarray(0, 4).toString("hex") !== id) continue
    const time = bytes.readBigUInt64BE(4)
    if (ed25519(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), key, bytes.subarray(12))) return Number(time)
  }
  return undefined
}

const checkpoint = async (from = server) => await (await from.fetch("/log/checkpoint")).text()
const size = note => Number(note.split("\n")[1] ?? 0)

async function grow(service, commits) {
  const before = size(await checkpoint(service))
  for (let n = 0; n < commits; n++) {
    const details = { type: "change_details", date: "2027-03-03", time: "09:00:00", place: `Lokale ${randomUUID()}` }
    await service.command("sofie", agenda.meeting, details)
  }
  await service.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await until("a checkpoint covers it", async () => size(await checkpoint(service)) > before + commits)
  await service.command("sofie", agenda.meeting, { type: "thaw", reason: "Stedet er ændret" })
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dagsorden-witness-"))
  server = await Server.start(["--demo", "--requests-per-second", "10000"])
  agenda = await server.agenda("Pælene")
  await grow(server, 1)
  key = (await (await server.fetch("/dagsorden/noegler")).json())[0].key
  origin = (await checkpoint()).split("\n")[0]
  witness = await new Witness(join(folder, "witness"), [[origin, key]]).start()
  assert.equal((await server.end()).code, 0)
  server.args.push("--witness", witness.url, witness.key)
  await server.restart()
})
after(async () => {
  await witness.stop()
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const witnessed = () => until("the newest checkpoint is cosigned", async () => cosigned(await checkpoint(), witness.key))

test("the newest checkpoint carries the cosignature, also in receipts and after a restart", async () => {
  await witnessed()
  await grow(server, 30)
  await witnessed()
  const note = await checkpoint()
  assert.ok(Math.abs(cosigned(note, witness.key) - Date.now() / 1000) < 600)
  assert.equal(cosigned(note.replace(/\n\d+\n/, "\n1\n"), witness.key), undefined)
  writeFileSync(join(folder, "checkpoint.txt"), note)
  const checked = lang => {
    const done = spawn(VERIFIER, ["--key", key, "--witness", witness.key, "--lang", lang, join(folder, "checkpoint.txt")])
    let out = ""
    done.stdout.on("data", bytes => (out += bytes))
    return new Promise(resolve => done.on("exit", code => resolve({ code, out })))
  }
  const danish = await checked("da")
  assert.equal(danish.code, 0, danish.out)
  assert.match(danish.out, /\[holder\] .*: bevidnet af vidne\.example\.dk den 20\d\d-/)
  writeFileSync(join(folder, "checkpoint.txt"), note.trimEnd().split("\n").slice(0, -1).join("\n") + "\n")
  const without = await checked("en")
  assert.equal(without.code, 2)
  assert.match(without.out, /not witnessed by vidne\.example\.dk/)

  const receipt = await (await server.ask("sofie", "GET", `/api/meetings/${agenda.meeting}/freezes/1/receipt`)).json()
  assert.ok(cosigned(receipt.checkpoint, witness.key))
  const live = run("verify", server.origin, "--key", key, "--witness", witness.key, "--lang", "en")
  assert.match(live.out, /witnessed by vidne\.example\.dk on 20/)
  // Nothing comes after this checkpoint, so that it is the newest after a restart too.
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  await until("a checkpoint covers it", async () => size(await checkpoint()) > size(note))
  await witnessed()
  const last = await checkpoint()
  await witness.stop()
  await server.crash()
  await server.restart()
  assert.equal(await checkpoint(), last, "kept while the witness is away")
  await server.command("sofie", agenda.meeting, { type: "thaw", reason: "Stedet er ændret" })
})

test("a witness that is away holds nobody up, and catches up at a later checkpoint", async () => {
  await grow(server, 5)
  await grow(server, 5)
  assert.equal(cosigned(await checkpoint(), witness.key), undefined)
  await until("it is logged", () => /a witness has not cosigned the checkpoint/.test(server.log))
  await witness.start(new URL(witness.url).host)
  await grow(server, 5)
  await witnessed()
})

test("the witness answers as the protocol has it", async () => {
  await witnessed()
  const note = await checkpoint()
  const known = size(note)
  const behind = await witness.add(`old 0\n\n${note}`)
  assert.deepEqual([behind.status, behind.type, behind.text], [409, "text/x.tlog.size", `${known}\n`])
  const again = await witness.add(`old ${known}\n\n${note}`)
  assert.equal(again.status, 200)
  assert.ok(cosigned(note + again.text, witness.key))
  assert.equal((await witness.add("hej")).status, 400)
  assert.equal((await witness.add(`old ${known}\n\n${note.replace(origin, "example.com/other")}`)).status, 404)
  assert.equal((await witness.add(`old ${known}\n\n${note.replace(/\n\d+\n/, `\n${known + 1}\n`)}`)).status, 403)
  assert.equal((await witness.add("x".repeat(200_000))).status, 413)
})

test("another history is not cosigned, also after the witness was killed", async () => {
  await witnessed()
  assert.equal((await server.end()).code, 0)
  const copy = mkdtempSync(join(tmpdir(), "dagsorden-fork-"))
  cpSync(server.data, copy, { recursive: true })
  await server.restart()
  await grow(server, 10)
  await witnessed()
  await witness.stop("SIGKILL")
  await witness.start(new URL(witness.url).host)
  const fork = await Server.start(["--demo", "--witness", witness.url, witness.key], copy)
  try {
    await grow(fork, 3)
    await until("the service says that its log has lost its end", () => /the log has lost its end/.test(fork.log))
    await grow(fork, 40)
    await until("the service says that it shows another history", () => /it has seen another history/.test(fork.log))
    assert.equal(cosigned(await checkpoint(fork), witness.key), undefined)
    await grow(server, 2)
    await witnessed()
  } finally {
    await fork.dispose()
  }
})
