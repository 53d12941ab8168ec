// Marks of the texts that this browser holds and the server does not have: set with the first
// keystroke, gone when the server has confirmed. What was typed and then left behind is found by
// them, and signing out asks them before anything is deleted.

import type { Place } from "./place.ts";

const PREFIX = "dagsorden.unsent";

export type Marks = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const keyOf = (user: string, document: string, session: string): string =>
  JSON.stringify([PREFIX, user, document, session]);

/** The mark of one open document, in one tab. */
export class UnsentMark {
  private readonly key: string;
  /** Left by earlier sessions: what they marked is on the disk that this session reads. */
  private readonly earlier: string[];
  private isSet = false;

  constructor(
    private readonly marks: Marks,
    user: string,
    private readonly place: Place,
    session: string,
  ) {
    this.key = keyOf(user, place.document, session);
    this.earlier = entries(marks, user).filter(({ place: { document } }) => document === place.document).map(({ key }) => key);
  }

  set(): void {
    if (!this.isSet) this.marks.setItem(this.key, JSON.stringify(this.place));
    this.isSet = true;
  }

  /** The server has everything of this copy. */
  clear(): void {
    for (const key of this.earlier.splice(0)) this.marks.removeItem(key);
    if (this.isSet) this.marks.removeItem(this.key);
    this.isSet = false;
  }
}

/** The texts of the user that are only here, each document once. */
export function unsentPlaces(marks: Marks, user: string): Place[] {
  const places = new Map(entries(marks, user).map(({ place }) => [place.document, place]));
  return [...places.values()];
}

/** Forgets them, or those of some documents; for a user who has decided to discard them, or when they are erased. */
export function forgetUnsent(marks: Marks, user: string, documents?: readonly string[]): void {
  for (const { key, place } of entries(marks, user)) {
    if (documents === undefined || documents.includes(place.document)) marks.removeItem(key);
  }
}

function entries(marks: Marks, user: string): { key: string; place: Place }[] {
  const keys = Array.from({ length: marks.length }, (_, index) => marks.key(index) ?? "");
  return keys.flatMap((key) => {
    if (userOf(key) !== user) return [];
    return [{ key, place: JSON.parse(marks.getItem(key) ?? "null") as Place }];
  });
}

/** Whose mark it is; undefined for anything else that lies there. */
function userOf(key: string): string | undefined {
  if (!key.startsWith(`["${PREFIX}"`)) return undefined;
  return (JSON.parse(key) as string[])[1];
}
