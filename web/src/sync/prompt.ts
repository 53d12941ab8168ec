// Sends an edit at once. automerge-repo lets 100 ms pass between two sends of one document and has
// no setting for that, but it answers whatever the server says immediately. So after an edit the
// server's last word is said to it once more, without the changes it brought: the protocol allows
// a message to come twice, and the answer is the edit. Nothing hidden is used; prompt.test.ts
// fails should a later version no longer answer.

import * as A from "@automerge/automerge";
import type { Message } from "@automerge/automerge-repo/slim";

/** The shortest time between two such answers; a key held down comes every 30 ms. */
const REST_MS = 15;

/** The message as it was, but without its changes: it then says only what the server has. */
export function withoutChanges(message: Message): Message {
  if (!message.data) return message;
  const said = A.decodeSyncMessage(message.data);
  return { ...message, data: A.encodeSyncMessage({ ...said, changes: [] }) } as Message;
}

/** What the server said last on this connection, to be said again. */
export class LastWord {
  private message: Message | null = null;
  private stripped = false;

  heard(message: Message): void {
    if (message.type !== "sync") return;
    this.message = message;
    this.stripped = false;
  }

  forget(): void {
    this.message = null;
  }

  again(): Message | null {
    if (this.message && !this.stripped) {
      this.message = withoutChanges(this.message);
      this.stripped = true;
    }
    return this.message;
  }
}

/** Runs `act` soon after each `ask`, but never twice within `REST_MS`. */
export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = false;

  constructor(private readonly act: () => void) {}

  ask(): void {
    this.asked = true;
    // Not within the keystroke: the screen comes first.
    this.timer ??= setTimeout(() => this.run(), 0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asked = false;
  }

  private run(): void {
    this.timer = undefined;
    if (!this.asked) return;
    this.asked = false;
    this.act();
    this.timer = setTimeout(() => this.run(), REST_MS);
  }
}
