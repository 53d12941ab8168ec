// Dates and times as people read them, in the chosen language.
import { current } from "./lang.svelte.ts";

const locale = () => (current() === "da" ? "da-DK" : "en-GB");

/** "2026-06-17" as "onsdag den 17. juni 2026"; what is no date is given back as it is. */
export function longDate(date: string): string {
  return formatted(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** "2026-06-17" as "17. juni 2026". */
export function mediumDate(date: string): string {
  return formatted(date, { day: "numeric", month: "long", year: "numeric" });
}

/** "2026-06" as "juni 2026". */
export function monthName(month: string): string {
  return formatted(`${month}-01`, { month: "long", year: "numeric" });
}

function formatted(date: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(at);
}

/** A moment (milliseconds since 1970) with date and clock, where the reader is. */
export function moment(at: number): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short" };
  return new Intl.DateTimeFormat(locale(), options).format(new Date(at));
}

/** The same, short, for lists. */
export function shortMoment(at: number): string {
  const options: Intl.DateTimeFormatOptions = {
    day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  };
  return new Intl.DateTimeFormat(locale(), options).format(new Date(at));
}

/** For `<time datetime>`. */
export const machineTime = (at: number): string => new Date(at).toISOString();

/** 1000000 as "1.000.000". */
export const formatNumber = (number: number): string => new Intl.NumberFormat(locale()).format(number);

/** "Ada, Bo og Caja". */
export function listed(names: string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(names);
}

/** 1.5 as "1,5". */
export const decimal = (value: number): string =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value);
