// The real program as a child process: started on a free port over a data folder, asked over
// HTTP, stopped or killed, and started again on the same port and data.

import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { randomUUID } from "node:crypto"
import { fileURLToPath } from "node:url"

export const PROGRAM = process.env.DAGSORDEN_BIN
  ? join(process.env.DAGSORDEN_BIN)
  : fileURLToPath(new URL("../../../target/debug/dagsorden", import.meta.url))

/** Longest wait for the program to say where it listens, in milliseconds. */
const START_MS = 30_000

/** Runs a command of the program to its end. */
export function run(...args) {
  const done = spawnSync(PROGRAM, args, { encoding: "utf8", timeout: START_MS })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

export class Server {
  #child
  #cookies = new Map()

  constructor(args, data) {
    this.args = args
    this.data = data
    this.log = ""
  }

  /** A demonstration server over an empty folder, or one with arguments of the caller's. */
  static async start(args = ["--demo"], data = mkdtempSync(join(tmpdir(), "dagsorden-"))) {
    const server = new Server(args, data)
    await server.launch("127.0.0.1:0")
    return server
  }

  async launch(listen) {
    const args = ["serve", "--data", this.data, "--listen", listen, ...this.args]
    this.#child = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "pipe"] })
    const child = this.#child
    const kill = () => child.kill("SIGKILL")
    process.on("exit", kill)
    child.on("exit", () => process.off("exit", kill))
    child.stderr.on("data", bytes => (this.log += bytes))
    this.exited = new Promise(resolve => this.#child.on("exit", (code, signal) => resolve({ code, signal })))
    this.origin = await Promise.race([this.#address(), this.#failure()])
    this.host = this.origin.slice("http://".length)
  }

  #address() {
    return new Promise(resolve => {
      let out = ""
      this.#child.stdout.on("data", bytes => {
        out += bytes
        const found = /^Dagsorden: (http:\S+)\n/.exec(out)
        if (found) resolve(found[1])
      })
    })
  }

  async #failure() {
    let timer
    const late = new Promise(resolve => (timer = setTimeout(resolve, START_MS, "too late")))
    const ended = await Promise.race([this.exited, late])
    clearTimeout(timer)
    throw new Error(`the server did not start: ${JSON.stringify(ended)}\n${this.log}`)
  }

  get pid() {
    return this.#child.pid
  }

  /** Memory in use, in MiB. */
  get memory() {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))[1]
    return Number(kilobytes) / 1024
  }

  /** Sends the signal and waits for the end. */
  async end(signal = "SIGTERM") {
    this.#child.kill(signal)
    return await this.exited
  }

  /** Pulls the plug. */
  async crash() {
    await this.end("SIGKILL")
  }

  /** Starts again where it was. */
  async restart() {
    await this.launch(this.host)
  }

  /** Ends it if it still runs, and throws its data away. */
  async dispose() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.end()
    rmSync(this.data, { recursive: true, force: true })
  }

  /** Makes all that is in its log older; it must have ended. */
  age(days) {
    const done = spawnSync(join(dirname(PROGRAM), "age-log"), [this.data, String(days)], { encoding: "utf8", timeout: START_MS })
    if (done.status !== 0) throw new Error(`age-log: ${done.status} ${done.stderr}`)
  }

  verify() {
    return run("verify", "--data", this.data, "--lang", "en")
  }

  // ---- over HTTP ----

  fetch(path, init = {}) {
    return fetch(this.origin + path, { redirect: "manual", ...init })
  }

  /** The person's session cookie. */
  async session(user) {
    if (!this.#cookies.has(user)) {
      const headers = { "content-type": "application/json", origin: this.origin }
      const answer = await this.fetch("/api/demo/session", { method: "POST", headers, body: JSON.stringify({ user }) })
      if (answer.status !== 204) throw new Error(`sign-in of ${user}: ${answer.status} ${await answer.text()}`)
      this.#cookies.set(user, answer.headers.get("set-cookie").split(";")[0])
    }
    return this.#cookies.get(user)
  }

  /** As a person's browser would ask; the raw response. */
  async ask(user, method, path, body, headers = {}) {
    const cookie = await this.session(user)
    const content = body === undefined ? {} : { "content-type": "application/json" }
    const all = { cookie, origin: this.origin, ...content, ...headers }
    return await this.fetch(path, { method, headers: all, body: body === undefined ? undefined : JSON.stringify(body) })
  }

  /** The JSON of a successful answer. */
  async json(user, method, path, body) {
    const answer = await this.ask(user, method, path, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} as ${user}: ${answer.status} ${text}`)
    return text === "" ? undefined : JSON.parse(text)
  }

  get(user, path) {
    return this.json(user, "GET", path)
  }

  async ticket(user, document) {
    const ticket = await this.json(user, "POST", `/api/documents/${document}/ticket`)
    return `ws://${this.host}${ticket.url}`
  }

  /** The demonstration's forum, as its secretary sees it. */
  async forum() {
    const me = await this.get("sofie", "/api/me")
    return await this.get("sofie", `/api/forums/${me.forums[0].id}`)
  }

  forumCommand(user, forum, command) {
    return this.json(user, "POST", `/api/forums/${forum}/commands`, { id: randomUUID(), command })
  }

  command(user, meeting, command) {
    return this.json(user, "POST", `/api/meetings/${meeting}/commands`, { id: randomUUID(), command })
  }

  meeting(user, meeting) {
    return this.get(user, `/api/meetings/${meeting}`)
  }

  refused(user, meeting) {
    return this.get(user, `/api/meetings/${meeting}/refused`)
  }

  /** A fresh meeting with one empty item, so that tests do not see each other. */
  async agenda(title = "Prøvesag") {
    const forum = await this.forum()
    const details = { id: randomUUID(), date: "2027-03-03", time: "09:00", place: "Lærken" }
    const { meeting } = await this.json("sofie", "POST", `/api/forums/${forum.id}/meetings`, details)
    const add = { type: "add_item", title, journal_number: null, minutes: 10 }
    const { created } = await this.command("sofie", meeting, add)
    return { forum: forum.id, meeting, item: created, ...(await this.documents(meeting, created)) }
  }

  /** The documents that an item has now. */
  async documents(meeting, item) {
    const view = await this.meeting("sofie", meeting)
    return view.items.find(known => known.id === item).documents
  }

  /** The plain text of an item's section, as the log has it. */
  async text(meeting, item, key = "resume") {
    const { position } = await this.meeting("sofie", meeting)
    const at = await this.get("sofie", `/api/meetings/${meeting}/items/${item}/at/${position}`)
    const section = at.sections.find(section => section.key === key)
    return section.blocks.map(block => (block.text ?? []).map(run => run.text).join("")).join("\n")
  }
}
