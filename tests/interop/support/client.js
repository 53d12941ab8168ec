// The stock automerge-repo client with its stock WebSocket adapter. Nothing here changes what
// it does; frames are counted where they pass through the `ws` library.

import * as A from "@automerge/automerge"
import { Repo, decodeHeads } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { decode } from "cbor-x"
import WebSocket from "ws"

/** Longest wait for anything to come true, in milliseconds: a limit, never a verdict. */
const PATIENCE_MS = 15_000
/** How soon the stock adapter reconnects, in milliseconds. */
const RETRY_MS = 200
/** Shortest silence that counts as settled: twice the client's own throttle, and more. */
const SETTLED_MS = 500
export const BODY = ["sections", "resume", "body"]

/** Frames by the URL of their socket, with tickets in it, so one client each. */
const traffic = new Map()

function note(url, direction, bytes) {
  const frames = traffic.get(url)
  if (frames) frames.push({ direction, at: performance.now(), message: decode(new Uint8Array(bytes)) })
}

const { send, emit } = WebSocket.prototype
WebSocket.prototype.send = function (data, ...rest) {
  note(this.url, "out", data)
  return send.call(this, data, ...rest)
}
WebSocket.prototype.emit = function (event, ...args) {
  if (event === "message") note(this.url, "in", args[0])
  return emit.call(this, event, ...args)
}

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

/** Waits until the condition holds; says what it waited for if it never does. */
export async function until(what, condition) {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const result = await condition()
    if (result) return result
    if (performance.now() > end) throw new Error(`never came true: ${what}`)
    await sleep(20)
  }
}

const open = new Set()

/** Closes all clients of the test that ended. */
export function closeClients() {
  open.forEach(client => client.close())
}

export class Client {
  /** Opens the document as the person, with what any client has: a URL and an id. */
  static async open(server, user, document, { peerId, storage } = {}) {
    const client = new Client()
    open.add(client)
    client.user = user
    client.url = await server.ticket(user, document)
    client.frames = []
    traffic.set(client.url, client.frames)
    client.adapter = new WebSocketClientAdapter(client.url, RETRY_MS)
    client.closes = []
    client.messages = []
    client.saved = new Map()
    client.adapter.on("message", message => client.messages.push(message))
    const peer = new Promise(resolve => client.adapter.on("peer-candidate", event => resolve(event)))
    client.repo = new Repo({ network: [client.adapter], storage, ...(peerId ? { peerId } : {}) })
    client.#watchCloses()
    client.server = await peer
    client.handle = await client.repo.find(`automerge:${document}`)
    client.handle.on("remote-heads", ({ storageId, heads }) => client.saved.set(storageId, heads))
    return client
  }

  /** The adapter makes a new socket for each connection. */
  #watchCloses() {
    const { adapter } = this
    let socket = adapter.socket
    const watch = () =>
      adapter.socket?.addEventListener("close", event => this.closes.push({ code: event.code, reason: event.reason }))
    watch()
    this.watching = setInterval(() => {
      if (adapter.socket === socket) return
      socket = adapter.socket
      watch()
    }, 10)
  }

  get document() {
    return this.handle.doc()
  }

  text(path = BODY) {
    return path.reduce((value, key) => value?.[key], this.document)
  }

  heads() {
    return A.getHeads(this.document)
  }

  edit(change) {
    this.handle.change(change)
  }

  type(text, at = this.text().length, path = BODY) {
    this.edit(doc => A.splice(doc, path, at, 0, text))
  }

  /** What the server says it has made durable. */
  savedHeads() {
    const heads = this.saved.get(this.server.peerMetadata.storageId)
    return heads && decodeHeads(heads)
  }

  isSaved() {
    const saved = this.savedHeads()
    return saved !== undefined && sameHeads(saved, this.heads())
  }

  whenSaved() {
    return until(`${this.user}'s edits are saved`, () => this.isSaved())
  }

  received(type) {
    return this.messages.filter(message => message.type === type)
  }

  when(type) {
    return until(`${this.user} receives ${type}`, () => this.received(type).at(-1))
  }

  /** How many frames went which way since a moment. */
  counts(since = 0) {
    const late = this.frames.filter(frame => frame.at >= since)
    const of = direction => late.filter(frame => frame.direction === direction).length
    return { in: of("in"), out: of("out") }
  }

  /** Waits until no frame has passed for a while. */
  async settled() {
    await until(`${this.user}'s socket is quiet`, () => {
      const last = this.frames.at(-1)?.at ?? 0
      return performance.now() - last > SETTLED_MS
    })
  }

  /** Loses the network without a goodbye, and stays away until `online`. */
  offline() {
    this.adapter.disconnect()
  }

  online() {
    this.adapter.connect(this.adapter.peerId, this.adapter.peerMetadata)
  }

  close() {
    clearInterval(this.watching)
    if (this.adapter?.socket) this.adapter.disconnect()
    // An attempt to connect again may be waiting; nothing stops it, and it would try for ever.
    if (this.adapter) this.adapter.connect = () => {}
    traffic.delete(this.url)
    open.delete(this)
  }
}

export function sameHeads(a, b) {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())
}

/** Waits until two or more have the same text, and it is durable. */
export async function converged(first, second, ...more) {
  const others = [second, ...more]
  await until("all clients agree", () =>
    first.isSaved() && others.every(other => other.isSaved() && sameHeads(other.heads(), first.heads())))
  return first.text()
}
