// The scrubber asks only where it rests, and never shows an answer to an earlier wish.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { itemAt } from "../api/client.ts";
import { Replay } from "./replay.svelte.ts";

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  vi.useFakeTimers();
  fetched.mockImplementation((path) => {
    const position = Number(/at\/(\d+)$/.exec(String(path))?.[1]);
    // Earlier positions answer later.
    return new Promise((resolve) =>
      setTimeout(() => resolve(new Response(JSON.stringify({ position }))), 10_000 - 2_000 * position));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  fetched.mockReset();
});

it("fetches one of many stops that were passed", async () => {
  const replay = new Replay((wish: number, signal) => itemAt("m", "i", wish, signal));
  for (const position of [1, 2, 3, 4]) replay.show(position);
  await vi.runAllTimersAsync();
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(replay.shown?.position).toBe(4);
});

it("shows the latest wish, whichever answer comes last", async () => {
  const replay = new Replay((wish: number, signal) => itemAt("m", "i", wish, signal));
  replay.show(1);
  await vi.advanceTimersByTimeAsync(1_000);
  replay.show(2);
  await vi.runAllTimersAsync();
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(replay.shown?.position).toBe(2);
  expect(replay.loading).toBe(false);
});

it("does not fetch the same past twice", async () => {
  const replay = new Replay((wish: number, signal) => itemAt("m", "i", wish, signal));
  for (const position of [1, 2, 1]) {
    replay.show(position);
    await vi.runAllTimersAsync();
  }
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(replay.shown?.position).toBe(1);
});
