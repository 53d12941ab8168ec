// What must survive a reload beside the documents themselves: texts that were not taken in, and
// what the server was last known to have.

import { confirmedDatabase } from "./databases.ts";
import { Disk } from "./disk.ts";
import type { Place } from "./place.ts";
import type { Refusal } from "./refusal.ts";
import { RefusedStore } from "./refused-store.ts";

/** The kept things of one text. Every call may fail as the disk may. */
export type Kept = {
  refusals: () => Promise<Refusal[]>;
  addRefusal: (refusal: Refusal) => Promise<void>;
  /** Called when the refused texts were changed from elsewhere. */
  onRefusals: (changed: () => void) => void;
  serverHeads: () => Promise<string[]>;
  putServerHeads: (heads: readonly string[]) => Promise<void>;
  close: () => Promise<void>;
};

const HEADS = "serverHeads";

export function keptOnDisk(user: string, place: Place): Kept {
  const heads = new Disk(confirmedDatabase(user, place.document), "kept");
  const refused = new RefusedStore(user);
  return {
    refusals: async () => {
      const stored = await refused.of(place.item, place.kind);
      return stored.filter(({ dismissed }) => !dismissed).map(({ refusal }) => refusal);
    },
    addRefusal: (refusal) => refused.put({ place, refusal, dismissed: false }),
    onRefusals: (changed) => refused.onChange(place.item, changed),
    serverHeads: async () => (await heads.read<string[] | undefined>((store) => store.get(HEADS))) ?? [],
    putServerHeads: async (fresh) => void (await heads.write((store) => store.put(fresh, HEADS))),
    close: async () => {
      await heads.close();
      await refused.close();
    },
  };
}

/** Kept as long as the page is open; for tests. `dismiss` stands for another part of the page. */
export function keptInMemory(): Kept & { dismiss: (id: string) => void } {
  let refusals: readonly Refusal[] = [];
  let heads: readonly string[] = [];
  let told = () => {};
  return {
    refusals: async () => [...refusals],
    addRefusal: async (refusal) => void (refusals = [...refusals, refusal]),
    dismiss: (id) => {
      refusals = refusals.filter((kept) => kept.id !== id);
      told();
    },
    onRefusals: (changed) => (told = changed),
    serverHeads: async () => [...heads],
    putServerHeads: async (fresh) => void (heads = fresh),
    close: async () => {},
  };
}
