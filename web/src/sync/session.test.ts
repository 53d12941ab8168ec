/// <reference types="node" />
// A session against a stock automerge-repo server over a real socket: opening, saving, coming
// back with a new ticket, and giving up a copy that was refused. Waits for states, never for time.

import * as A from "@automerge/automerge";
import { Repo, cbor, encodeHeads } from "@automerge/automerge-repo";
import type { DocHandle, PeerId, StorageAdapterInterface } from "@automerge/automerge-repo";
import { NodeWSServerAdapter } from "@automerge/automerge-repo-network-websocket";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { ItemDocument } from "../editor/table-model.ts";
import { keptInMemory } from "./kept.ts";
import { DocumentSession, FREEZE_GRACE_MS } from "./session.ts";
import type { ItemHandle, SessionState } from "./session.ts";
import { TicketRefused } from "./ticket.ts";

class MemoryStorage implements StorageAdapterInterface {
  private readonly chunks = new Map<string, Uint8Array>();
  private readonly name = (key: string[]) => JSON.stringify(key).slice(0, -1);
  load = async (key: string[]) => this.chunks.get(this.name(key));
  save = async (key: string[], data: Uint8Array) => void this.chunks.set(this.name(key), data);
  remove = async (key: string[]) => void this.chunks.delete(this.name(key));
  loadRange = async (prefix: string[]) =>
    this.under(prefix).map((name) => ({
      key: JSON.parse(`${name}]`) as string[],
      data: this.chunks.get(name),
    }));
  removeRange = async (prefix: string[]) => this.under(prefix).forEach((name) => this.chunks.delete(name));
  careful = false;
  close = async () => {};
  private readonly under = (prefix: string[]) =>
    [...this.chunks.keys()].filter((name) => name.startsWith(this.name(prefix)));
}

class Client {
  state: SessionState | undefined;
  handle: ItemHandle | null = null;
  moved = 0;
  tickets = 0;
  refuseTicket = 0;
  /** Whether this browser is marked as holding text that the server lacks. */
  unsent = false;
  marked = 0;
  onState: (state: SessionState) => void = () => {};
  problems: unknown[] = [];
  private waiting: (() => void)[] = [];
  readonly session: DocumentSession;

  constructor(document: string, url: string, storage = new MemoryStorage(), kept = keptInMemory()) {
    this.session = new DocumentSession({
      document,
      storage,
      kept,
      unsent: { set: () => (this.unsent = this.marked++ >= 0), clear: () => (this.unsent = false) },
      now: () => 0,
      ticketUrl: async () => {
        this.tickets++;
        if (this.refuseTicket) throw new TicketRefused(this.refuseTicket);
        return url;
      },
      events: {
        state: (state) => {
          this.onState(state);
          this.told(() => (this.state = state));
        },
        document: (handle) => this.told(() => (this.handle = handle)),
        moved: () => this.told(() => this.moved++),
        greeted: () => {},
        problem: (thrown) => this.told(() => this.problems.push(thrown)),
      },
    });
  }

  private told(change: () => void): void {
    change();
    this.waiting.splice(0).forEach((wake) => wake());
  }

  async until(holds: () => unknown): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  type(text: string): void {
    this.handle?.change((doc) => A.splice(doc, ["sections", "resume", "body"], 0, 0, text));
  }

  get body(): string | undefined {
    return this.handle?.doc().sections["resume"]?.body;
  }
}

let server: WebSocketServer;
let handle: DocHandle<ItemDocument>;
let url: string;
let clients: Client[];

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const adapter = new NodeWSServerAdapter(server as never);
  const repo = new Repo({
    network: [adapter],
    storage: new MemoryStorage(),
    peerId: "server" as PeerId,
    sharePolicy: async () => false,
  });
  handle = repo.create<ItemDocument>({
    v: 1,
    sections: { resume: { body: "", nothing: false } },
    tables: {},
  });
  clients = [];
});

afterEach(async () => {
  for (const client of clients) await client.session.close();
  expect(clients.flatMap(({ problems }) => problems)).toEqual([]);
  for (const socket of server.clients) socket.terminate();
  server.close();
});

async function opened(
  ...rest: ConstructorParameters<typeof Client> extends [string, string, ...infer R] ? R : never
): Promise<Client> {
  const client = new Client(handle.documentId, url, ...rest);
  clients.push(client);
  await client.session.start();
  await client.until(() => client.handle && client.state?.saved.kind === "saved");
  return client;
}

const tell = (message: Record<string, unknown>) => {
  for (const socket of server.clients)
    socket.send(cbor.encode({ senderId: "server", targetId: "", documentId: handle.documentId, ...message }));
};

describe("a session", () => {
  it("says saved once the server has what was typed", async () => {
    const client = await opened();
    client.type("Hej");
    await client.until(() => client.state?.saved.kind === "saving");
    await client.until(() => client.state?.saved.kind === "saved");
    expect(handle.doc().sections["resume"]?.body).toBe("Hej");
  });

  it("comes back with a new ticket when one runs out, and sends what was typed meanwhile", async () => {
    const client = await opened();
    for (const socket of server.clients) socket.close(4401);
    await client.until(() => client.state?.connection.kind !== "online");
    client.type("Imens");
    await client.until(
      () => client.state?.saved.kind === "saved" && client.state.connection.kind === "online",
    );
    expect([client.tickets, handle.doc().sections["resume"]?.body]).toEqual([2, "Imens"]);
  });

  it("keeps edits made offline for the next session of the same browser", async () => {
    const storage = new MemoryStorage();
    const kept = keptInMemory();
    const first = await opened(storage, kept);
    first.refuseTicket = 503;
    for (const socket of server.clients) socket.close(1001);
    await first.until(() => first.state?.connection.kind === "offline");
    first.type("Uden net");
    await first.until(() => first.state?.saved.kind === "offline" && first.state.saved.waiting === 1);
    await first.session.close();
    const second = await opened(storage, kept);
    expect([second.body, handle.doc().sections["resume"]?.body]).toEqual(["Uden net", "Uden net"]);
  });

  it.each([
    [4403, "forbidden"],
    [4404, "missing"],
    [4409, "moved"],
  ])("ends at close code %i: %s", async (code, reason) => {
    const client = await opened();
    for (const socket of server.clients) socket.close(code);
    await client.until(() => client.state?.connection.kind === "closed");
    expect(client.state?.connection).toEqual({ kind: "closed", reason });
    expect(client.moved).toBe(reason === "moved" ? 1 : 0);
  });

  it("keeps the words of a refused copy and takes the server's", async () => {
    const kept = keptInMemory();
    const client = await opened(new MemoryStorage(), kept);
    const serverHeads = encodeHeads(A.getHeads(handle.doc()));
    // The server takes no more, and says so of what is typed now.
    for (const socket of server.clients) socket.removeAllListeners("message");
    client.type("Kom ikke med");
    const hashes = A.getHeads(client.handle!.doc());
    tell({ type: "agenda-reject", reason: "frozen", hashes, serverHeads });
    await client.until(() => client.state?.refusals.length);
    await client.until(() => client.handle && client.state?.connection.kind === "online");
    expect(client.body).toBe("");
    expect(client.state?.refusals.map(({ reason, text }) => [reason, text])).toEqual([
      ["frozen", "Kom ikke med"],
    ]);
    expect([client.state?.readOnly, client.state?.saved.kind]).toEqual([true, "refused"]);
    // The same notice again is about a copy that is gone.
    tell({ type: "agenda-reject", reason: "frozen", hashes, serverHeads });
    tell({ type: "agenda-frozen", heads: serverHeads, by: "Sekretæren", at: 7 });
    await client.until(() => client.state?.frozen);
    expect(client.state?.refusals.length).toBe(1);
    kept.dismiss(client.state!.refusals[0]!.id);
    await client.until(() => client.state?.refusals.length === 0);
  });

  it("leaves \"saved\" with the keystroke itself, and marks the text until it is there", async () => {
    const client = await opened();
    expect(client.unsent).toBe(false);
    client.type("Nu");
    expect([client.state?.saved.kind, client.unsent, client.session.wouldLose()]).toEqual(["saving", true, true]);
    await client.until(() => client.state?.saved.kind === "saved");
    expect([client.unsent, client.session.wouldLose()]).toEqual([false, false]);
  });

  it("is not in doubt about what others write", async () => {
    const client = await opened();
    const seen: unknown[] = [];
    client.onState = ({ saved }) => seen.push(saved.kind);
    handle.change((doc) => A.splice(doc, ["sections", "resume", "body"], 0, 0, "Andres"));
    await client.until(() => client.body === "Andres" && client.state?.saved.kind === "saved");
    expect([new Set(seen), client.marked]).toEqual([new Set(["saved"]), 0]);
  });

  it("would lose nothing once the disk has it, though the server does not", async () => {
    const client = await cutOff(await opened());
    client.type("Kun her");
    expect(client.session.wouldLose()).toBe(true);
    await client.session.keepNow();
    expect([client.session.wouldLose(), client.unsent]).toEqual([false, true]);
  });

  it("keeps the words that have no place in the document it goes on in, before it goes there", async () => {
    const kept = keptInMemory();
    const client = await opened(new MemoryStorage(), kept);
    for (const socket of server.clients) socket.removeAllListeners("message");
    client.type("For sent");
    tell({ type: "agenda-moved", to: "elsewhere" });
    await client.until(() => client.moved);
    expect((await kept.refusals()).map(({ reason, text }) => [reason, text])).toEqual([["frozen", "For sent"]]);
    expect([client.handle, client.unsent]).toEqual([null, false]);
  });

  it("keeps the words when the person may no longer come in", async () => {
    const client = await cutOff(await opened());
    client.type("Efter fyringen");
    client.refuseTicket = 403;
    client.session.retry();
    await client.until(() => client.state?.refusals.length && !client.unsent);
    expect(client.state?.refusals.map(({ reason, text }) => [reason, text])).toEqual([["forbidden", "Efter fyringen"]]);
  });

  it("keeps what was typed when access ends before a slow disk has answered, and the page goes at once", async () => {
    const storage = new MemoryStorage();
    const kept = keptInMemory();
    const first = await cutOff(await opened(storage, kept));
    first.type("Efter fristen");
    await first.session.close();
    const load = storage.loadRange;
    let wake = () => {};
    const slow = new Promise<void>((resolve) => (wake = resolve));
    storage.loadRange = async (prefix) => (await slow, load(prefix));
    const second = new Client(handle.documentId, url, storage, kept);
    second.refuseTicket = 403;
    await second.session.start();
    await second.until(() => second.state?.connection.kind === "closed");
    const closed = second.session.close();
    wake();
    await closed;
    expect((await kept.refusals()).map(({ reason, text }) => [reason, text])).toEqual([["forbidden", "Efter fristen"]]);
    expect(second.unsent).toBe(false);
  });

  it("does not give up a copy whose words it could not keep", async () => {
    const storage = new MemoryStorage();
    const kept = keptInMemory();
    const client = await opened(storage, kept);
    const serverHeads = encodeHeads(A.getHeads(handle.doc()));
    for (const socket of server.clients) socket.removeAllListeners("message");
    client.type("Eneste eksemplar");
    await client.session.keepNow();
    const add = kept.addRefusal;
    kept.addRefusal = () => Promise.reject(new Error("the disk is full"));
    tell({ type: "agenda-reject", reason: "frozen", hashes: A.getHeads(client.handle!.doc()), serverHeads });
    await client.until(() => client.problems.length);
    expect([client.state?.refusals[0]?.text, client.unsent]).toEqual(["Eneste eksemplar", true]);
    client.problems = [];
    // The next time the words are still on the disk, are refused again, and this time kept.
    kept.addRefusal = add;
    await cutOff(client);
    const second = new Client(handle.documentId, url, storage, kept);
    clients.push(second);
    second.refuseTicket = 503;
    await second.session.start();
    await second.until(() => second.handle);
    expect(second.body).toBe("Eneste eksemplar");
  });

  it("refuses what was typed late even if the text comes from a slow disk, after the notice", async () => {
    const storage = new MemoryStorage();
    const kept = keptInMemory();
    const first = await cutOff(await opened(storage, kept));
    first.type("I tunnelen");
    await first.session.close();
    const heads = encodeHeads(A.getHeads(handle.doc()));
    // A server that has frozen takes nothing, and says so as soon as somebody comes.
    for (const listener of server.listeners("connection")) server.off("connection", listener as () => void);
    server.on("connection", (socket) => socket.once("message", () => greetFrozen(socket, heads)));
    const load = storage.loadRange;
    let wake = () => {};
    const slow = new Promise<void>((resolve) => (wake = resolve));
    storage.loadRange = async (prefix) => (await slow, load(prefix));
    const second = new Client(handle.documentId, url, storage, kept);
    clients.push(second);
    await second.session.start();
    await second.until(() => second.state?.frozen);
    await new Promise((resolve) => setTimeout(resolve, FREEZE_GRACE_MS + 100));
    wake();
    await second.until(() => second.state?.refusals.length);
    expect((await kept.refusals()).map(({ text }) => text)).toEqual(["I tunnelen"]);
    await second.until(() => second.tickets === 2 && second.state?.connection.kind === "online");
  });
});

/** The client has no way to the server and knows it. */
async function cutOff(client: Client): Promise<Client> {
  client.refuseTicket = 503;
  for (const socket of server.clients) socket.close(1001);
  await client.until(() => client.state?.connection.kind === "offline");
  return client;
}

function greetFrozen(socket: WebSocket, heads: readonly string[]): void {
  const metadata = { storageId: "s", isEphemeral: false };
  const to = { senderId: "server", targetId: "" };
  const said = [
    { type: "peer", ...to, peerMetadata: metadata, selectedProtocolVersion: "1" },
    { type: "agenda-frozen", ...to, documentId: handle.documentId, heads, by: "Sekretæren", at: 7 },
  ];
  for (const message of said) socket.send(cbor.encode(message));
}
