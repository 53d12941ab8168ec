// What the editions of a meeting are called, and how far the meeting has come with them. Pure.
import type { EditionKind, MeetingView } from "../api/types.ts";
import { type Key, t } from "../i18n/index.ts";

type Edition = { kind: EditionKind; corrects: number | null };
type Staged = Pick<MeetingView, "phase" | "work" | "publications">;

/** "Referat", "Rettet referat". */
export const editionName = ({ kind, corrects }: Edition): string =>
  t(corrects === null ? `edition.kind.${kind}` : `edition.correction.${kind}`);

export const hasMinutes = ({ publications }: Pick<MeetingView, "publications">): boolean =>
  publications.some(({ kind }) => kind === "minutes");

/** What is being done, beyond the agenda itself: the part of a key that names it. */
export type Stage =
  | `${"supplement" | "correction"}.${"open" | "frozen"}`
  | `minutes.${"frozen" | "published"}`;

/** The stage of a meeting; undefined while it is about the agenda itself. */
export function stageOf({ phase, work, publications }: Staged): Stage | undefined {
  if (phase === "published") return hasMinutes({ publications }) ? "minutes.published" : undefined;
  if (work.corrects !== null) return `correction.${phase}`;
  if (work.kind === "supplement") return `supplement.${phase}`;
  return work.kind === "minutes" ? "minutes.frozen" : undefined;
}

export function badgeOf(meeting: Staged): string {
  const stage = stageOf(meeting);
  return stage ? t(`badge.${stage}`) : t(`phase.${meeting.phase}`);
}

/** A sentence on where the meeting stands. */
export function stageText(meeting: Staged): string {
  const stage = stageOf(meeting);
  if (stage === undefined) return t(`phase.${meeting.phase}.explained`);
  const { corrects, correction_reason } = meeting.work;
  // Only a correction has places to be filled in.
  return t(`stage.${stage}` as Key, { edition: corrects ?? 0, reason: correction_reason ?? "" } as never);
}

/** What stands on the buttons and dialogs that freeze and publish. */
export function words({ work }: Pick<MeetingView, "work">) {
  if (work.corrects !== null) return { freeze: t("correction.freeze"), publish: t("publish.correction") };
  if (work.kind === "supplement") return { freeze: t("supplement.freeze"), publish: t("publish.supplement") };
  if (work.kind === "minutes") return { freeze: t("minutes.freeze"), publish: t("publish.minutes") };
  return undefined;
}
