// The storage that one repo writes through. It can be shut: a repo that was left behind may still
// save a moment later, and what it saves would come back as the next repo's beginning. And it
// knows what of the document has reached the disk.

import type { Heads } from "@automerge/automerge";
import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo";

export class StorageGate implements StorageAdapterInterface {
  private open = true;
  /** What of the document is on disk. */
  stored: Heads = [];

  /** `held`: the heads of the document in memory, of which the repo writes what is not yet on disk. */
  constructor(
    private readonly storage: StorageAdapterInterface,
    private readonly held: () => Heads,
    private readonly failed: (thrown: unknown) => void,
  ) {}

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
    if (!this.open) return;
    const heads = this.held();
    try {
      await this.storage.save(key, data);
    } catch (thrown) {
      this.failed(thrown);
      // The repo must not take it for saved; it tries again with the next edit.
      throw thrown;
    }
    if (isContent(key)) this.stored = heads;
  }

  async remove(key: StorageKey): Promise<void> {
    if (this.open) await this.storage.remove(key);
  }

  async removeRange(prefix: StorageKey): Promise<void> {
    if (this.open) await this.storage.removeRange(prefix);
  }
}

const isContent = (key: StorageKey): boolean => key[1] === "snapshot" || key[1] === "incremental";
