// Opens a document the way the page does: with this browser's disk, ticket and clock.

import { documentDatabase } from "./databases.ts";
import { DiskStorage } from "./disk.ts";
import { keptOnDisk } from "./kept.ts";
import { whileOpen } from "./open-sessions.ts";
import type { Place } from "./place.ts";
import { DocumentSession } from "./session.ts";
import type { SessionEvents } from "./session.ts";
import { ticketUrl } from "./ticket.ts";
import { UnsentMark } from "./unsent.ts";

let askedToStay = false;

/**
 * The session of `user` with the document at `place`. Both are in the names of the databases: on a
 * shared computer nobody's unsent text may be sent under another's name.
 */
export function openDocument(user: string, place: Place, events: SessionEvents): DocumentSession {
  void stay();
  const session = new DocumentSession({
    document: place.document,
    storage: new DiskStorage(documentDatabase(user, place.document)),
    kept: keptOnDisk(user, place),
    unsent: new UnsentMark(localStorage, user, place, crypto.randomUUID()),
    ticketUrl: () => ticketUrl(place.document, user),
    now: Date.now,
    events,
  });
  whileOpen(session.closed);
  return session;
}

/** Asks the browser not to clear our disk when it runs short. A no changes nothing else. */
async function stay(): Promise<void> {
  // Not offered outside https.
  const storage: StorageManager | undefined = navigator.storage;
  if (askedToStay || !storage) return;
  askedToStay = true;
  const kept = await storage.persist();
  if (!kept) console.info("the browser may clear unsent text when the disk is full");
}
