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

const fail = (thrown: unknown) => {
  throw thrown;
};

test("what is on disk is what was written, once it is written", async () => {
  const memory = new Memory();
  let held = ["a"];
  const gate = new StorageGate(memory, () => held, fail);
  const saving = gate.save(["doc", "incremental", "x"], new Uint8Array([1]));
  held = ["b"];
  expect(gate.stored).toEqual([]);
  await saving;
  expect(gate.stored).toEqual(["a"]);
  await gate.save(["doc", "sync-state", "s"], new Uint8Array([1]));
  expect(gate.stored).toEqual(["a"]);
});

test("a disk that fails is told of, and nothing counts as written", async () => {
  const memory = new Memory();
  memory.save = () => Promise.reject(new Error("full"));
  const told: unknown[] = [];
  const gate = new StorageGate(memory, () => ["a"], (thrown) => told.push(thrown));
  await expect(gate.save(["doc", "snapshot", "x"], new Uint8Array([1]))).rejects.toThrow("full");
  expect([told.length, gate.stored]).toEqual([1, []]);
});

test("a shut gate lets nothing through", async () => {
  const memory = new Memory();
  const gate = new StorageGate(memory, () => [], fail);
  await gate.save(["a"], new Uint8Array([1]));
  expect(await gate.load(["a"])).toEqual(new Uint8Array([1]));
  gate.shut();
  await gate.save(["b"], new Uint8Array([2]));
  await gate.remove(["a"]);
  await gate.removeRange([]);
  expect([...memory.kept.keys()]).toEqual(["a"]);
});
