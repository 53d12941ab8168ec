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
import type { ItemDocument } from "../editor/table-model.ts";
import { keptInMemory } from "./kept.ts";
import { DocumentSession } from "./session.ts";
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
  private readonly under = (prefix: string[]) =>
    [...this.chunks.keys()].filter((name) => name.startsWith(this.name(prefix)));
}

class Client {
  state: SessionState | undefined;
  handle: ItemHandle | null = null;
  moved = 0;
  tickets = 0;
  refuseTicket = 0;
  private waiting: (() => void)[] = [];
  readonly session: DocumentSession;

  constructor(document: string, url: string, storage = new MemoryStorage(), kept = keptInMemory()) {
    this.session = new DocumentSession({
      document,
      storage,
      kept,
      now: () => 0,
      ticketUrl: async () => {
        this.tickets++;
        if (this.refuseTicket) throw new TicketRefused(this.refuseTicket);
        return url;
      },
      events: {
        state: (state) => this.told(() => (this.state = state)),
        document: (handle) => this.told(() => (this.handle = handle)),
        moved: () => this.told(() => this.moved++),
        greeted: () => {},
        problem: (thrown) => {
          throw thrown;
        },
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
    const client = await opened();
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
    await client.session.dismiss(client.state!.refusals[0]!.id);
    await client.until(() => client.state?.refusals.length === 0);
  });
});
