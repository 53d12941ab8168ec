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
import type { ConnectionState } from "./connection.ts";
import { hexHeads } from "./heads.ts";
import type { Kept } from "./kept.ts";
import { StorageGate } from "./gate.ts";
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
  storage: StorageAdapterInterface;
  kept: Kept;
  ticketUrl: () => Promise<string>;
  /** Milliseconds since 1970. */
  now: () => number;
  events: SessionEvents;
};

/** After a freeze the server's own refusals come first; what is then still ours alone never got there. */
const FREEZE_GRACE_MS = 2_000;
/** The server's heads are kept this long after they changed. */
const KEEP_HEADS_AFTER_MS = 500;

export class DocumentSession {
  private readonly id: DocumentId;
  private repo: Repo | null = null;
  private storage: StorageGate | null = null;
  private adapter: TicketAdapter | null = null;
  private handle: ItemHandle | null = null;
  private storageId: StorageId | undefined;
  /** What the server is known to have, as hex hashes. */
  private confirmed: A.Heads = [];
  private connection: ConnectionState = connecting;
  private frozen: SessionState["frozen"] = null;
  private readOnly = false;
  private refusals: readonly Refusal[] = [];
  private peers: Record<string, Identity> = {};
  private resetting = false;
  private ended = false;
  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private freezeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SessionOptions) {
    this.id = options.document as DocumentId;
  }

  /** Reads what was kept and opens the document: from this browser at once, from the server when it answers. */
  async start(): Promise<void> {
    try {
      this.refusals = await this.options.kept.refusals();
      this.confirmed = await this.options.kept.serverHeads();
    } catch (thrown) {
      this.options.events.problem(thrown);
    }
    if (!this.ended) this.open();
  }

  /** Connect now rather than after the wait. */
  retry(): void {
    this.adapter?.dispatch({ type: "retry" });
  }

  /** The browser is off the net. The socket would not notice for minutes. */
  cutOff(): void {
    this.adapter?.cutOff()
  }

  async dismiss(refusal: string): Promise<void> {
    this.refusals = this.refusals.filter((kept) => kept.id !== refusal);
    this.tell();
    await this.keepRefusals();
  }

  /** Ends the connection; what was typed is on the browser's disk when this resolves. */
  async close(): Promise<void> {
    this.ended = true;
    clearTimeout(this.freezeTimer);
    await this.closeRepo();
  }

  private open(): void {
    const adapter = new TicketAdapter({
      ticketUrl: this.options.ticketUrl,
      onState: (state) => this.connected(adapter, state),
      onMessage: (message) => this.received(noticeFrom(message, this.id)),
      onGreeting: (_, metadata) => (this.storageId = metadata.storageId),
    });
    const storage = new StorageGate(this.options.storage);
    const repo = new Repo({ network: [adapter], storage });
    this.storage = storage;
    this.adapter = adapter;
    this.repo = repo;
    this.find(repo).catch((thrown: unknown) => {
      if (this.repo === repo) this.options.events.problem(thrown);
    });
  }

  private async find(repo: Repo): Promise<void> {
    const url = `automerge:${this.id}` as AutomergeUrl;
    const handle = await repo.find<ItemDocument>(url, {
      allowableStates: ["ready", "requesting", "unavailable"],
    });
    while (!handle.isReady() && this.repo === repo) {
      await settled(handle);
      if (handle.isUnavailable() && this.connection.kind === "online")
        this.adapter?.dispatch({ type: "unavailable" });
      if (this.connection.kind === "closed") return;
    }
    if (this.repo !== repo) return;
    this.handle = handle;
    handle.on("heads-changed", () => this.later());
    handle.on("remote-heads", ({ storageId, heads }) => {
      if (storageId === this.storageId) queueMicrotask(() => this.confirm(hexHeads(heads)));
    });
    this.options.events.document(handle);
    // The server may have told what it has before there was anybody to hear it.
    const told = this.storageId && handle.getSyncInfo(this.storageId);
    if (told) this.confirm(hexHeads(told.lastHeads));
    else this.tell();
  }

  private connected(adapter: TicketAdapter, state: ConnectionState): void {
    if (this.adapter !== adapter) return;
    this.connection = state;
    if (state.kind === "online") this.options.events.greeted();
    else this.peers = {};
    if (state.kind === "closed" && state.reason === "moved") this.options.events.moved(null);
    this.tell();
  }

  private received(notice: ServerNotice | null): void {
    switch (notice?.type) {
      case "agenda-reject":
        // A second notice for what a reset already took away says nothing new.
        if (this.handle && holdsAny(this.handle.doc(), notice.hashes))
          void this.refuse(notice.reason, hexHeads(notice.serverHeads));
        break;
      case "agenda-frozen":
        this.frozen = { by: notice.by, at: notice.at };
        this.readOnly = true;
        this.afterFreeze(hexHeads(notice.heads));
        break;
      case "agenda-moved":
        this.options.events.moved(notice.to || null);
        break;
      case "peer-identity":
        this.peers = notice.peers;
        break;
    }
    if (notice) this.tell();
  }

  /** Edits that the server never saw, because it was frozen before we could send them, are refused here. */
  private afterFreeze(heads: A.Heads): void {
    clearTimeout(this.freezeTimer);
    this.freezeTimer = setTimeout(() => {
      if (!this.handle || this.connection.kind !== "online") return;
      if (!A.hasHeads(this.handle.doc(), heads)) this.afterFreeze(heads);
      else if (pendingChanges(this.handle.doc(), heads) > 0) void this.refuse("frozen", heads);
    }, FREEZE_GRACE_MS);
  }

  /** Keeps the person's words first, then replaces this copy by the server's. */
  private async refuse(reason: RefusalReason, serverHeads: A.Heads): Promise<void> {
    if (this.resetting || !this.handle) return;
    this.resetting = true;
    const doc = this.handle.doc();
    const base = mergedHeads(doc, this.confirmed, serverHeads);
    const refusal = {
      id: crypto.randomUUID(),
      at: this.options.now(),
      reason,
      text: refusedText(doc, base),
      bytes: A.save(doc),
    };
    this.refusals = [...this.refusals, refusal];
    if (reason === "frozen" || reason === "forbidden") this.readOnly = true;
    // From here on nobody types into the copy that goes away.
    this.options.events.document(null);
    this.tell();
    try {
      await this.keepRefusals();
      await this.closeRepo();
      await this.options.storage.removeRange([this.id]);
    } catch (thrown) {
      // With the refused copy still on disk it would be sent, and refused, again and again.
      this.options.events.problem(thrown);
      return;
    }
    this.resetting = false;
    if (!this.ended) this.open();
  }

  private async keepRefusals(): Promise<void> {
    try {
      await this.options.kept.putRefusals(this.refusals);
    } catch (thrown) {
      this.options.events.problem(thrown);
    }
  }

  private confirm(named: A.Heads): void {
    if (!this.handle) return;
    this.confirmed = mergedHeads(this.handle.doc(), this.confirmed, named);
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => {
      this.options.kept.putServerHeads(this.confirmed).catch(this.options.events.problem);
    }, KEEP_HEADS_AFTER_MS);
    this.tell();
  }

  private later(): void {
    queueMicrotask(() => this.tell());
  }

  private tell(): void {
    if (this.ended) return;
    const { connection, frozen, readOnly, refusals, peers } = this;
    const pending =
      this.handle && this.confirmed.length > 0 ? pendingChanges(this.handle.doc(), this.confirmed) : null;
    const saved = savedState({ pending, connection: connection.kind, refused: refusals.length });
    this.options.events.state({ connection, saved, pending, frozen, readOnly, refusals, peers });
  }

  private async closeRepo(): Promise<void> {
    const { repo, handle, adapter, storage } = this;
    this.repo = null;
    this.storage = null;
    this.handle = null;
    this.adapter = null;
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
