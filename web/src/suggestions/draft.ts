// A suggestion that has not been begun: the person writes in a copy of the case at once, and with
// the first word the suggestion is opened. From then on the copy and its document are kept alike,
// so nobody waits and no word is lost on the way.

import * as A from "@automerge/automerge";
import { Repo } from "@automerge/automerge-repo";
import type { ItemDocument } from "../editor/table-model.ts";
import type { ItemHandle } from "../sync/session.ts";

export class Draft {
  readonly handle: ItemHandle;
  private stops: (() => void)[] = [];
  private suggestion: ItemHandle | null = null;

  constructor(
    private readonly original: ItemHandle,
    private readonly begun: () => void,
  ) {
    // Known to this page alone: it has no network and no disk.
    this.handle = new Repo({}).import<ItemDocument>(A.save(original.doc()));
    this.follow(original, this.handle);
    this.on(this.handle, () => {
      if (!this.suggestion && this.hasWords) this.begun();
    });
  }

  /** Something was written here that the case does not have. */
  get hasWords(): boolean {
    return !A.hasHeads(this.original.doc(), A.getHeads(this.handle.doc()));
  }

  /** Some of it is not in the suggestion's document yet. */
  get isAlone(): boolean {
    return this.hasWords && (!this.suggestion || !A.hasHeads(this.suggestion.doc(), A.getHeads(this.handle.doc())));
  }

  /** From here on the two documents are kept alike. */
  join(suggestion: ItemHandle): void {
    if (this.suggestion === suggestion) return;
    this.stop();
    this.suggestion = suggestion;
    this.follow(suggestion, this.handle);
    this.follow(this.handle, suggestion);
    this.handle.merge(suggestion);
    suggestion.merge(this.handle);
  }

  stop(): void {
    this.stops.forEach((stop) => stop());
    this.stops = [];
  }

  private follow(from: ItemHandle, to: ItemHandle): void {
    this.on(from, () => {
      if (!A.hasHeads(to.doc(), A.getHeads(from.doc()))) to.merge(from);
    });
  }

  private on(handle: ItemHandle, heard: () => void): void {
    handle.on("change", heard);
    this.stops.push(() => handle.off("change", heard));
  }
}
