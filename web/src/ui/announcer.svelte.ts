// One polite live region for the whole client: what happened, said to readers of screens. Messages
// that come close together are all said: each is a line of its own for a while.

export type Announcement = { id: number; text: string };

/** Long enough to be read out; gone before someone comes across it by reading the page. */
const STAYS_MS = 7_000;
/** Whoever is told more than this at once hears the latest. */
const MOST = 5;

let lines = $state.raw<readonly Announcement[]>([]);
let said = 0;

export const announcements = (): readonly Announcement[] => lines;

export function announce(text: string): void {
  const line = { id: ++said, text };
  lines = [...lines, line].slice(-MOST);
  setTimeout(() => (lines = lines.filter((one) => one !== line)), STAYS_MS);
}
