// When each item of an agenda begins and ends, and how long all of it takes. Pure.

const DAY_MINUTES = 24 * 60;

export type Slot = {
  /** "09:10", or `null` where the meeting has no readable start time. */
  from: string | null;
  /** The same as `from` for an item without minutes. */
  to: string | null;
  /** Minutes from the start of the meeting to the end of this item. */
  total: number;
};

/** Minutes since midnight of "09:05", or `null` for anything that is no time of day. */
export function minutesOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d{2})(:\d{2})?$/.exec(time);
  const hours = Number(found?.[1] ?? NaN);
  const minutes = Number(found?.[2] ?? NaN);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** "09:05" of 545; a meeting past midnight goes on at 00:00. */
export function clockTime(minutes: number): string {
  const ofDay = minutes % DAY_MINUTES;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
}

/** One slot for each item, in order. An item without minutes takes no time. */
export function schedule(start: string, items: { minutes: number | null }[]): Slot[] {
  const begins = minutesOf(start);
  const at = (minutes: number) => (begins === null ? null : clockTime(begins + minutes));
  let total = 0;
  return items.map((item) => {
    const from = at(total);
    total += item.minutes ?? 0;
    return { from, to: at(total), total };
  });
}
