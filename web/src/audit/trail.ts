// What is wanted of the audit trail and of the access log, as a query. Pure.
import type { HistoryKind, Looked } from "../api/types.ts";

export type TrailFilter = {
  person: string;
  item: string;
  kind: HistoryKind | "";
  /** Days as a date field gives them, "2026-11-22"; empty for any. */
  from: string;
  to: string;
  words: string;
  /** Also every checkpoint that the service signed. */
  checkpoints: boolean;
};

export const NO_FILTER: Readonly<TrailFilter> = { person: "", item: "", kind: "", from: "", to: "", words: "", checkpoints: false };

export type AccessFilter = { month: string; person: string; what: Looked | ""; refused: boolean };

/** Where a day begins, for whoever reads; `later` days after it. Undefined for what is no day. */
export function startOf(day: string, later = 0): number | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + later).getTime();
}

/** The filter as the server is asked. Both days count. */
export function trailQuery(filter: TrailFilter): Record<string, string> {
  const { person, item, kind, words } = filter;
  const days = { from: startOf(filter.from), until: startOf(filter.to, 1) };
  return filled({ person, item, kind, words: words.trim(), ...days, checkpoints: filter.checkpoints ? "true" : "" });
}

export const accessQuery = ({ month, person, what, refused }: AccessFilter): Record<string, string> =>
  filled({ month, person, what, refused: refused ? "true" : "" });

/** Only what says something. */
function filled(query: Record<string, string | number | undefined>): Record<string, string> {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(said.map(([key, value]) => [key, String(value)]));
}

/** What the access log tells of. */
export const LOOKED = [
  "replay", "blame", "diff", "history", "trail", "trail_file", "access", "access_file", "command",
] as const satisfies readonly Looked[];
