// Comments that are begun but not sent, kept in this window of the browser, so that neither a
// failed send nor a reload loses a word. They go with the window.
import type { CommentAnchor } from "../api/types.ts";

/** `mentions`: those who were chosen by "@", by user and name. */
export type Draft = { text: string; anchor: CommentAnchor | null; mentions: { user: string; name: string }[] };

export const EMPTY: Draft = { text: "", anchor: null, mentions: [] };

export class Drafts {
  readonly #prefix: string;

  constructor(user: string, item: string) {
    this.#prefix = `dagsorden:comment:${user}:${item}:`;
  }

  /** The draft in a place; null if nothing was begun there. */
  read(place: string): Draft | null {
    try {
      const kept = sessionStorage.getItem(this.#prefix + place);
      return kept === null ? null : ({ ...EMPTY, ...JSON.parse(kept) } as Draft);
    } catch (thrown) {
      console.error("a kept draft cannot be read", thrown);
      return null;
    }
  }

  keep(place: string, draft: Draft): void {
    try {
      sessionStorage.setItem(this.#prefix + place, JSON.stringify(draft));
    } catch (thrown) {
      // A full or closed store: the words are still in the field.
      console.error("a draft cannot be kept", thrown);
    }
  }

  drop(place: string): void {
    try {
      sessionStorage.removeItem(this.#prefix + place);
    } catch (thrown) {
      console.error("a draft cannot be removed", thrown);
    }
  }
}
