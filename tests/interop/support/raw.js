// A socket of our own making, and the bytes a hostile client would send: automerge sync
// messages and storage chunks by hand (SYNC.md 1.5, 3.3).

import { createHash } from "node:crypto"
import { decode, encode } from "cbor-x"
import WebSocket from "ws"
import { until } from "./client.js"

export class Raw {
  static async open(url, senderId) {
    const raw = new Raw()
    raw.senderId = senderId
    raw.messages = []
    raw.socket = new WebSocket(url)
    raw.socket.binaryType = "arraybuffer"
    // What follows an error is a close, and that is what tests look at.
    raw.socket.on("error", error => (raw.error = error))
    raw.socket.on("message", bytes => raw.messages.push(decode(new Uint8Array(bytes))))
    raw.closed = new Promise(resolve =>
      raw.socket.on("close", (code, reason) => resolve({ code, reason: String(reason) })))
    await new Promise(resolve => raw.socket.on("open", resolve))
    return raw
  }

  /** A socket that has joined as any client would. */
  static async join(server, user, document, senderId = `raw-${Math.random()}`) {
    const raw = await Raw.open(await server.ticket(user, document), senderId)
    raw.document = document
    raw.send(join(senderId))
    await raw.when("peer")
    return raw
  }

  send(message) {
    this.socket.send(encode(message))
  }

  sync(data, more = {}) {
    this.send({ type: "sync", senderId: this.senderId, targetId: "server", documentId: this.document, data, ...more })
  }

  /** Sends chunks as one sync message. */
  chunks(...chunks) {
    this.sync(syncMessage({ changes: chunks }))
  }

  when(type) {
    return until(`${this.senderId} receives ${type}`, () => this.messages.find(message => message.type === type))
  }

  close() {
    this.socket.close()
  }
}

export const join = senderId => ({
  type: "join", senderId, peerMetadata: { isEphemeral: true }, supportedProtocolVersions: ["1"],
})

export function uleb(number) {
  const out = []
  let left = BigInt(number)
  do {
    const more = left > 127n
    out.push(Number(left & 127n) | (more ? 128 : 0))
    left >>= 7n
  } while (left > 0n)
  return Uint8Array.from(out)
}

const concat = parts => Uint8Array.from(Buffer.concat(parts.map(part => Buffer.from(part))))
const prefixed = bytes => concat([uleb(bytes.length), bytes])
const hashes = list => concat([uleb(list.length), ...list.map(hash => Buffer.from(hash, "hex"))])

export function syncMessage({ heads = [], need = [], bloom, changes = [] }) {
  const have = bloom ? concat([uleb(1), hashes([]), prefixed(bloom)]) : uleb(0)
  return concat([[0x42], hashes(heads), hashes(need), have, uleb(changes.length), ...changes.map(prefixed)])
}

/** A Bloom filter's head with sizes of the sender's choosing. */
export function bloom(entries, bits, probes, bytes = []) {
  return concat([uleb(entries), uleb(bits), uleb(probes), bytes])
}

const MAGIC = [0x85, 0x6f, 0x4a, 0x83]

/** A storage chunk; its checksum is right unless one is given. */
export function chunk(type, body, checksum = checksumOf(type, body)) {
  return concat([MAGIC, checksum, [type], prefixed(body)])
}

export function checksumOf(type, body) {
  const hash = createHash("sha256").update(concat([[type], prefixed(body)])).digest()
  return hash.subarray(0, 4)
}

/** The body of a chunk. */
export function bodyOf(bytes) {
  let at = 9
  while (bytes[at] & 128) at++
  return bytes.subarray(at + 1)
}
