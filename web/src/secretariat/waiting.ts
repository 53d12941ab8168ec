// For how long feedback has waited, and where it is read. Pure.
import type { WaitingFeedback } from "../api/types.ts";
import { threadElementId } from "../comments/threads.ts";
import { t, tn } from "../i18n/index.ts";
import { itemPath } from "../router/paths.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** "i 3 dage", by whole days. */
export function waitedFor(since: number, now: number): string {
  const days = Math.floor((now - since) / DAY_MS);
  return days < 1 ? t("contributions.today") : tn("contributions.days", days);
}

/** The thread beside the case text; other feedback is found on the item's page. */
export function placeOfFeedback(meeting: string, item: string, { kind, id, document }: Pick<WaitingFeedback, "kind" | "id" | "document">): string {
  const thread = kind === "comment" && document === "case";
  return itemPath(meeting, item) + (thread ? `#${threadElementId(id)}` : "");
}
