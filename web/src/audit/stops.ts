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
