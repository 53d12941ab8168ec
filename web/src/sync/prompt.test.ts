// An edit leaves without the wait of automerge-repo. The clock stands still but for what a test
// lets pass, so that "at once" is no matter of speed.

import * as A from "@automerge/automerge";
import { NetworkAdapter, Repo } from "@automerge/automerge-repo";
import type { AutomergeUrl, DocumentId, Message, PeerId } from "@automerge/automerge-repo";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LastWord, Pace, withoutChanges } from "./prompt.ts";

type Text = { text: string };
const DOCUMENT = "4NMNnkMhL8jXrdJ9jamS58PAVdXu" as DocumentId;
const SERVER = "server" as PeerId;

/** A connection to a server that is played by the test. */
class PlayedServer extends NetworkAdapter {
  readonly sent: Message[] = [];
  override isReady = () => true;
  override whenReady = async () => {};
  override connect = (peerId: PeerId) => void (this.peerId = peerId);
  override disconnect = () => {};
  override send = (message: Message) => void this.sent.push(message);

  /** The server has `doc` and answers what came since the last time. */
  say(doc: A.Doc<Text>, state: A.SyncState): [A.Doc<Text>, A.SyncState] {
    for (const message of this.sent.splice(0)) {
      if (message.data) [doc, state] = A.receiveSyncMessage(doc, state, message.data);
    }
    const [next, data] = A.generateSyncMessage(doc, state);
    if (data) this.emit("message", this.wrapped(data));
    return [doc, next];
  }

  wrapped = (data: Uint8Array): Message => ({
    type: "sync",
    senderId: SERVER,
    targetId: this.peerId!,
    documentId: DOCUMENT,
    data,
  });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const insert = (text: string) => (doc: Text) => A.splice(doc, ["text"], 0, 0, text);
const hasChanges = (message: Message) => message.data && A.decodeSyncMessage(message.data).changes.length > 0;

it("sends an edit at once when it hears the server's last word again", async () => {
  const server = new PlayedServer();
  const repo = new Repo({ network: [server] });
  await vi.advanceTimersByTimeAsync(0);
  server.emit("peer-candidate", { peerId: SERVER, peerMetadata: {} });
  const found = repo.find<Text>(`automerge:${DOCUMENT}` as AutomergeUrl);
  let [doc, state] = [A.from<Text>({ text: "" }), A.initSyncState()];
  const last = new LastWord();
  server.on("message", (message) => last.heard(message as Message));
  for (let round = 0; round < 4; round++) {
    await vi.advanceTimersByTimeAsync(200);
    [doc, state] = server.say(doc, state);
  }
  const handle = await found;
  // The first edit after a pause leaves by itself; the second would wait.
  handle.change(insert("a"));
  await vi.advanceTimersByTimeAsync(0);
  expect(server.sent.filter(hasChanges).length).toBe(1);
  handle.change(insert("b"));
  await vi.advanceTimersByTimeAsync(0);
  expect(server.sent.filter(hasChanges).length).toBe(1);
  server.emit("message", last.again()!);
  await vi.advanceTimersByTimeAsync(0);
  expect(server.sent.filter(hasChanges).length).toBe(2);
  // And it says each change once: the wait that was pending finds nothing left to send.
  await vi.advanceTimersByTimeAsync(500);
  expect(server.sent.filter(hasChanges).length).toBe(2);
  [doc] = server.say(doc, state);
  expect(doc.text).toBe("ba");
});

it("repeats what the server has, without the changes it brought", () => {
  const doc = A.from<Text>({ text: "Hej" });
  const [, data] = A.generateSyncMessage(doc, A.initSyncState());
  const message = new PlayedServer().wrapped(data!);
  const change = A.getLastLocalChange(doc)!;
  const said = A.decodeSyncMessage(data!);
  const full = { ...message, data: A.encodeSyncMessage({ ...said, changes: [change] }) } as Message;
  const again = A.decodeSyncMessage(withoutChanges(full).data!);
  expect([again.heads, again.have.length, again.changes]).toEqual([A.getHeads(doc), said.have.length, []]);
});

it("says nothing before the server has spoken, nor after the connection is gone", () => {
  const last = new LastWord();
  expect(last.again()).toBeNull();
  const [, data] = A.generateSyncMessage(A.from<Text>({ text: "" }), A.initSyncState());
  last.heard(new PlayedServer().wrapped(data!));
  expect(last.again()).not.toBeNull();
  last.forget();
  expect(last.again()).toBeNull();
});

it("acts soon, rests, and forgets no request", async () => {
  let acted = 0;
  const pace = new Pace(() => acted++);
  pace.ask();
  pace.ask();
  expect(acted).toBe(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(acted).toBe(1);
  pace.ask();
  await vi.advanceTimersByTimeAsync(1);
  expect(acted).toBe(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(acted).toBe(2);
  pace.ask();
  pace.stop();
  await vi.advanceTimersByTimeAsync(100);
  expect(acted).toBe(2);
});
