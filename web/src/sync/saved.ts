// Whether what a person sees is safe: said only of what the server has made durable and told so.

import * as A from "@automerge/automerge";
import type { ConnectionState } from "./connection.ts";

export type Saved =
  /** The server has every edit of this copy. */
  | { kind: "saved" }
  | { kind: "saving" }
  /** `waiting` edits are in this browser only. */
  | { kind: "offline"; waiting: number }
  /** `count` texts of one's own were not taken in and are shown. */
  | { kind: "refused"; count: number };

/** `pending`: edits that the server has not confirmed; null while nothing is known about it. */
export type SavedInput = { pending: number | null; connection: ConnectionState["kind"]; refused: number };

export function savedState({ pending, connection, refused }: SavedInput): Saved {
  const waiting = pending ?? 0;
  const cutOff = connection === "offline" || connection === "closed";
  // What is under way now comes before what was refused earlier, which has a panel of its own.
  if (refused > 0 && waiting === 0) return { kind: "refused", count: refused };
  if (cutOff) return { kind: "offline", waiting };
  return pending === 0 ? { kind: "saved" } : { kind: "saving" };
}

/**
 * How many changes of this copy are not among what the server has. `serverHeads` may be ahead
 * of us: then those heads that we know are what counts.
 */
export function pendingChanges(doc: A.Doc<unknown>, serverHeads: A.Heads): number {
  return A.getChangesMetaSince(doc, knownHeads(doc, serverHeads)).length;
}

export const knownHeads = (doc: A.Doc<unknown>, heads: A.Heads): A.Heads =>
  heads.filter((head) => A.hasHeads(doc, [head]));

/** The heads to go by when the server names new ones: those we do not have yet wait until we do. */
export function mergedHeads(doc: A.Doc<unknown>, confirmed: A.Heads, named: A.Heads): A.Heads {
  const known = knownHeads(doc, named);
  return known.length === named.length ? known : [...new Set([...confirmed, ...known])];
}
