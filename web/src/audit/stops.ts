// The stops of the history scrubber: entries in time order, and which one to stand at. Pure.
import type { HistoryEntry, Milestone } from "../api/types.ts";

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

/** The milestones that stand as words on the track; the others are strokes. */
const MAJOR: readonly Milestone[] = ["created", "ready", "frozen", "thawed", "published"];

/** Whether the stop is a turn of what is looked at: of the whole agenda, an item's own are minor. */
export const isMajor = (stop: HistoryEntry, ofAgenda: boolean): boolean =>
  stop.milestone !== null && MAJOR.includes(stop.milestone) && (!ofAgenda || stop.item === null);

/** The next stop that is a milestone, in one direction; undefined if there is none. */
export function milestoneFrom(stops: HistoryEntry[], index: number, direction: 1 | -1): number | undefined {
  for (let at = index + direction; at >= 0 && at < stops.length; at += direction) {
    if (stops[at]?.milestone != null) return at;
  }
  return undefined;
}

/** The change set that a position lies within, if it is no end of one. */
export function setAround(stops: HistoryEntry[], position: number): HistoryEntry | undefined {
  if (stops.some((stop) => stop.position === position)) return undefined;
  return stops.find((stop) => stop.first_position <= position && position < stop.position);
}

/** A turn in the item's life, where it stands on the track. */
export type Mark = { index: number; stop: HistoryEntry; share: number; row: number };

/** Words nearer to each other than this share of the track stand in rows of their own. */
const WORD_SHARE = 0.16;

/** The turns among the stops, in rows in which no two words lie on each other. */
export function marksOf(stops: HistoryEntry[], ofAgenda = false): Mark[] {
  const last = Math.max(stops.length - 1, 1);
  /** Where the last word of each row stands. */
  const rows: number[] = [];
  return stops.flatMap((stop, index) => {
    if (!isMajor(stop, ofAgenda)) return [];
    const share = index / last;
    const free = rows.findIndex((taken) => share - taken >= WORD_SHARE);
    const row = free === -1 ? rows.length : free;
    rows[row] = share;
    return [{ index, stop, share, row }];
  });
}

/** Where the minor milestones stand on the track, as shares of it. */
export function strokesOf(stops: HistoryEntry[], ofAgenda = false): number[] {
  const last = Math.max(stops.length - 1, 1);
  return stops.flatMap((stop, index) => (stop.milestone !== null && !isMajor(stop, ofAgenda) ? [index / last] : []));
}

/** The position of the last freeze before the stop at `index`, if there is one. */
export function lastFrozen(stops: HistoryEntry[], index: number): number | undefined {
  return stops.slice(0, Math.max(index, 0)).findLast((stop) => stop.milestone === "frozen")?.position;
}
