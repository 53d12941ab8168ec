// A backup while the service runs, and of a stopped one: it is added to, goes on after a crash, and makes a service
// that proves the same. Nothing is written over, and nobody but the operator gets the log.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "./support/client.js"
import { PROGRAM, run, Server } from "./support/server.js"

let server, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "dagsorden-backup-"))
  server = await Server.start(["--demo", "--requests-per-second", "10000"])
})
after(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const at = name => join(folder, name)
const log = name => readFileSync(join(folder, name, "log.jsonl"), "utf8")
const held = name => log(name).split("\n").length - 2
const backup = (to, ...more) => run("backup", "--data", server.data, "--to", at(to), "--lang", "en", ...more)
const online = to => backup(to, "--server", server.origin)

/** Makes a data folder of a backup; the keys come from where they lie. */
function restore(from, to, ...more) {
  for (const keys of ["keys", "item-keys"].filter(keys => existsSync(join(server.data, keys)))) {
    cpSync(join(server.data, keys), join(at(to), keys), { recursive: true })
  }
  return run("restore", "--from", at(from), "--data", at(to), ...more)
}

async function attach(agenda, file, text) {
  const path = `/api/meetings/${agenda.meeting}/items/${agenda.item}/attachments?id=${randomUUID()}&file=${file}`
  const headers = { cookie: await server.session("sofie"), origin: server.origin, "content-type": "application/octet-stream" }
  const answer = await server.fetch(path, { method: "POST", headers, body: text })
  assert.equal(answer.status, 200, await answer.text())
}

/** Makes the log longer. */
async function work(agenda, commits) {
  const details = n => ({ type: "change_details", date: "2027-03-03", time: "09:00:00", place: `Lokale ${n}` })
  for (let n = 0; n < commits; n++) await server.command("sofie", agenda.meeting, details(randomUUID() + n))
}

test("a running service is backed up, added to, and restored", async () => {
  const agenda = await server.agenda("Molens lygte")
  await attach(agenda, "kort.txt", "Et kort over molen\n")
  await server.command("sofie", agenda.meeting, { type: "freeze", reason: "Dagsordenen udsendes" })
  const first = online("backup")
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /1 new attached files.*\nCheckpoint of dagsorden\/\w{16}: \d+ commits, root \S+, signed\.\nNot in it: the keys/)
  const before = log("backup")
  await server.command("sofie", agenda.meeting, { type: "thaw", reason: "Stedet er ændret" })
  await work(agenda, 30)
  const second = online("backup")
  assert.equal(second.code, 0, second.err)
  assert.match(second.out, /3[1-9] new; 0 new attached/)
  assert.ok(log("backup").startsWith(before), "what was there stays")
  // By a tool that knows of no service.
  const proven = ["log.jsonl", "checkpoint.txt"].map(file => join(at("backup"), file))
  const keys = readFileSync(join(at("backup"), "keys.txt"), "utf8").trim().split("\n").flatMap(key => ["--key", key])
  const verified = run("verify", ...proven, ...keys, "--lang", "en")
  assert.equal(verified.code, 0, verified.err)
  assert.match(verified.out, /the log begins with the \d+ commits of the checkpoint/)

  const restored = restore("backup", "restored")
  assert.equal(restored.code, 0, restored.err)
  const whole = run("verify", "--data", at("restored"), "--files", "--lang", "en", ...keys)
  assert.equal(whole.code, 0, whole.err)
  assert.match(whole.out, /1 attached files are as they were stored/)
  // Point in time.
  const early = restore("backup", "early", "--until", "5")
  assert.match(early.out, /: 5 poster/)
})

test("who signed in gets nothing, and neither does anyone without the secret", async () => {
  const cookie = await server.session("sofie")
  for (const [method, path] of [["POST", "backup"], ["GET", "commits/1"], ["GET", `files/${"0".repeat(64)}`]]) {
    const url = `/api/operator/${path}`
    const asked = async headers => (await server.fetch(url, { method, headers: { origin: server.origin, ...headers } })).status
    assert.equal(await asked({}), 401, path)
    assert.equal(await asked({ cookie }), 401, path)
    assert.equal(await asked({ authorization: `Bearer ${cookie.split("=")[1]}` }), 401, path)
  }
  const other = mkdtempSync(join(tmpdir(), "dagsorden-other-"))
  writeFileSync(join(other, "secret.key"), Buffer.alloc(32, 7))
  const done = run("backup", "--data", other, "--to", at("stolen"), "--server", server.origin)
  rmSync(other, { recursive: true })
  assert.equal(done.code, 1)
  assert.match(done.err, /401/)
  assert.ok(!existsSync(join(at("stolen"), "log.jsonl")))
})

test("a backup that was killed goes on where it was, whenever that was", async () => {
  const agenda = await server.agenda("En lang dag")
  await Promise.all(Array.from({ length: 8 }, () => work(agenda, 300)))
  await attach(agenda, "stor.txt", "Ord i en lang fil\n".repeat(100_000))
  const args = ["backup", "--data", server.data, "--to", at("killed"), "--server", server.origin]
  const length = () => (existsSync(join(at("killed"), "log.jsonl")) ? statSync(join(at("killed"), "log.jsonl")).size : 0)
  for (let n = 0; n < 12; n++) {
    const child = spawn(PROGRAM, args, { stdio: "ignore" })
    let running = true
    const exited = new Promise(resolve => child.on("exit", resolve)).then(() => (running = false))
    // Early, and then as soon as something was written.
    const before = length()
    if (n < 4) await new Promise(resolve => setTimeout(resolve, n * 15))
    else while (running && length() === before) await new Promise(setImmediate)
    child.kill("SIGKILL")
    await exited
    await work(agenda, 5)
  }
  // As if the disk had taken only a part of what was written.
  if (existsSync(join(at("killed"), "log.jsonl"))) {
    const path = join(at("killed"), "log.jsonl")
    truncateSync(path, Math.max(0, statSync(path).size - 100))
  }
  const done = online("killed")
  assert.equal(done.code, 0, done.err)
  const whole = online("whole")
  assert.equal(whole.code, 0, whole.err)
  assert.ok(log("whole").startsWith(log("killed")), "the same as one that was never disturbed")
  const restored = restore("killed", "from-killed")
  assert.equal(restored.code, 0, restored.err)
  const keys = readFileSync(join(at("killed"), "keys.txt"), "utf8").trim()
  const verified = run("verify", "--data", at("from-killed"), "--files", "--key", keys)
  assert.equal(verified.code, 0, verified.err)
})

test("while people write, every backup is whole and signed", async () => {
  const agenda = await server.agenda("Travlt")
  let writing = true
  const writers = [1, 2, 3].map(async () => {
    while (writing) await work(agenda, 3)
  })
  let last = 0
  for (let n = 0; n < 4; n++) {
    const child = spawn(PROGRAM, ["backup", "--data", server.data, "--to", at("busy"), "--server", server.origin], { stdio: "ignore" })
    assert.equal(await new Promise(resolve => child.on("exit", resolve)), 0)
    const [, size] = readFileSync(join(at("busy"), "checkpoint.txt"), "utf8").split("\n")
    assert.ok(held("busy") > Number(size) && Number(size) > last)
    last = Number(size)
  }
  writing = false
  await Promise.all(writers)
})

test("another history is not written over, nor a damaged backup added to", async () => {
  const good = online("backup")
  assert.equal(good.code, 0, good.err)
  // The service is put back to an earlier copy and goes on from there.
  const other = await Server.start(["--demo"], mkdtempSync(join(tmpdir(), "dagsorden-")))
  try {
    await other.agenda("En anden historie")
    const before = log("backup")
    const done = run("backup", "--data", other.data, "--to", at("backup"), "--server", other.origin, "--lang", "en")
    assert.equal(done.code, 1)
    assert.match(done.err, /another history than the log from position 1 on.*Nothing was written over/)
    assert.equal(log("backup"), before)
  } finally {
    await other.dispose()
  }
  const text = log("backup")
  const broken = text.slice(0, 3000) + (text[3000] === "A" ? "B" : "A") + text.slice(3001)
  writeFileSync(join(at("backup"), "log.jsonl"), broken)
  const damaged = online("backup")
  assert.equal(damaged.code, 1)
  assert.match(damaged.err, /damaged: position \d+/)
  writeFileSync(join(at("backup"), "log.jsonl"), text)
})

test("a stopped service is backed up from its folder, and the keys go elsewhere", async () => {
  const running = backup("stopped")
  assert.equal(running.code, 1, "a service runs over the folder")
  assert.match(running.err, /--server/)
  assert.equal((await server.end()).code, 0)
  const together = backup("stopped", "--keys-to", join(at("stopped"), "keys"))
  assert.equal(together.code, 1)
  assert.match(together.err, /apart/)
  const done = backup("stopped", "--keys-to", at("safe"))
  assert.equal(done.code, 0, done.err)
  assert.match(done.out, /[1-9] key files/)
  assert.ok(existsSync(join(at("safe"), "keys")))
  // The same folder goes on from one way to the other.
  const before = log("whole")
  assert.equal(backup("whole").code, 0)
  assert.ok(log("whole").startsWith(before) && log("whole") === log("stopped"))
  for (const lost of ["log", "keys", "item-keys"]) rmSync(join(server.data, lost), { recursive: true, force: true })
  cpSync(at("safe"), server.data, { recursive: true })
  const restored = run("restore", "--from", at("stopped"), "--data", server.data)
  assert.equal(restored.code, 0, restored.err)
  assert.equal(server.verify().code, 0)
  await server.restart()
  await until("it serves again", async () => (await server.fetch("/log/checkpoint")).ok)
})
