// The user's texts that were not taken in, on this computer. They belong to the item, not to the
// document: a reopened agenda goes on in a new document, and the words must be found there.

import { refusedDatabase } from "./databases.ts";
import { Disk } from "./disk.ts";
import type { Place } from "./place.ts";
import type { Refusal } from "./refusal.ts";

/** `dismissed`: the person has seen it and wants it away; the words stay, the copy is gone. */
export type StoredRefusal = { place: Place; refusal: Refusal; dismissed: boolean };

export class RefusedStore {
  private readonly disk: Disk;
  private readonly channel: BroadcastChannel;

  constructor(user: string) {
    const name = refusedDatabase(user);
    this.disk = new Disk(name, "refused");
    this.channel = new BroadcastChannel(name);
  }

  /** Those of an item, or of one of its texts; the oldest first. */
  async of(item: string, ...kind: [] | [Place["kind"]]): Promise<StoredRefusal[]> {
    const key = [item, ...kind];
    const found = await this.disk.read<StoredRefusal[]>((store) => store.getAll(IDBKeyRange.bound(key, [...key, []])));
    return found.sort((a, b) => a.refusal.at - b.refusal.at);
  }

  all(): Promise<StoredRefusal[]> {
    return this.disk.read<StoredRefusal[]>((store) => store.getAll());
  }

  /** Each has a name of its own: what another tab has kept is not overwritten. */
  async put(stored: StoredRefusal): Promise<void> {
    const { item, kind } = stored.place;
    await this.disk.write((store) => store.put(stored, [item, kind, stored.refusal.id]), "strict");
    this.channel.postMessage(item);
  }

  /** Takes it out of sight, and frees the space of its copy. */
  dismiss({ place, refusal }: StoredRefusal): Promise<void> {
    return this.put({ place, refusal: { ...refusal, bytes: new Uint8Array() }, dismissed: true });
  }

  /** Removes those that were written in one of these documents. */
  async forget(item: string, documents: readonly string[]): Promise<void> {
    const gone = (await this.of(item)).filter(({ place }) => documents.includes(place.document));
    for (const { place, refusal } of gone) await this.disk.write((store) => store.delete([item, place.kind, refusal.id]));
    if (gone.length > 0) this.channel.postMessage(item);
  }

  /** Called when something of the item was put from elsewhere: another tab, another part of this page. */
  onChange(item: string, changed: () => void): void {
    this.channel.onmessage = ({ data }) => data === item && changed();
  }

  async close(): Promise<void> {
    this.channel.close();
    await this.disk.close();
  }
}
