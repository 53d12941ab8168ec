// What must survive a reload beside the documents themselves: texts that were not taken in, and
// what the server was last known to have. In the browser's IndexedDB, by user and document.

import type { Refusal } from "./refusal.ts";

const STORE = "kept";

/** The kept things of one document. Every call may fail as the disk may. */
export type Kept = {
  refusals: () => Promise<Refusal[]>;
  putRefusals: (refusals: readonly Refusal[]) => Promise<void>;
  serverHeads: () => Promise<string[]>;
  putServerHeads: (heads: readonly string[]) => Promise<void>;
};

export function keptIn(database: string): Kept {
  const opened = openDatabase(database);
  return {
    refusals: async () => ((await get(await opened, "refusals")) as Refusal[] | undefined) ?? [],
    putRefusals: async (refusals) => put(await opened, "refusals", refusals),
    serverHeads: async () => ((await get(await opened, "serverHeads")) as string[] | undefined) ?? [],
    putServerHeads: async (heads) => put(await opened, "serverHeads", heads),
  };
}

/** Kept as long as the page is open; for browsers that have no disk to offer, and for tests. */
export function keptInMemory(): Kept {
  let refusals: readonly Refusal[] = [];
  let heads: readonly string[] = [];
  return {
    refusals: async () => [...refusals],
    putRefusals: async (fresh) => void (refusals = fresh),
    serverHeads: async () => [...heads],
    putServerHeads: async (fresh) => void (heads = fresh),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function get(database: IDBDatabase, key: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = database.transaction(STORE).objectStore(STORE).get(key);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function put(database: IDBDatabase, key: string, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite");
    transaction.objectStore(STORE).put(value, key);
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
  });
}
