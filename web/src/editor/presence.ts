// Who else is in the document and where: names come from the server alone, places from the others.

import { Presence } from "@automerge/automerge-repo";
import type { Identity } from "../sync/wire.ts";
import type { ItemHandle } from "../sync/session.ts";
import type { RemoteCaret } from "./carets.ts";
import type { Anchor } from "./positions.ts";
import type { OwnSelection } from "./view.ts";

/** How many colours the theme has for people. */
export const COLOURS = 8;
/** A selection is told at most this often. */
const TELL_EVERY_MS = 100;

type Shared = { selection: OwnSelection | null };

/** Gives each person in a document a colour that no other one has, as long as there are enough. */
export class PersonColours {
  private readonly taken = new Map<string, number>();

  of(user: string): number {
    const known = this.taken.get(user);
    if (known !== undefined) return known;
    const used = new Set(this.taken.values());
    const free = [...Array(COLOURS).keys()].find((colour) => !used.has(colour));
    const colour = free ?? this.taken.size % COLOURS;
    this.taken.set(user, colour);
    return colour;
  }
}

export class ItemPresence {
  private readonly presence: Presence<Shared>;
  private readonly colours = new PersonColours();
  private own: OwnSelection | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(handle: ItemHandle, changed: () => void) {
    this.presence = new Presence<Shared>({ handle });
    for (const event of ["update", "snapshot", "goodbye", "pruning"] as const)
      this.presence.on(event, changed);
    this.presence.start({ initialState: { selection: null } });
  }

  /** Tells where one's own selection is; null when the text has lost the focus. */
  tell(selection: OwnSelection | null): void {
    this.own = selection;
    this.timer ??= setTimeout(() => this.tellNow(), TELL_EVERY_MS);
  }

  /** After a new connection the others have forgotten us. */
  tellNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.presence.broadcast("selection", this.own);
  }

  /** The carets in one section of those who, as the server says, are here. */
  carets(section: string, peers: Readonly<Record<string, Identity>>): RemoteCaret[] {
    const found: RemoteCaret[] = [];
    for (const { peerId, value } of Object.values(this.presence.getPeerStates().value)) {
      const person = peers[peerId];
      const selection = readSelection(value?.selection);
      if (!person || selection?.section !== section) continue;
      found.push({
        peer: peerId,
        name: person.name,
        colour: this.colours.of(person.user),
        anchor: selection.anchor,
        head: selection.head,
      });
    }
    return found;
  }

  /** The section that each person, by user, has the caret in. */
  whereabouts(peers: Readonly<Record<string, Identity>>): ReadonlyMap<string, string> {
    const places = new Map<string, string>();
    for (const { peerId, value } of Object.values(this.presence.getPeerStates().value)) {
      const [person, selection] = [peers[peerId], readSelection(value?.selection)];
      if (person && selection) places.set(person.user, selection.section);
    }
    return places;
  }

  colourOf(user: string): number {
    return this.colours.of(user);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.presence.stop();
  }
}

/** Selections come from other browsers: what is not of the right shape is none. */
export function readSelection(value: unknown): OwnSelection | null {
  if (typeof value !== "object" || value === null) return null;
  const { section, anchor, head } = value as Record<string, unknown>;
  const [from, to] = [readAnchor(anchor), readAnchor(head)];
  return typeof section === "string" && from && to ? { section, anchor: from, head: to } : null;
}

function readAnchor(value: unknown): Anchor | null {
  if (typeof value !== "object" || value === null) return null;
  const { path, cursor } = value as Record<string, unknown>;
  if (!Array.isArray(path) || !path.every((part) => typeof part === "string")) return null;
  return typeof cursor === "string" || cursor === null ? { path, cursor } : null;
}

/** The people who are here, oneself first, each once, however many windows they have open. */
export function peopleHere(peers: Readonly<Record<string, Identity>>, me: string): Identity[] {
  const byUser = new Map(Object.values(peers).map((person) => [person.user, person]));
  const others = [...byUser.values()].filter((person) => person.user !== me);
  others.sort((a, b) => a.name.localeCompare(b.name, "da"));
  const own = byUser.get(me);
  return own ? [own, ...others] : others;
}
