// Sends what was typed earlier and left behind before it could be sent: text of items that are no
// longer on the screen, or of a browser that was closed.

import { openDocument } from "./open.ts";
import type { Place } from "./place.ts";
import { unsentPlaces } from "./unsent.ts";

/** Longest wait for one text; it is tried again when the net comes back. */
const LIMIT_MS = 20_000;

let underWay: Promise<void> | null = null;

/** Resolves when each text is either at the server, kept as refused, or could not be sent now. */
export function sendLeftovers(user: string): Promise<void> {
  underWay ??= sendAll(user).finally(() => (underWay = null));
  return underWay;
}

/** One after the other: there may be many. */
async function sendAll(user: string): Promise<void> {
  for (const place of unsentPlaces(localStorage, user)) await sendOne(user, place);
}

async function sendOne(user: string, place: Place): Promise<void> {
  let settled = () => {};
  const done = new Promise<void>((resolve) => (settled = resolve));
  const limit = setTimeout(settled, LIMIT_MS);
  const session = openDocument(user, place, {
    state: ({ connection }) => {
      const cannot = connection.kind === "offline" || connection.kind === "closed";
      if (cannot || !isUnsent(user, place)) settled();
    },
    document: () => {},
    moved: () => settled(),
    greeted: () => {},
    problem: (thrown) => console.error("text that was left behind could not be read", thrown),
  });
  await session.start();
  await done;
  clearTimeout(limit);
  await session.close();
}

const isUnsent = (user: string, place: Place): boolean =>
  unsentPlaces(localStorage, user).some(({ document }) => document === place.document);
