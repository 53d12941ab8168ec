// A large edit in several changes. The server takes changes of limited size only, and one that is
// refused would be sent again for ever, so whatever writes does it in steps that may be parted.

import type { ItemDocument } from "./table-model.ts";

/** Where to write: the document of the change that is being made just now. */
export type Target = { doc: ItemDocument };

/** Writes a piece each time it is asked for the next, and says how large that was. */
export type Steps = Generator<number, void, void>;

/**
 * The most that one change may hold, in characters or what takes about as much room. A character
 * takes one operation and a few bytes; the server's limits are 100,000 operations and 256 KiB
 * (agenda::sync).
 */
export const MOST_PER_CHANGE = 24_000;

/** What these take beside their characters. */
export const BLOCK_COST = 60;
export const MARK_COST = 60;
export const CELL_COST = 60;
export const ID_COST = 30;

/** Carries out the steps in as few changes as are needed. */
export function inChanges(
  change: (edit: (doc: ItemDocument) => void) => void,
  write: (target: Target) => Steps,
): void {
  let steps: Steps | undefined;
  let target: Target | undefined;
  let done = false;
  while (!done) {
    change((doc) => {
      target ??= { doc };
      target.doc = doc;
      steps ??= write(target);
      for (let size = 0; size < MOST_PER_CHANGE && !done;) {
        const next = steps.next();
        done = next.done === true;
        size += next.value ?? 0;
      }
    });
  }
}
