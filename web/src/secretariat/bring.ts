// Which items can be copied from a meeting, and which meetings take one. Pure.
import type { ForumView, MeetingView } from "../api/types.ts";
import { t } from "../i18n/index.ts";

type Option = { value: string; text: string };

/** In agenda order, then those that were withdrawn; one that was moved stands on another agenda. */
export function itemsToCopy(meeting: Pick<MeetingView, "items" | "withdrawn">): Option[] {
  const listed = meeting.items.map(({ id, number, title }) => ({ value: id, text: `${number}. ${title}` }));
  const withdrawn = meeting.withdrawn.filter(({ moved_to }) => moved_to === null);
  return [...listed, ...withdrawn.map(({ id, title }) => ({ value: id, text: t("bring.withdrawn", { title }) }))];
}

/** The forum's other meetings with an agenda that is open, the next one first. */
export const meetingsToMoveTo = (forum: Pick<ForumView, "meetings">, here: string): ForumView["meetings"] =>
  forum.meetings.filter(({ id, phase }) => id !== here && phase === "open").reverse();
