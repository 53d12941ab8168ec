// A forum's policy for drafts as it is read from a form and told in words. Pure.
import type { DraftPolicy } from "../api/types.ts";
import { t, tn } from "../i18n/index.ts";

export const DETAILS = ["change_sets", "steps"] as const satisfies readonly DraftPolicy["detail"][];
/** The server takes no more: ten years. */
export const MAX_DAYS = 3_650;

/** Whole days from 0; undefined for anything else. */
export function readDays(text: string): number | undefined {
  const days = text.trim();
  return /^\d{1,4}$/.test(days) && Number(days) <= MAX_DAYS ? Number(days) : undefined;
}

export function told({ days, detail }: DraftPolicy): string {
  const time = days === null ? t("drafts.told.always") : days === 0 ? t("drafts.told.none") : tn("drafts.told", days);
  return `${time} ${t(`drafts.told.${detail}`)}`;
}
