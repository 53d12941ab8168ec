// Opens a document the way the page does: with this browser's disk, ticket and clock.

import { IndexedDBStorageAdapter } from "@automerge/automerge-repo-storage-indexeddb";
import { keptIn } from "./kept.ts";
import { DocumentSession } from "./session.ts";
import type { SessionEvents } from "./session.ts";
import { ticketUrl } from "./ticket.ts";

/**
 * The session of `user` with `document`. Both are in the names of the databases: on a shared
 * computer nobody's unsent text may be sent under another's name.
 */
export function openDocument(user: string, document: string, events: SessionEvents): DocumentSession {
  const name = `dagsorden.${user}.${document}`;
  return new DocumentSession({
    document,
    storage: new IndexedDBStorageAdapter(name),
    kept: keptIn(`${name}.kept`),
    ticketUrl: () => ticketUrl(document),
    now: Date.now,
    events,
  });
}
