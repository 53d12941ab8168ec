// Freezes, reopenings and publications of a meeting as one list. Pure.
import type { EditionKind, MeetingView, Person } from "../api/types.ts";

export type Milestone = {
  kind: "freeze" | "thaw" | "publication";
  round: number;
  at: number;
  by: Person;
  /** What was frozen or published. */
  of?: EditionKind;
  /** Of a publication. */
  edition?: number;
  /** Of a publication that corrects another. */
  corrects?: number | null;
  reason?: string;
  contentHash?: string;
  /** Position in the log; a publication has none of its own here. */
  position?: number;
  url?: string;
};

type Recorded = Pick<MeetingView, "freezes" | "thaws" | "publications">;

/** All of them, the latest first. */
export function milestones(meeting: Recorded): Milestone[] {
  const freezes = meeting.freezes.map(({ content_hash, kind, ...rest }): Milestone => ({
    ...rest, kind: "freeze", of: kind, contentHash: content_hash,
  }));
  const thaws = meeting.thaws.map((thaw): Milestone => ({ kind: "thaw", ...thaw }));
  const publications = meeting.publications.map(({ content_hash, kind, ...rest }): Milestone => ({
    ...rest, kind: "publication", of: kind, contentHash: content_hash,
  }));
  return [...freezes, ...thaws, ...publications].sort((a, b) => b.at - a.at);
}

/** Where the receipt of a freeze or a publication is had; a thaw has none. */
export function receiptUrl(meeting: string, one: Milestone): string | undefined {
  if (one.kind === "freeze") return `/api/meetings/${meeting}/freezes/${one.round}/receipt`;
  return one.kind === "publication" ? `${one.url}/kvittering.json` : undefined;
}

const SHORT_HASH_LENGTH = 12;

/** The beginning of a hash, enough to compare by eye. */
export const shortHash = (hash: string): string =>
  hash.length > SHORT_HASH_LENGTH ? `${hash.slice(0, SHORT_HASH_LENGTH)}…` : hash;
