// A storage that one repo writes through, and that can be shut: a repo that was left behind may still
// save a moment later, and what it saves would come back as the next repo's beginning.

import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo";

export class StorageGate implements StorageAdapterInterface {
  private open = true;

  constructor(private readonly storage: StorageAdapterInterface) {}

  /** From here on nothing is written; reads go on. */
  shut(): void {
    this.open = false;
  }

  load(key: StorageKey): Promise<Uint8Array | undefined> {
    return this.storage.load(key);
  }

  loadRange(prefix: StorageKey): Promise<Chunk[]> {
    return this.storage.loadRange(prefix);
  }

  async save(key: StorageKey, data: Uint8Array): Promise<void> {
    if (this.open) await this.storage.save(key, data);
  }

  async remove(key: StorageKey): Promise<void> {
    if (this.open) await this.storage.remove(key);
  }

  async removeRange(prefix: StorageKey): Promise<void> {
    if (this.open) await this.storage.removeRange(prefix);
  }
}
