// What this computer kept of documents whose words were erased.
import { confirmedDatabase, documentDatabase } from "./databases.ts";
import { deleteDatabase } from "./disk.ts";

/** Removes the copies; one that cannot be removed now is tried again the next time. */
export async function forgetDocuments(user: string, documents: readonly string[]): Promise<void> {
  const names = documents.flatMap((id) => [documentDatabase(user, id), confirmedDatabase(user, id)]);
  const removed = await Promise.allSettled(names.map(deleteDatabase));
  for (const one of removed) {
    if (one.status === "rejected") console.warn("a copy of an erased text could not be removed", one.reason);
  }
}
