// Writes a section back as it was: a new edit by the person who asks, in a session that lives
// until the server has it. What is the same in both stays as it is, with its authors.

import * as A from "@automerge/automerge";
import { openDocument } from "../sync/open.ts";
import type { Place } from "../sync/place.ts";
import type { DocumentSession, ItemHandle, SessionState } from "../sync/session.ts";
import { readSection } from "./read.ts";
import type { Doc } from "./table-model.ts";
import { inChanges } from "./write-steps.ts";
import { writeSection } from "./write.ts";

/** `unreached`: nothing was written; `waiting`: it is kept in this browser and not at the server. */
export type Restored = "saved" | "refused" | "unreached" | "waiting";

export type RestoreWish = {
  user: string;
  place: Place;
  section: string;
  /** The document's heads at the moment that comes back. */
  heads: string[];
  /** Its heads when the person saw what would be changed: before they are here, the text here is an older one. */
  seen: string[];
};

/** How long the text may take to come, and the edit to be saved. */
const PATIENCE_MS = 15_000;

/** Whether the text here has come as far as what the person saw. */
export const hasCome = (doc: Doc, { heads, seen }: Pick<RestoreWish, "heads" | "seen">): boolean =>
  A.hasHeads(doc, heads) && A.hasHeads(doc, seen);

/** The earlier section written over the present one: one change, or a few where it is long. */
export function writeBack(handle: Pick<ItemHandle, "doc" | "change">, section: string, heads: string[]): void {
  const then = A.view(handle.doc(), heads) as Doc;
  const [now, earlier] = [readSection(handle.doc(), section), readSection(then, section)];
  const nothing = then.sections[section]?.nothing === true;
  inChanges((edit) => handle.change(edit), (target) => writeSection(target, section, now, earlier));
  if (handle.doc().sections[section]?.nothing === nothing) return;
  handle.change((doc) => {
    const value = doc.sections[section];
    if (value) value.nothing = nothing;
  });
}

/** Brings the section back; resolves when the server has it, has refused it, or does not answer. */
export async function restoreSection(wish: RestoreWish): Promise<Restored> {
  let session: DocumentSession | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Restored>((resolve, reject) => {
      const steps = new Steps(wish, resolve, reject);
      session = openDocument(wish.user, wish.place, {
        state: (state) => steps.state(state),
        document: (handle) => steps.document(handle),
        moved: () => resolve("refused"),
        greeted: () => {},
        problem: reject,
      });
      patience = setTimeout(() => steps.giveUp(), PATIENCE_MS);
      session.start().catch(reject);
    });
  } finally {
    clearTimeout(patience);
    await session?.close();
  }
}

/** First the text, then the edit, then the word of the server. */
class Steps {
  private handle: ItemHandle | null = null;
  private refusals: number | undefined;
  private online = false;
  /** Writing tells of itself while it goes on. */
  private writing = false;
  private written = false;

  constructor(
    private readonly wish: RestoreWish,
    private readonly resolve: (outcome: Restored) => void,
    private readonly reject: (thrown: unknown) => void,
  ) {}

  document(handle: ItemHandle | null): void {
    this.handle = handle;
    handle?.on("change", () => this.tryToWrite());
    this.tryToWrite();
  }

  state({ readOnly, refusals, pending, connection }: SessionState): void {
    this.online = connection.kind === "online";
    this.refusals ??= refusals.length;
    if (readOnly || refusals.length > this.refusals || connection.kind === "closed") this.end("refused");
    else if (this.written && pending === 0) this.end("saved");
    else this.tryToWrite();
  }

  /** Later, because this is told while the document takes in what came, and then it takes no edit. */
  private tryToWrite(): void {
    queueMicrotask(() => {
      if (this.online && !this.writing) this.write();
    });
  }

  giveUp(): void {
    this.end(this.written ? "waiting" : "unreached");
  }

  /** Nothing is written after the person was told what became of it. */
  private end(outcome: Restored): void {
    this.writing = true;
    this.resolve(outcome);
  }

  private write(): void {
    const { handle, wish } = this;
    if (!handle || !hasCome(handle.doc(), wish)) return;
    this.writing = true;
    try {
      const before = A.getHeads(handle.doc());
      writeBack(handle, wish.section, wish.heads);
      this.written = true;
      // It stood there already: there is nothing to wait for.
      if (A.getHeads(handle.doc()).join() === before.join()) this.end("saved");
    } catch (thrown) {
      this.reject(thrown);
    }
  }
}
