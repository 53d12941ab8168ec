// Which meetings of a forum are to come and which are over. Pure.
import type { MeetingSummary } from "../api/types.ts";

export type Split = { coming: MeetingSummary[]; earlier: MeetingSummary[] };

const starts = (meeting: MeetingSummary) => `${meeting.date}T${meeting.time}`;

/** Coming: the next one first. Earlier: the latest first. A meeting today is still to come. */
export function splitMeetings(meetings: MeetingSummary[], today: string): Split {
  const ordered = [...meetings].sort((a, b) => starts(a).localeCompare(starts(b)));
  return {
    coming: ordered.filter((meeting) => meeting.date >= today),
    earlier: ordered.filter((meeting) => meeting.date < today).reverse(),
  };
}

/** "2026-06-17" where the reader is. */
export function localDate(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
