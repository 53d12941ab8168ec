// Freezes, reopenings and publications of a meeting as one list. Pure.
import type { MeetingView, Person } from "../api/types.ts";

export type Milestone = {
  kind: "freeze" | "thaw" | "publication";
  round: number;
  at: number;
  by: Person;
  /** Of a publication. */
  edition?: number;
  reason?: string;
  contentHash?: string;
  /** Position in the log; a publication has none of its own here. */
  position?: number;
  url?: string;
};

type Recorded = Pick<MeetingView, "freezes" | "thaws" | "publications">;

/** All of them, the latest first. */
export function milestones(meeting: Recorded): Milestone[] {
  const freezes = meeting.freezes.map(({ content_hash, ...rest }): Milestone => ({
    kind: "freeze", contentHash: content_hash, ...rest,
  }));
  const thaws = meeting.thaws.map((thaw): Milestone => ({ kind: "thaw", ...thaw }));
  const publications = meeting.publications.map(({ content_hash, ...rest }): Milestone => ({
    kind: "publication", contentHash: content_hash, ...rest,
  }));
  return [...freezes, ...thaws, ...publications].sort((a, b) => b.at - a.at);
}

const SHORT_HASH_LENGTH = 12;

/** The beginning of a hash, enough to compare by eye. */
export const shortHash = (hash: string): string =>
  hash.length > SHORT_HASH_LENGTH ? `${hash.slice(0, SHORT_HASH_LENGTH)}…` : hash;
