// Removes what this computer keeps of texts: of those that were erased, and of those whose past is withheld.
import { confirmedDatabase, documentDatabase } from "./databases.ts";
import { deleteDatabase } from "./disk.ts";
import { RefusedStore } from "./refused-store.ts";
import { forgetUnsent, unsentPlaces } from "./unsent.ts";

/** Removes the copies of an item's erased texts, and what was refused of them. What cannot be removed now is tried
 *  again the next time that the item is shown. */
export async function forgetErased(user: string, item: string, documents: readonly string[]): Promise<void> {
  forgetUnsent(localStorage, user, documents);
  await removed([forgetRefused(user, item, documents), ...copies(user, documents)]);
}

/** Removes the copy of a text whose past is withheld; not while there are words in it that the server does not have. */
export async function forgetPast(user: string, document: string): Promise<void> {
  const unsent = unsentPlaces(localStorage, user).some((place) => place.document === document);
  if (!unsent) await removed(copies(user, [document]));
}

const copies = (user: string, documents: readonly string[]): Promise<void>[] =>
  documents.flatMap((id) => [documentDatabase(user, id), confirmedDatabase(user, id)]).map(deleteDatabase);

async function removed(under: Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(under)) {
    if (one.status === "rejected") console.warn("a copy of a text could not be removed", one.reason);
  }
}

async function forgetRefused(user: string, item: string, documents: readonly string[]): Promise<void> {
  const store = new RefusedStore(user);
  await store.forget(item, documents).finally(() => store.close());
}
