// One open suggestion on the page: its document, what it changes, and which of its changes are
// to be taken in.

import { SvelteSet } from "svelte/reactivity";
import type { SuggestionView } from "../api/types.ts";
import { openDocument } from "../sync/open.ts";
import type { Place } from "../sync/place.ts";
import type { DocumentSession, ItemHandle, SessionState } from "../sync/session.ts";
import type { Hunk } from "./hunks.ts";

export class OpenSuggestion {
  info = $state.raw() as SuggestionView;
  handle = $state.raw<ItemHandle | null>(null);
  status = $state.raw<SessionState>();
  hunks = $state.raw<readonly Hunk[]>([]);
  /** The hunks that are not to be taken in. */
  readonly left = new SvelteSet<string>();
  private readonly session: DocumentSession;

  constructor(user: string, place: Place, info: SuggestionView, changed: () => void, problem: (thrown: unknown) => void) {
    this.info = info;
    this.session = openDocument(user, place, {
      state: (state) => (this.status = state),
      document: (handle) => {
        this.handle?.off("change", changed);
        this.handle = handle;
        handle?.on("change", changed);
        changed();
      },
      moved: () => {},
      greeted: () => {},
      problem,
    });
    void this.session.start();
  }

  get document(): string {
    return this.info.document;
  }

  /** The hunks that a person has ticked away. */
  get untaken(): Hunk[] {
    return this.hunks.filter(({ id }) => this.left.has(id));
  }

  retry(): void {
    this.session.retry();
  }

  cutOff(): void {
    this.session.cutOff();
  }

  keepNow(): Promise<void> {
    return this.session.keepNow();
  }

  wouldLose(): boolean {
    return this.session.wouldLose();
  }

  close(): void {
    void this.session.close();
  }
}
