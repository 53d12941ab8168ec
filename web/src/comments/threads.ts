// Which threads are shown, in which order, and who said what in them. Pure.
import type { Comment, DocumentKind, Person, Thread } from "../api/types.ts";

/** The id of the element that shows a thread, which the marked words refer to. */
export const threadElementId = (thread: string): string => `comment-${thread}`;

export type Show = "open" | "all" | "mentions";
/** `person` is a user, or "" for everybody. */
export type Filter = { show: Show; person: string };

export const EVERYTHING_OPEN: Filter = { show: "open", person: "" };

/** Where a thread's words are: the section's place on the page, and the position in it. */
export type Place = { section: number; position: number };

export const threadsOf = (threads: readonly Thread[], document: DocumentKind): Thread[] =>
  threads.filter((thread) => thread.document === document);

export const isOpen = (thread: Thread): boolean => thread.resolved === null;

const mentions = (thread: Thread, user: string): boolean =>
  thread.comments.some((comment) => comment.mentions.some((person) => person.user === user));

/**
 * The threads that the filter lets through, for this reader; and those in which they have begun
 * an answer, so that it does not go from the screen when somebody else settles the thread.
 */
export function filtered(
  threads: readonly Thread[],
  filter: Filter,
  me: string,
  begun: (thread: string) => boolean,
): Thread[] {
  const wanted: Record<Show, (thread: Thread) => boolean> = {
    open: isOpen,
    all: () => true,
    mentions: (thread) => mentions(thread, me),
  };
  const says = (thread: Thread) => filter.person === "" || thread.comments.some(({ by }) => by.user === filter.person);
  return threads.filter((thread) => (wanted[filter.show](thread) && says(thread)) || begun(thread.id));
}

/** What is about the whole text first, then by place in the text, then those whose words are gone. */
export function inOrder(threads: readonly Thread[], places: ReadonlyMap<string, Place>): Thread[] {
  const rank = (thread: Thread): [number, number] => {
    const place = places.get(thread.id);
    if (thread.anchor === null) return [-1, 0];
    return place ? [place.section, place.position] : [Number.MAX_SAFE_INTEGER, 0];
  };
  // Equal ranks keep the order in which the threads were begun.
  return [...threads].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
}

/** Everyone who said something, each once, by name. */
export function speakers(threads: readonly Thread[]): Person[] {
  const people = new Map<string, Person>();
  for (const { comments } of threads) for (const { by } of comments) people.set(by.user, by);
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name, "da"));
}

/** The comments of others that were not there before. */
export function newOnes(before: readonly Thread[], now: readonly Thread[], me: string): Comment[] {
  const known = new Set(before.flatMap(({ comments }) => comments.map(({ id }) => id)));
  return now.flatMap(({ comments }) => comments).filter(({ id, by }) => !known.has(id) && by.user !== me);
}
