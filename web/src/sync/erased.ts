// What this computer kept of documents whose words were erased.
import { confirmedDatabase, documentDatabase } from "./databases.ts";
import { deleteDatabase } from "./disk.ts";
import { RefusedStore } from "./refused-store.ts";
import { forgetUnsent } from "./unsent.ts";

/** Removes the copies of an item's texts, and what was refused of them; what cannot be removed now is tried again
 *  the next time that the item is shown. */
export async function forgetDocuments(user: string, item: string, documents: readonly string[]): Promise<void> {
  forgetUnsent(localStorage, user, documents);
  const names = documents.flatMap((id) => [documentDatabase(user, id), confirmedDatabase(user, id)]);
  const removed = await Promise.allSettled([forgetRefused(user, item, documents), ...names.map(deleteDatabase)]);
  for (const one of removed) {
    if (one.status === "rejected") console.warn("a copy of an erased text could not be removed", one.reason);
  }
}

async function forgetRefused(user: string, item: string, documents: readonly string[]): Promise<void> {
  const store = new RefusedStore(user);
  await store.forget(item, documents).finally(() => store.close());
}
