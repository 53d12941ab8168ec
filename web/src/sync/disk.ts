// This browser's disk (IndexedDB). A connection gives way when its database is to be deleted, which
// the stock storage adapter of automerge-repo does not: signing out would wait for it for ever.

import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo/slim";

/** A database that is opened on the first use. Every call may fail as the disk may. */
export class Disk {
  private opened: Promise<IDBDatabase> | undefined;

  constructor(
    private readonly name: string,
    private readonly store: string,
  ) {}

  read<T>(ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return this.run("readonly", ask);
  }

  /** Resolves when it is on the disk itself, not only with the operating system. */
  write<T>(ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return this.run("readwrite", ask);
  }

  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = undefined;
    (await opened)?.close();
  }

  private async run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await (this.opened ??= this.open());
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(this.store, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(this.store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  private open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => void request.result.createObjectStore(this.store);
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => database.close();
        resolve(database);
      };
      request.onerror = () => reject(request.error);
    });
  }
}

/** Resolves when the database is gone. Other tabs give way, see above. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** The chunks of documents as automerge-repo keeps them. */
export class DiskStorage implements StorageAdapterInterface {
  private readonly disk: Disk;

  constructor(database: string) {
    this.disk = new Disk(database, "documents");
  }

  async load(key: StorageKey): Promise<Uint8Array | undefined> {
    return (await this.disk.read<StoredChunk | undefined>((store) => store.get(key)))?.binary;
  }

  async loadRange(prefix: StorageKey): Promise<Chunk[]> {
    const chunks = await this.disk.read<StoredChunk[]>((store) => store.getAll(under(prefix)));
    return chunks.map(({ key, binary }) => ({ key, data: binary }));
  }

  async save(key: StorageKey, binary: Uint8Array): Promise<void> {
    await this.disk.write((store) => store.put({ key, binary } satisfies StoredChunk, key));
  }

  async remove(key: StorageKey): Promise<void> {
    await this.disk.write((store) => store.delete(key));
  }

  async removeRange(prefix: StorageKey): Promise<void> {
    await this.disk.write((store) => store.delete(under(prefix)));
  }

  close(): Promise<void> {
    return this.disk.close();
  }
}

type StoredChunk = { key: StorageKey; binary: Uint8Array };

/** All keys that begin with the prefix: an array sorts after every text. */
const under = (prefix: StorageKey): IDBKeyRange => IDBKeyRange.bound(prefix, [...prefix, []]);
