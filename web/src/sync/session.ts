// One open document: its repo, its connection, what is saved, what was refused. The page gets
// a document to edit and a state to show; everything that can happen on the way is handled here.

import * as A from "@automerge/automerge";
import { Repo } from "@automerge/automerge-repo";
import type {
  AutomergeUrl,
  DocHandle,
  DocumentId,
  StorageAdapterInterface,
  StorageId,
} from "@automerge/automerge-repo";
import type { ItemDocument } from "../editor/table-model.ts";
import { TicketAdapter } from "./adapter.ts";
import { connecting } from "./connection.ts";
import type { CloseReason, ConnectionState } from "./connection.ts";
import { hexHeads } from "./heads.ts";
import type { Kept } from "./kept.ts";
import { StorageGate } from "./gate.ts";
import { Pace } from "./prompt.ts";
import { holdsAny, refusedText } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";
import { mergedHeads, pendingChanges, savedState } from "./saved.ts";
import type { Saved } from "./saved.ts";
import { noticeFrom } from "./wire.ts";
import type { Identity, RefusalReason, ServerNotice } from "./wire.ts";

export type ItemHandle = DocHandle<ItemDocument>;

export type SessionState = {
  connection: ConnectionState;
  saved: Saved;
  /** Edits that the server has not confirmed; null while nothing is known about it. */
  pending: number | null;
  /** Set once the agenda is frozen. `at`: milliseconds since 1970. */
  frozen: { by: string; at: number } | null;
  /** The server takes no edits from us: frozen, or not allowed. */
  readOnly: boolean;
  refusals: readonly Refusal[];
  /** Who is connected, by peer id, as the server says. */
  peers: Readonly<Record<string, Identity>>;
};

export type SessionEvents = {
  state: (state: SessionState) => void;
  /** The document to edit; null while there is none, as when a refused copy is replaced. */
  document: (handle: ItemHandle | null) => void;
  /** The agenda goes on elsewhere; `to` is the new document, or null if that is not known. */
  moved: (to: string | null) => void;
  /** Presence should be told again, because the server has just greeted us. */
  greeted: () => void;
  /** The browser would not keep something. */
  problem: (thrown: unknown) => void;
};

export type SessionOptions = {
  document: string;
  /** `careful`: what is written now must outlast a power cut. */
  storage: StorageAdapterInterface & { careful: boolean; close: () => Promise<void> };
  kept: Kept;
  /** Set as long as this browser holds edits that the server does not have. */
  unsent: { set: () => void; clear: () => void };
  ticketUrl: () => Promise<string>;
  /** Milliseconds since 1970. */
  now: () => number;
  events: SessionEvents;
};

/** After a freeze the server's own refusals come first; what is then still ours alone never got there. */
export const FREEZE_GRACE_MS = 2_000;
/** The server's heads are kept this long after they changed. */
const KEEP_HEADS_AFTER_MS = 200;

export class DocumentSession {
  private readonly id: DocumentId;
  private repo: Repo | null = null;
  private storage: StorageGate | null = null;
  private adapter: TicketAdapter | null = null;
  private handle: ItemHandle | null = null;
  private storageId: StorageId | undefined;
  /** What the server is known to have, as hex hashes. */
  private confirmed: A.Heads = [];
  /** How many edits waited for the server when it was last told. */
  private told: number | null = null;
  /** What the server has said last that it has. This copy may not have all of it yet. */
  private named: A.Heads = [];
  private connection: ConnectionState = connecting;
  private frozen: SessionState["frozen"] = null;
  private frozenHeads: A.Heads = [];
  private readOnly = false;
  private refusals: readonly Refusal[] = [];
  private peers: Record<string, Identity> = {};
  /** What the copy held when it was opened, for when nothing is known of the server. */
  private openedAt: A.Heads = [];
  /** The replacement of a refused copy, while it is under way. */
  private reset: Promise<void> | null = null;
  private ended = false;
  private tellLooked = () => {};
  /** Resolves when it is known what this computer has of the document. */
  private readonly looked = new Promise<void>((resolve) => (this.tellLooked = resolve));
  /** What is done when the connection is over for good, while it is under way. */
  private ending: Promise<void> = Promise.resolve();
  private tellClosed = () => {};
  /** Resolves when `close` is done: nothing is written to the disk any more. */
  readonly closed = new Promise<void>((resolve) => (this.tellClosed = resolve));
  private readonly sending = new Pace(() => this.sendNow());
  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private freezeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SessionOptions) {
    this.id = options.document as DocumentId;
  }

  /** Reads what was kept and opens the document: from this browser at once, from the server when it answers. */
  async start(): Promise<void> {
    this.options.kept.onRefusals(() => void this.readRefusals());
    try {
      this.confirmed = await this.options.kept.serverHeads();
    } catch (thrown) {
      this.options.events.problem(thrown);
    }
    await this.readRefusals();
    if (!this.ended) this.open();
  }

  /** Connect now rather than after the wait. */
  retry(): void {
    this.adapter?.dispatch({ type: "retry" });
  }

  /** The browser is off the net. The socket would not notice for minutes. */
  cutOff(): void {
    this.adapter?.cutOff();
  }

  /** Whether something was typed that is neither at the server nor on this computer's disk. */
  wouldLose(): boolean {
    if (!this.handle || !this.storage) return false;
    return pendingChanges(this.handle.doc(), [...this.confirmed, ...this.storage.stored]) > 0;
  }

  /** Writes to the disk now what would be written in a moment: the page may be about to go. */
  async keepNow(): Promise<void> {
    try {
      if (this.repo && this.handle) await this.repo.flush([this.id]);
      if (this.confirmed.length > 0) await this.options.kept.putServerHeads(this.confirmed);
    } catch (thrown) {
      this.options.events.problem(thrown);
    }
  }

  /** Ends the connection; what was typed is on the browser's disk when this resolves. */
  async close(): Promise<void> {
    this.ended = true;
    clearTimeout(this.freezeTimer);
    clearTimeout(this.keepTimer);
    await this.ending;
    await this.reset;
    try {
      await this.closeRepo();
    } finally {
      await this.options.kept.close();
      await this.options.storage.close();
      this.tellClosed();
    }
  }

  private async readRefusals(): Promise<void> {
    try {
      this.refusals = await this.options.kept.refusals();
    } catch (thrown) {
      this.options.events.problem(thrown);
    }
    this.tell();
  }

  private open(): void {
    const adapter = new TicketAdapter({
      ticketUrl: this.options.ticketUrl,
      onState: (state) => this.connected(adapter, state),
      onMessage: (message) => this.received(noticeFrom(message, this.id)),
      onGreeting: (_, metadata) => (this.storageId = metadata.storageId),
    });
    const held = () => (this.handle ? A.getHeads(this.handle.doc()) : []);
    const storage = new StorageGate(this.options.storage, held, this.options.events.problem);
    const repo = new Repo({ network: [adapter], storage });
    this.storage = storage;
    this.adapter = adapter;
    this.repo = repo;
    this.find(repo).catch((thrown: unknown) => {
      this.tellLooked();
      if (this.repo === repo) this.options.events.problem(thrown);
    });
  }

  private async find(repo: Repo): Promise<void> {
    const url = `automerge:${this.id}` as AutomergeUrl;
    const handle = await repo.find<ItemDocument>(url, {
      allowableStates: ["ready", "requesting", "unavailable"],
    });
    if (!handle.isReady()) this.tellLooked();
    while (!handle.isReady() && this.repo === repo) {
      await settled(handle);
      if (handle.isUnavailable() && this.connection.kind === "online")
        this.adapter?.dispatch({ type: "unavailable" });
      if (this.connection.kind === "closed") return;
    }
    if (this.repo !== repo || !this.storage) return;
    this.handle = handle;
    // Nobody has typed yet: all of it came from the disk or from the server.
    this.openedAt = A.getHeads(handle.doc());
    this.storage.stored = this.openedAt;
    handle.on("heads-changed", () => this.edited());
    handle.on("remote-heads", ({ storageId, heads }) => {
      if (storageId !== this.storageId) return;
      // The changes that came with them are not in the document yet.
      this.named = hexHeads(heads);
      queueMicrotask(() => this.confirm());
    });
    this.options.events.document(handle);
    // The server may have told what it has before there was anybody to hear it.
    const told = this.storageId && handle.getSyncInfo(this.storageId);
    if (told) this.named = hexHeads(told.lastHeads);
    this.confirm();
    // Nor was there anything to be refused when the server told of the freeze.
    if (this.frozen) this.afterFreeze();
    this.tellLooked();
  }

  /** Told at once: not for one frame may the screen say "saved" of words that are not. */
  private edited(): void {
    this.confirm();
    this.sending.ask();
  }

  private sendNow(): void {
    if (!this.readOnly && (this.told ?? 0) > 0) this.adapter?.prompt();
  }

  private connected(adapter: TicketAdapter, state: ConnectionState): void {
    if (this.adapter !== adapter) return;
    this.connection = state;
    this.options.storage.careful = state.kind !== "online";
    if (state.kind === "online") this.options.events.greeted();
    else this.peers = {};
    if (state.kind === "closed") this.ending = this.over(state.reason);
    this.tell();
  }

  /** The connection is over for good: what was not sent will never be taken in here. */
  private async over(reason: CloseReason): Promise<void> {
    await this.looked;
    if (reason === "moved") await this.leaveFor(null);
    else if (reason === "forbidden" || reason === "missing") await this.keepPending("forbidden");
  }

  private received(notice: ServerNotice | null): void {
    switch (notice?.type) {
      case "agenda-reject":
        // A second notice for what a reset already took away says nothing new.
        if (this.handle && holdsAny(this.handle.doc(), notice.hashes))
          void this.refuse(notice.reason, hexHeads(notice.serverHeads), true);
        break;
      case "agenda-frozen":
        this.frozen = { by: notice.by, at: notice.at };
        this.frozenHeads = hexHeads(notice.heads);
        this.readOnly = true;
        this.afterFreeze();
        break;
      case "agenda-moved":
        void this.leaveFor(notice.to || null);
        break;
      case "peer-identity":
        this.peers = notice.peers;
        break;
    }
    if (notice) this.tell();
  }

  /** Edits that the server never saw, because it was frozen before we could send them, are refused here. */
  private afterFreeze(): void {
    clearTimeout(this.freezeTimer);
    this.freezeTimer = setTimeout(() => {
      if (!this.handle || this.connection.kind !== "online") return;
      if (!A.hasHeads(this.handle.doc(), this.frozenHeads)) this.afterFreeze();
      else if (pendingChanges(this.handle.doc(), this.frozenHeads) > 0)
        void this.refuse("frozen", this.frozenHeads, true);
    }, FREEZE_GRACE_MS);
  }

  /** The text goes on in another document, where what was not sent has no place: it was too late for the freeze. */
  private async leaveFor(to: string | null): Promise<void> {
    await this.keepPending("frozen");
    if (!this.ended) this.options.events.moved(to);
  }

  private async keepPending(reason: RefusalReason): Promise<void> {
    if (this.reset) await this.reset;
    if ((this.pending() ?? 0) > 0) await this.refuse(reason, this.confirmed, false);
  }

  /** Keeps the person's words, then gives this copy up and, with `reopen`, takes the server's. */
  private refuse(reason: RefusalReason, serverHeads: A.Heads, reopen: boolean): Promise<void> {
    if (!this.reset && this.handle) {
      const doc = this.handle.doc();
      const base = mergedHeads(doc, this.confirmed, serverHeads);
      const [id, at] = [crypto.randomUUID(), this.options.now()];
      const refusal = { id, at, reason, text: refusedText(doc, base), bytes: A.save(doc) };
      // A copy that came back from the disk is refused again; its words are kept already.
      const again = this.refusals.some((kept) => kept.reason === reason && kept.text === refusal.text);
      if (!again) this.refusals = [...this.refusals, refusal];
      if (reason === "frozen" || reason === "forbidden") this.readOnly = true;
      this.reset = this.giveUp(again ? null : refusal, reopen);
    }
    return this.reset ?? Promise.resolve();
  }

  private async giveUp(refusal: Refusal | null, reopen: boolean): Promise<void> {
    // From here on nobody types into the copy that goes away.
    this.options.events.document(null);
    this.tell();
    try {
      // The words first: until they are kept, the copy is all that there is of them.
      if (refusal) await this.options.kept.addRefusal(refusal);
      await this.closeRepo();
      await this.options.storage.removeRange([this.id]);
    } catch (thrown) {
      // With the refused copy still on disk it would be sent, and refused, again and again.
      this.options.events.problem(thrown);
      return;
    }
    this.options.unsent.clear();
    this.reset = null;
    this.tell();
    if (!this.ended && reopen) this.open();
  }

  /** Works out anew what the server has of this copy, and tells it. */
  private confirm(): void {
    // Most often it is one's own key, and the server has said nothing new.
    if (this.handle && this.named.length > 0 && String(this.named) !== String(this.confirmed)) {
      const before = this.confirmed;
      this.confirmed = mergedHeads(this.handle.doc(), before, this.named);
      if (String(before) !== String(this.confirmed)) this.keepConfirmed(before.length === 0);
    }
    this.tell();
  }

  private keepConfirmed(first: boolean): void {
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(
      () => this.options.kept.putServerHeads(this.confirmed).catch(this.options.events.problem),
      first ? 0 : KEEP_HEADS_AFTER_MS,
    );
  }

  /** How many edits the server does not have, as far as is known; null when nothing is known. */
  private pending(): number | null {
    if (!this.handle) return null;
    const doc = this.handle.doc();
    if (this.confirmed.length > 0) return pendingChanges(doc, this.confirmed);
    return pendingChanges(doc, this.openedAt) || null;
  }

  private tell(): void {
    if (this.ended) return;
    const { connection, frozen, readOnly, refusals, peers } = this;
    const pending = (this.told = this.pending());
    if (pending === 0) this.options.unsent.clear();
    else if (pending !== null) this.options.unsent.set();
    const saved = savedState({ pending, connection: connection.kind, refused: refusals.length });
    this.options.events.state({ connection, saved, pending, frozen, readOnly, refusals, peers });
  }

  private async closeRepo(): Promise<void> {
    const { repo, handle, adapter, storage } = this;
    this.repo = null;
    this.storage = null;
    this.handle = null;
    this.adapter = null;
    this.sending.stop();
    adapter?.disconnect();
    handle?.removeAllListeners("remote-heads");
    try {
      if (repo && handle?.isReady()) await repo.flush([this.id]);
    } finally {
      storage?.shut();
    }
  }
}

/** Resolves when the document is there or the repo has given up waiting; then it is asked again. */
async function settled(handle: ItemHandle): Promise<void> {
  try {
    await handle.whenReady(handle.isUnavailable() ? ["ready"] : ["ready", "unavailable"]);
  } catch {
    // The repo gives up after a minute. A person offline may wait longer; the sync revives the handle.
  }
}
