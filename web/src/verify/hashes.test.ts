// The hash of a file, and the hashes in it.
import { describe, expect, it } from "vitest";
import { namedHashes, sha256 } from "./hashes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const [one, other] = ["ab".repeat(32), "07".repeat(32)];

describe("hashes", () => {
  it("knows the SHA-256 of the standard's example", async () => {
    expect(await sha256(bytes("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("finds each hash that a file names once, and nothing that is longer or shorter", () => {
    expect(namedHashes(bytes(`<dd>${one}</dd> ${other}, ${one} 0${one} ${one.slice(1)}`))).toEqual([one, other]);
    expect(namedHashes(bytes(`${one}\u0000${other}`))).toEqual([one, other]);
    expect(namedHashes(bytes(one.toUpperCase()))).toEqual([]);
    expect(namedHashes(new Uint8Array([0xff, 0]))).toEqual([]);
  });

  it("stops at as many as the server takes", () => {
    const many = Array.from({ length: 200 }, (_, n) => n.toString(16).padStart(64, "0")).join(" ");
    expect(namedHashes(bytes(many))).toHaveLength(64);
  });
});
