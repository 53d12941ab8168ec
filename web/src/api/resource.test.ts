// The latest read wins, and a failed re-read keeps what is on the screen.
import { expect, it } from "vitest";
import { Problem } from "./problem.ts";
import { Resource } from "./resource.svelte.ts";

/** A resource whose reads are settled by hand, in any order. */
function byHand() {
  const reads: { resolve: (value: string) => void; reject: (thrown: unknown) => void }[] = [];
  const resource = new Resource<string>(() => new Promise((resolve, reject) => reads.push({ resolve, reject })));
  return { reads, resource };
}

it("ignores an earlier read that comes later", async () => {
  const { reads, resource } = byHand();
  const first = resource.reload();
  const second = resource.reload();
  reads[1]?.resolve("new");
  reads[0]?.resolve("old");
  await Promise.all([first, second]);
  expect(resource.value).toBe("new");
  expect(resource.loading).toBe(false);
});

it("keeps the value when a re-read fails, and forgets the problem when one succeeds", async () => {
  const { reads, resource } = byHand();
  const read = async (settle: () => void) => {
    const done = resource.reload();
    settle();
    await done;
  };
  await read(() => reads[0]?.resolve("value"));
  await read(() => reads[1]?.reject(new Problem("refused", 500, "Fejl", "Prøv igen")));
  expect([resource.value, resource.problem?.message]).toEqual(["value", "Fejl"]);
  await read(() => reads[2]?.resolve("newer"));
  expect([resource.value, resource.problem]).toEqual(["newer", undefined]);
});
