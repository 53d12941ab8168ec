// The stops of the history scrubber: entries in time order, and which one to stand at. Pure.
import type { HistoryEntry } from "../api/types.ts";

/** The server gives the newest first; the scrubber runs from the oldest to the newest. */
export function stopsOf(entries: HistoryEntry[]): HistoryEntry[] {
  return [...entries].sort((a, b) => a.position - b.position);
}

/**
 * The stop to stand at after the stops have changed: the last one that is not later than
 * `position`, the first one if all are later, the newest one without a position. -1 if none.
 */
export function standAt(stops: HistoryEntry[], position: number | undefined): number {
  if (position === undefined) return stops.length - 1;
  const earlier = stops.filter((stop) => stop.position <= position).length;
  return clamp(earlier - 1, stops.length);
}

/** Keeps an index within the stops; -1 if there are none. */
export function clamp(index: number, length: number): number {
  if (length === 0) return -1;
  return Math.min(Math.max(index, 0), length - 1);
}

/** A turn in the item's life, where it stands on the track. */
export type Mark = { index: number; stop: HistoryEntry; share: number; row: number };

/** Words nearer to each other than this share of the track stand in rows of their own. */
const WORD_SHARE = 0.16;

/** The milestones among the stops, in rows in which no two words lie on each other. */
export function marksOf(stops: HistoryEntry[]): Mark[] {
  const last = Math.max(stops.length - 1, 1);
  /** Where the last word of each row stands. */
  const rows: number[] = [];
  return stops.flatMap((stop, index) => {
    if (stop.milestone === null) return [];
    const share = index / last;
    const free = rows.findIndex((taken) => share - taken >= WORD_SHARE);
    const row = free === -1 ? rows.length : free;
    rows[row] = share;
    return [{ index, stop, share, row }];
  });
}

/** The position of the last freeze before the stop at `index`, if there is one. */
export function lastFrozen(stops: HistoryEntry[], index: number): number | undefined {
  return stops.slice(0, Math.max(index, 0)).findLast((stop) => stop.milestone === "frozen")?.position;
}
