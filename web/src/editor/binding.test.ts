// The editor and the shared text say the same, whatever three people do at once.

import { describe, expect, it } from "vitest";
import { runSeed } from "./fuzz.ts";

const env = (name: string, otherwise: number) =>
  Number((import.meta.env[name] as string | undefined) ?? otherwise);
const runs = env("VITE_FUZZ_RUNS", 12);
const first = env("VITE_FUZZ_SEED", 1);

/** Once found something: a selection of cells whose table another person changes; a merged cell that grew;
 * Enter in an empty cell; a row that two put back, and a cell that two split, at once; two tables made one;
 * merged cells of which one had two texts. */
const REGRESSIONS = [1106, 20, 260, 232, 220, 574, 214];
const seeds = [...new Set([...Array.from({ length: runs }, (_, index) => first + index), ...REGRESSIONS])];

describe("three people at once", () => {
  for (const seed of seeds) {
    // Every other seed has long gaps without a meeting, as people offline have.
    const mergeOneIn = seed % 2 === 0 ? 5 : 40;
    it(`ends with the same text for all, seed ${seed}`, { timeout: 60_000 }, () => {
      expect(runSeed(seed, { steps: 120, mergeOneIn })).toContain("doc");
    });
  }
});
