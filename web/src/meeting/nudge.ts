// Which commits make a meeting worth reading again. Pure.
import type { CommitNotice } from "../api/types.ts";

/** Events that change nothing of what a meeting's pages show. */
const SILENT = new Set(["ChangesRecorded", "ActorBound"]);

/** `shown` is the log position of the meeting that is on the screen. */
export function isNews(notice: CommitNotice, shown: number): boolean {
  return notice.position > shown && notice.kinds.some((kind) => !SILENT.has(kind));
}
