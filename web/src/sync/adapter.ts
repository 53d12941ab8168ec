// The network adapter of one document: the stock WebSocket adapter, made anew with a new ticket
// for every connection, because a ticket is part of the address and works once.

import { NetworkAdapter } from "@automerge/automerge-repo/slim";
import type { Message, PeerId, PeerMetadata } from "@automerge/automerge-repo/slim";
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket";
import { connecting, reduce } from "./connection.ts";
import type { ConnectionEvent, ConnectionState } from "./connection.ts";
import { LastWord } from "./prompt.ts";
import { TicketRefused } from "./ticket.ts";

/** The stock adapter would retry with the old ticket; this is as late as a timer can be. */
const NEVER_MS = 2 ** 31 - 1;
/** Waits differ by up to this share, so that not all come back in the same second. */
const JITTER = 0.3;
/** A server that has not greeted by then is not there. */
const GREETING_LIMIT_MS = 15_000;
/** `WebSocket.OPEN`, which is no global where the tests run. */
const OPEN = 1;
/** The close code of a connection that was never closed properly. */
const CLOSED_ABNORMALLY = 1006;

export type AdapterOptions = {
  /** The address for one connection; throws `TicketRefused`. */
  ticketUrl: () => Promise<string>;
  onState: (state: ConnectionState) => void;
  /** Every message that arrives, the server's own notices among them. */
  onMessage: (message: unknown) => void;
  /** The server's name for what it has stored, from its greeting. */
  onGreeting: (peer: PeerId, metadata: PeerMetadata) => void;
};

export class TicketAdapter extends NetworkAdapter {
  private state: ConnectionState = connecting;
  private inner: WebSocketClientAdapter | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private greeted!: () => void;
  private readonly firstGreeting = new Promise<void>((resolve) => (this.greeted = resolve));
  private everGreeted = false;
  private readonly lastWord = new LastWord();

  constructor(private readonly options: AdapterOptions) {
    super();
  }

  /** Ready means that the server has greeted: only then does `find` know whom to ask. */
  override isReady = (): boolean => this.everGreeted;
  override whenReady = (): Promise<void> => this.firstGreeting;

  override connect(peerId: PeerId, peerMetadata?: PeerMetadata): void {
    this.peerId = peerId;
    this.peerMetadata = peerMetadata ?? {};
    this.options.onState(this.state);
    void this.open();
  }

  override send(message: Message): void {
    // Between two connections nothing is lost: the next greeting starts the sync from what the server has.
    if (this.inner?.socket?.readyState === OPEN)
      this.inner.send(message as Parameters<WebSocketClientAdapter["send"]>[0]);
  }

  override disconnect(): void {
    this.dispatch({ type: "left" });
    this.drop();
  }

  /** Gives up a socket that no longer leads anywhere. */
  cutOff(): void {
    if (this.inner) this.lost(this.inner, CLOSED_ABNORMALLY);
  }

  /** Has the repo send what it has not sent yet, without its usual wait. */
  prompt(): void {
    const message = this.lastWord.again();
    if (message) this.emit("message", message);
  }

  /** Tells what happened; the one way in which the state changes. */
  dispatch(event: ConnectionEvent): void {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state === before) return;
    this.options.onState(this.state);
    this.follow();
  }

  private follow(): void {
    clearTimeout(this.timer);
    if (this.state.kind === "connecting") void this.open();
    if (this.state.kind === "closed") this.drop();
    if (this.state.kind !== "offline") return;
    const waitMs = this.state.waitMs * (1 + Math.random() * JITTER);
    this.timer = setTimeout(() => this.dispatch({ type: "retry" }), waitMs);
  }

  private async open(): Promise<void> {
    const attempt = this.state;
    this.drop();
    try {
      const url = await this.options.ticketUrl();
      // While we asked, the person may have left or a later attempt begun.
      if (this.state === attempt) this.connectTo(url);
    } catch (thrown) {
      const status = thrown instanceof TicketRefused ? thrown.status : 0;
      if (this.state === attempt) this.dispatch({ type: "ticket_refused", status });
    }
  }

  private connectTo(url: string): void {
    const inner = new WebSocketClientAdapter(url, NEVER_MS);
    this.inner = inner;
    inner.on("peer-candidate", ({ peerId, peerMetadata }) => {
      this.options.onGreeting(peerId, peerMetadata);
      this.emit("peer-candidate", { peerId, peerMetadata });
      this.everGreeted = true;
      this.greeted();
      this.dispatch({ type: "greeted" });
    });
    inner.on("peer-disconnected", (payload) => this.emit("peer-disconnected", payload));
    inner.on("message", (message) => {
      this.lastWord.heard(message);
      this.emit("message", message);
      this.options.onMessage(message);
    });
    inner.connect(this.peerId!, this.peerMetadata);
    inner.socket?.addEventListener("close", (event: { code: number }) => this.lost(inner, event.code));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lost(inner, CLOSED_ABNORMALLY), GREETING_LIMIT_MS);
  }

  private lost(inner: WebSocketClientAdapter, code: number): void {
    if (this.inner !== inner) return;
    this.drop();
    this.dispatch({ type: "socket_closed", code });
  }

  private drop(): void {
    const inner = this.inner;
    this.inner = null;
    this.lastWord.forget();
    if (!inner) return;
    // Also stops the stock adapter's own timer, and tells the repo that the peer is gone.
    inner.disconnect();
    inner.removeAllListeners();
  }
}
