import { expect, test } from "vitest";
import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo";
import { StorageGate } from "./gate.ts";

class MemoryDisk implements StorageAdapterInterface {
  readonly kept = new Map<string, Uint8Array>();
  load = (key: StorageKey) => Promise.resolve(this.kept.get(key.join()));
  save = async (key: StorageKey, data: Uint8Array) => void this.kept.set(key.join(), data);
  remove = async (key: StorageKey) => void this.kept.delete(key.join());
  loadRange = (): Promise<Chunk[]> => Promise.resolve([]);
  removeRange = async () => this.kept.clear();
}

test("a closed gate changes nothing on the disk any more", async () => {
  const disk = new MemoryDisk();
  const gate = new StorageGate(disk);
  await gate.save(["d", "snapshot"], new Uint8Array([1]));
  gate.close();
  await gate.save(["d", "sync-state"], new Uint8Array([2]));
  await gate.removeRange(["d"]);
  await gate.remove(["d", "snapshot"]);
  expect([...disk.kept.keys()]).toEqual(["d,snapshot"]);
  expect(await gate.load(["d", "snapshot"])).toEqual(new Uint8Array([1]));
});
