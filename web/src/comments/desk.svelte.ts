// The comments on one text of an item, on the page: which are shown, which one is looked at, the
// one that is being written, and where in the text their words are now.
import { tick, untrack } from "svelte";
import type { Plugin } from "prosemirror-state";
import { TextSelection } from "prosemirror-state";
import type { CommentAnchor, DocumentKind, Thread } from "../api/types.ts";
import { toPosition } from "../editor/positions.ts";
import type { Doc } from "../editor/table-model.ts";
import type { SectionView } from "../editor/view.ts";
import { t } from "../i18n/index.ts";
import { announce } from "../ui/announcer.svelte.ts";
import { tieTo, wordsOf } from "./anchor.ts";
import { EMPTY } from "./drafts.ts";
import type { Draft } from "./drafts.ts";
import type { ItemComments } from "./item-comments.svelte.ts";
import { drawMarks, markPlugin, threadsAt } from "./marks.ts";
import type { Look, Mark } from "./marks.ts";
import { meantWords, selectedWords } from "./selection.ts";
import { EVERYTHING_OPEN, filtered, inOrder, threadElementId, threadsOf } from "./threads.ts";
import type { Filter, Place } from "./threads.ts";

/** After a change of the text the words are looked up again this much later; until then marks move with it. */
const LOOK_AGAIN_MS = 300;
/** Names the comment that is being written among the marks. */
const PENDING = "pending";

/** The text on the page. */
export type CommentedText = {
  views: () => readonly SectionView[];
  /** Sees to it that a section can be seen, as when the reader has chosen to see less. */
  reveal: (section: string) => Promise<void>;
};

export class CommentDesk {
  filter = $state<Filter>({ ...EVERYTHING_OPEN });
  /** The thread that the caret or the focus is in. */
  active = $state<string | null>(null);
  /** The new comment that is being written; its words are the composer's. */
  draft = $state.raw<Draft | null>(null);
  /** Where the words of each thread are; the words of others are gone. */
  places = $state.raw<ReadonlyMap<string, Place>>(new Map());
  /** Whether the text was looked through: before that nothing is known to be gone. */
  placed = $state(false);
  readonly all = $derived.by(() => threadsOf(this.comments.threads, this.document));
  readonly #filtered = $derived.by(() => filtered(this.all, this.filter, this.comments.me, (id) => this.comments.drafts.read(id) !== null));
  readonly shown = $derived.by(() => inOrder(this.#filtered, this.places));
  readonly may = $derived.by(() => this.comments.mayComment(this.document));
  readonly #text: CommentedText;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The text that the caret was in last. */
  #last: SectionView | undefined;

  constructor(
    readonly comments: ItemComments,
    readonly document: DocumentKind,
    text: CommentedText,
  ) {
    this.#text = text;
    this.draft = comments.drafts.read(this.newPlace);
  }

  /** Where the draft of a new comment on this text is kept. */
  get newPlace(): string {
    return `new-${this.document}`;
  }

  /** What every section's text needs for its comments. */
  plugin = (): Plugin =>
    markPlugin({
      comment: () => this.begin(this.#last, "meant"),
      entered: (threads) => (this.active = threads[0] ?? null),
      changed: this.later,
    });

  /** The caret is in this text now. */
  focused(view: SectionView): void {
    this.#last = view;
  }

  /** The text changed, or is there now: soon the words are looked up again. */
  later = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.redraw();
    }, LOOK_AGAIN_MS);
  };

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Begins a comment on the words that are selected, or (`meant`) those at the caret. */
  begin(view: SectionView | undefined, how: "selected" | "meant"): void {
    if (!this.may) return announce(t("comments.readOnly"));
    const state = view?.view.state;
    const here = state?.selection.empty && how === "meant" ? threadsAt(state, state.selection.head)[0] : undefined;
    if (here) return void this.goToThread(here);
    if (this.comments.drafts.read(this.newPlace)?.text.trim()) announce(t("comments.unsent"));
    else this.#start(view, how);
    void this.#focus(`${this.newPlace}-field`);
  }

  #start(view: SectionView | undefined, how: "selected" | "meant"): void {
    const words = view && (how === "meant" ? meantWords(view.view.state) : selectedWords(view.view.state));
    let anchor: CommentAnchor | null = null;
    if (view && words) {
      const [from, to] = [view.placeInText(words.from), view.placeInText(words.to)];
      anchor = tieTo(view.sharedDoc(), { from, to }, words.quote);
      if (!anchor) announce(t("comments.noWords"));
    }
    this.draft = { ...EMPTY, anchor };
    this.comments.drafts.keep(this.newPlace, this.draft);
  }

  /** Makes the comment that is being written one about the whole text. */
  aboutWhole(): void {
    const kept = this.comments.drafts.read(this.newPlace) ?? EMPTY;
    this.draft = { ...kept, anchor: null };
    this.comments.drafts.keep(this.newPlace, this.draft);
  }

  /** The new comment was sent, or given up. */
  end(): void {
    this.comments.drafts.drop(this.newPlace);
    this.draft = null;
    this.back();
  }

  /** Back to the text that the caret was in last. */
  back(): void {
    this.#last?.view.focus();
  }

  /** Puts the caret to the words of a thread. */
  async goToText(thread: string): Promise<void> {
    const place = this.places.get(thread);
    const view = place && this.#text.views()[place.section];
    if (!view) return;
    await this.#text.reveal(view.section);
    const { doc, tr } = view.view.state;
    view.view.focus();
    view.view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(place.position))).scrollIntoView());
    this.active = thread;
  }

  async goToThread(thread: string): Promise<void> {
    this.active = thread;
    await this.#focus(threadElementId(thread));
  }

  async #focus(id: string): Promise<void> {
    await tick();
    document.getElementById(id)?.focus();
  }

  /** Marks the words of the threads that are shown, and finds out where they are. */
  redraw = (): void => {
    // What it reads here decides when it is to be done again.
    const anchored = this.#filtered.filter((thread) => thread.anchor !== null);
    const wanted = anchored.map(({ id, anchor }) => ({ id, anchor: anchor!, look: this.#look(id) }));
    if (this.draft?.anchor) wanted.push({ id: PENDING, anchor: this.draft.anchor, look: "pending" });
    untrack(() => this.#draw(wanted));
  };

  #look(thread: string): Look {
    return thread === this.active ? "active" : "there";
  }

  #draw(wanted: readonly { id: string; anchor: CommentAnchor; look: Look }[]): void {
    const places = new Map<string, Place>();
    const views = this.#text.views();
    views.forEach((view, section) => {
      const drawn = view.decorate((state, doc) => {
        const marks = wanted.flatMap((one) => markOf(one, view.section, state.doc, doc));
        for (const { thread, from } of marks) places.set(thread, { section, position: from });
        return drawMarks(state, marks);
      });
      // Where letters are being composed nothing may be redrawn now.
      if (!drawn) this.#keepPlaces(section, places);
    });
    if (views.length > 0) this.placed = true;
    if (JSON.stringify([...places]) !== JSON.stringify([...this.places])) this.places = places;
  }

  #keepPlaces(section: number, places: Map<string, Place>): void {
    for (const [thread, place] of this.places) if (place.section === section) places.set(thread, place);
    this.later();
  }
}

function markOf(
  { id, anchor, look }: { id: string; anchor: CommentAnchor; look: Look },
  section: string,
  shown: Parameters<typeof toPosition>[0],
  doc: Doc,
): Mark[] {
  if (anchor.path[0] === "sections" && anchor.path[1] !== section) return [];
  const words = wordsOf(doc, anchor);
  const from = words && toPosition(shown, words.from);
  const to = words && toPosition(shown, words.to);
  return from === null || to === null || from >= to ? [] : [{ thread: id, from, to, look }];
}

/** Whether a thread's words can no longer be found in the text. */
export const isGone = (thread: Thread, desk: CommentDesk): boolean =>
  thread.anchor !== null && desk.placed && !desk.places.has(thread.id);
