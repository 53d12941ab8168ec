// What may be sent as date, time and place of a meeting. Pure.
import type { MeetingDetails } from "../api/types.ts";

/** The details without stray spaces, or `undefined` without date or time; the place can wait. */
export function complete(details: MeetingDetails): MeetingDetails | undefined {
  // Some browsers give seconds with the time.
  const given = { date: details.date, time: details.time.slice(0, 5), place: details.place.trim() };
  return given.date === "" || given.time === "" ? undefined : given;
}
