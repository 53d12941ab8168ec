// The suggestions to one item on its page: whether one writes or suggests, one's own suggestion,
// those of others, and what is done with them.

import * as A from "@automerge/automerge";
import type { ItemSummary, Mode, SuggestionView } from "../api/types.ts";
import type { ItemRoom } from "../editor/room.ts";
import { inChanges } from "../editor/write-steps.ts";
import { t } from "../i18n/index.ts";
import type { LiveMeeting } from "../meeting/live.svelte.ts";
import type { Place } from "../sync/place.ts";
import type { ItemHandle } from "../sync/session.ts";
import { Draft } from "./draft.ts";
import { drawSuggestions } from "./draw.ts";
import type { Drawn } from "./draw.ts";
import { hunksBetween } from "./hunks.ts";
import type { Hunk } from "./hunks.ts";
import { OpenSuggestion } from "./open.svelte.ts";
import { revert } from "./revert.ts";

/** Changes that come close together are compared once. */
const COMPARE_AFTER_MS = 120;
/** A settled suggestion's last words may still be on their way; the server answers them. */
const CLOSE_AFTER_MS = 3_000;
/** Longest wait for what was taken back to be durable before it is accepted. */
const SAVED_LIMIT_MS = 15_000;
const SAVED_POLL_MS = 50;

export type DeskOptions = {
  user: { user: string; name: string };
  live: LiveMeeting;
  /** The page reports what went wrong. */
  report: (message: string, thrown: unknown) => void;
};

export class SuggestionDesk {
  mode = $state<Mode>("write");
  open = $state.raw<readonly OpenSuggestion[]>([]);
  draft = $state.raw<Draft | null>(null);
  draftHunks = $state.raw<readonly Hunk[]>([]);
  /** Words that are in no suggestion yet. */
  alone = $state(false);
  item = $state.raw() as ItemSummary;
  /** Whether suggestions are taken in now. */
  isOpen = $state(false);
  #case = $state.raw<ItemHandle | null>(null);
  #room: ItemRoom | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening = false;

  constructor(
    private readonly options: DeskOptions,
    item: ItemSummary,
    isOpen: boolean,
  ) {
    this.mode = item.suggesting.default_mode ?? "write";
    this.update(item, isOpen);
  }

  /** One's own suggestion, which one writes in. */
  readonly own = $derived(this.open.find((one) => this.isOwn(one.info)));
  readonly maySuggest = $derived(this.isOpen && this.item.suggesting.default_mode !== null);
  readonly mayWrite = $derived(this.item.suggesting.may_write);
  readonly suggests = $derived(this.mode === "suggest" && this.maySuggest);
  /** The text to write a suggestion in. */
  readonly handle = $derived(this.draft ? this.draft.handle : (this.own?.handle ?? null));
  /** The suggestions that one sees in the text of the case and may settle. */
  readonly others = $derived(this.mayWrite ? this.open.filter((one) => !this.suggests || one !== this.own) : []);

  /** The meeting was read again. */
  update(item: ItemSummary, isOpen: boolean): void {
    this.item = item;
    this.isOpen = isOpen;
    const known = new Map(this.open.map((one) => [one.document, one]));
    const wanted = item.suggesting.suggestions.filter((info) => info.state === "open" && (item.suggesting.may_write || this.isOwn(info)));
    const problem = (thrown: unknown) => this.options.report(t("editor.storageFailed"), thrown);
    this.open = wanted.map((info) => {
      const one = known.get(info.document) ?? new OpenSuggestion(this.options.user.user, this.place(info), info, () => this.changed(), problem);
      one.info = info;
      known.delete(info.document);
      return one;
    });
    for (const settled of known.values()) {
      setTimeout(() => settled.close(), CLOSE_AFTER_MS);
      if (this.isOwn(settled.info)) this.dropDraft();
    }
    this.changed();
  }

  /** The case's document; null while there is none. */
  setCase(handle: ItemHandle | null): void {
    const heard = () => this.changed();
    this.#case?.off("change", heard);
    this.#case = handle;
    handle?.on("change", heard);
    if (!this.draft?.isAlone) this.dropDraft();
    this.changed();
  }

  /** The text on the page. */
  setRoom(room: ItemRoom | undefined): void {
    this.#room = room;
    this.changed();
  }

  /** Gives who suggests a text to write in. */
  prepare(): void {
    if (!this.suggests || this.draft || !this.#case || this.own) return;
    this.draft = new Draft(this.#case, () => void this.begin());
  }

  setMode(mode: Mode): void {
    this.mode = mode;
    if (mode === "write" && !this.draft?.isAlone) this.dropDraft();
    this.changed();
  }

  /** Takes in what is ticked: the rest is taken back in the suggestion first. */
  async accept(one: OpenSuggestion): Promise<void> {
    const { handle, untaken } = one;
    if (!handle) return;
    if (untaken.length > 0) {
      inChanges((edit) => handle.change(edit), (target) => revert(target, untaken));
      one.left.clear();
      await this.saved(one);
    }
    const heads = A.getHeads(handle.doc());
    await this.options.live.run({ type: "accept_suggestion", suggestion: one.document, heads });
  }

  async reject(one: OpenSuggestion, reason: string): Promise<void> {
    await this.options.live.run({ type: "reject_suggestion", suggestion: one.document, reason });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.draft?.stop();
    this.open.forEach((one) => one.close());
  }

  /** Words that are in this page alone. */
  wouldLose(): boolean {
    return (this.draft?.isAlone ?? false) || this.open.some((one) => one.wouldLose());
  }

  private place({ document }: SuggestionView): Place {
    return { document, meeting: this.options.live.id, item: this.item.id, kind: "case", title: this.item.title };
  }

  private isOwn(info: SuggestionView): boolean {
    return info.author.user === this.options.user.user && !info.handed_over;
  }

  /** The first word was written: the server makes the suggestion's document. */
  private async begin(): Promise<void> {
    if (this.#opening || this.own) return;
    this.#opening = true;
    this.alone = true;
    try {
      await this.options.live.run({ type: "open_suggestion", item: this.item.id });
    } catch (thrown) {
      // Another window of the same person may have been first; else the words stay here and are seen.
      this.options.live.reload();
      if (!this.own) this.options.report(t("suggestion.notBegun"), thrown);
    } finally {
      this.#opening = false;
    }
  }

  private dropDraft(): void {
    this.draft?.stop();
    this.draft = null;
    this.draftHunks = [];
    this.alone = false;
  }

  private changed(): void {
    const suggestion = this.own?.handle;
    if (suggestion && this.draft) this.draft.join(suggestion);
    this.alone = this.draft?.isAlone ?? false;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.compare();
    }, COMPARE_AFTER_MS);
  }

  private compare(): void {
    const before = this.#case?.doc();
    if (!before) return;
    for (const one of this.open) {
      const after = (one === this.own && this.draft ? this.draft.handle : one.handle)?.doc();
      const hunks = after && hunksBetween({ before, after });
      if (hunks) one.hunks = hunks;
    }
    if (this.draft) this.draftHunks = hunksBetween({ before, after: this.draft.handle.doc() }) ?? this.draftHunks;
    this.draw();
  }

  private draw(): void {
    const own = this.draft ? this.draftHunks : (this.own?.hunks ?? []);
    const drawn: Drawn[] = this.suggests
      ? [{ hunks: own, author: this.options.user.name, side: "after" }]
      : this.others.map((one) => ({ hunks: one.hunks, author: one.info.author.name, side: "before" }));
    for (const view of this.#room?.shown.values() ?? [])
      view.decorate((state) => drawSuggestions(state, view.section, drawn));
  }

  private async saved(one: OpenSuggestion): Promise<void> {
    const end = Date.now() + SAVED_LIMIT_MS;
    do {
      if (Date.now() > end) throw new Error("what was taken back is not saved");
      await new Promise((resolve) => setTimeout(resolve, SAVED_POLL_MS));
    } while (one.status?.saved.kind !== "saved");
  }
}
