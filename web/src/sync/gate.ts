// The disk as one repo sees it, until the repo is closed. A repo cannot be told to stop writing: what
// it saves a moment later, as how far the sync had come, would outlive the copy it speaks of, and the
// next repo would tell the server that it has a text which is gone.

import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo";

export class StorageGate implements StorageAdapterInterface {
  private shut = false;

  constructor(private readonly disk: StorageAdapterInterface) {}

  /** From here on nothing is written or removed through this gate. */
  close(): void {
    this.shut = true;
  }

  load(key: StorageKey): Promise<Uint8Array | undefined> {
    return this.disk.load(key);
  }

  loadRange(prefix: StorageKey): Promise<Chunk[]> {
    return this.disk.loadRange(prefix);
  }

  async save(key: StorageKey, data: Uint8Array): Promise<void> {
    if (!this.shut) await this.disk.save(key, data);
  }

  async remove(key: StorageKey): Promise<void> {
    if (!this.shut) await this.disk.remove(key);
  }

  async removeRange(prefix: StorageKey): Promise<void> {
    if (!this.shut) await this.disk.removeRange(prefix);
  }
}
