// All sections of one open document on the page: passes on what others wrote to the sections
// it concerns, and one's own caret and theirs between the text and the presence.

import type { Patch } from "@automerge/automerge";
import type { Plugin } from "prosemirror-state";
import type { DocHandleChangePayload } from "@automerge/automerge-repo";
import type { Node } from "prosemirror-model";
import type { ItemHandle } from "../sync/session.ts";
import type { Identity } from "../sync/wire.ts";
import type { Author, AuthorText } from "./authors.ts";
import { ItemPresence } from "./presence.ts";
import type { SharedDocument } from "./shared.ts";
import type { ItemDocument } from "./table-model.ts";
import { SectionView } from "./view.ts";
import type { SectionEvents } from "./view.ts";

export type RoomEvents = Omit<SectionEvents, "selected"> & {
  /** Somebody else went to another section: which one each person, by user, is in. */
  whereabouts: (places: ReadonlyMap<string, string>) => void;
  /** Something of the document changed that is not in a section's text. */
  document: () => void;
  /** Words were written in a section that was ticked "nothing to note", and the tick is gone. */
  unticked: (section: string) => void;
};

export type SectionPlace = { mount: HTMLElement; section: string; label: string; describedBy: string | null };

export class ItemRoom {
  private readonly views = new Map<string, SectionView>();
  private readonly presence: ItemPresence;
  private peers: Readonly<Record<string, Identity>> = {};
  private places: ReadonlyMap<string, string> = new Map();
  /** The section whose edit is being written now. */
  private writing: string | null = null;

  constructor(
    private readonly handle: ItemHandle,
    /** Where people meet: the case also for those who write a suggestion to it. */
    meeting: ItemHandle,
    private editable: boolean,
    private readonly events: RoomEvents,
    /** What the page adds to every section's text. */
    private readonly plugins: () => Plugin[],
  ) {
    this.presence = new ItemPresence(meeting, () => this.peopleMoved());
    handle.on("change", this.changed);
  }

  /** Shows a section in its place. Returns how to take it away again. */
  mount(place: SectionPlace): () => void {
    const events: SectionEvents = {
      ...this.events,
      selected: (selection) => this.presence.tell(selection),
      blurred: (view) => {
        this.presence.tell(null);
        this.events.blurred(view);
      },
    };
    const view = new SectionView({
      ...place,
      shared: this.shared(place.section),
      editable: this.editable,
      events,
      plugins: this.plugins(),
    });
    this.views.set(place.section, view);
    this.events.changed(view);
    return () => {
      this.views.delete(place.section);
      view.destroy();
    };
  }

  /** The sections that are on the page, by their key. */
  get shown(): ReadonlyMap<string, SectionView> {
    return this.views;
  }

  /** The sections of the document, whether or not the template still has them. */
  get sections(): string[] {
    return Object.keys(this.handle.doc().sections);
  }

  /** The sections of which there is nothing to note. */
  get ticked(): string[] {
    const { sections } = this.handle.doc();
    return Object.keys(sections).filter((key) => sections[key]?.nothing === true);
  }

  /** What each section shows now. */
  get contents(): ReadonlyMap<string, Node> {
    return new Map([...this.views].map(([section, { view }]) => [section, view.state.doc]));
  }

  view(section: string): SectionView | undefined {
    return this.views.get(section);
  }

  setNothing(section: string, nothing: boolean): void {
    this.handle.change((doc) => {
      const value = doc.sections[section];
      if (value) value.nothing = nothing;
    });
  }

  setEditable(editable: boolean): void {
    this.editable = editable;
    for (const view of this.views.values()) view.setEditable(editable);
  }

  setPeers(peers: Readonly<Record<string, Identity>>): void {
    this.peers = peers;
    this.peopleMoved();
  }

  colourOf(user: string): number {
    return this.presence.colourOf(user);
  }

  doc(): ItemDocument {
    return this.handle.doc();
  }

  /** Colours the words of all sections by who wrote them. */
  setAuthors(texts: AuthorText[], own: Author | null): void {
    const ofSection = (view: SectionView) => texts.filter(({ path }) => path[0] === "tables" || path[1] === view.section);
    for (const view of this.views.values()) view.setAuthors(ofSection(view), own);
  }

  /** The server has greeted us anew: the others need to hear where we are. */
  greeted(): void {
    this.presence.tellNow();
  }

  close(): void {
    this.handle.off("change", this.changed);
    this.presence.stop();
    for (const view of this.views.values()) view.destroy();
    this.views.clear();
  }

  private shared(section: string): SharedDocument {
    return {
      doc: () => this.handle.doc(),
      change: (edit) => {
        this.writing = section;
        try {
          this.edit(section, edit);
        } finally {
          this.writing = null;
        }
      },
    };
  }

  /** Whoever writes words has something to note, so the tick goes. */
  private edit(section: string, edit: (doc: ItemDocument) => void): void {
    const length = () => this.handle.doc().sections[section]?.body.length ?? 0;
    const before = length();
    this.handle.change(edit);
    if (!this.ticked.includes(section) || length() <= before) return;
    this.setNothing(section, false);
    this.events.unticked(section);
  }

  private readonly changed = ({ patches }: DocHandleChangePayload<ItemDocument>): void => {
    for (const view of this.views.values()) {
      // The section that is being written shows its own edit itself.
      if (view.section !== this.writing && touches(patches, view.section)) this.show(view);
    }
    this.events.document();
  };

  /** A section that cannot be shown must not keep the others, or the sync, from going on. */
  private show(view: SectionView): void {
    try {
      view.othersChanged();
    } catch (thrown) {
      this.events.failed(thrown);
    }
  }

  private peopleMoved(): void {
    this.drawCarets();
    const places = this.presence.whereabouts(this.peers);
    const same = places.size === this.places.size && [...places].every(([user, section]) => this.places.get(user) === section);
    if (same) return;
    this.places = places;
    this.events.whereabouts(places);
  }

  private drawCarets(): void {
    for (const view of this.views.values()) view.setCarets(this.presence.carets(view.section, this.peers));
  }
}

/** Whether one of the patches may change what the section shows. */
export function touches(patches: readonly Patch[], section: string): boolean {
  return patches.some(({ path }) => {
    if (path[0] === "tables" || path.length < 2) return true;
    return path[0] === "sections" && path[1] === section;
  });
}
