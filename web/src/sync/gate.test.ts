// The gate: what is written before it is shut stays, what comes after does not.

import { expect, test } from "vitest";
import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo";
import { StorageGate } from "./gate.ts";

class Memory implements StorageAdapterInterface {
  readonly kept = new Map<string, Uint8Array>();
  load = async (key: StorageKey) => this.kept.get(key.join("/"));
  save = async (key: StorageKey, data: Uint8Array) => void this.kept.set(key.join("/"), data);
  remove = async (key: StorageKey) => void this.kept.delete(key.join("/"));
  loadRange = async (): Promise<Chunk[]> => [];
  removeRange = async () => this.kept.clear();
}

test("a shut gate lets nothing through", async () => {
  const memory = new Memory();
  const gate = new StorageGate(memory);
  await gate.save(["a"], new Uint8Array([1]));
  expect(await gate.load(["a"])).toEqual(new Uint8Array([1]));
  gate.shut();
  await gate.save(["b"], new Uint8Array([2]));
  await gate.remove(["a"]);
  await gate.removeRange([]);
  expect([...memory.kept.keys()]).toEqual(["a"]);
});
