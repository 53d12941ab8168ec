// Refused texts as a person wrote them. The log keeps each change by itself, often one letter.
import type { Refused } from "../api/types.ts";

/** What one person wrote in one document without a longer pause is one text. */
const PAUSE_MS = 5 * 60 * 1000;

/** Joins what was written in one go; the time and position are those of its last part. */
export function joined(texts: Refused[]): Refused[] {
  const result: Refused[] = [];
  for (const text of texts) {
    const before = result.at(-1);
    if (before && oneGo(before, text)) result[result.length - 1] = { ...text, text: before.text + text.text };
    else result.push(text);
  }
  return result.filter((text) => text.text.trim() !== "");
}

const oneGo = (before: Refused, after: Refused): boolean =>
  before.by.user === after.by.user && before.document === after.document && before.reason === after.reason
  && after.at - before.at <= PAUSE_MS;

/** Those that are not among the person's own texts as this computer has kept them: shown once, not twice. */
export function notKeptHere(texts: readonly Refused[], you: string, here: readonly string[]): Refused[] {
  const kept = here.map(letters);
  return texts.filter(({ by, text }) => by.user !== you || !kept.some((words) => words.includes(letters(text))));
}

/** Line breaks and spaces differ between the two: the log has what was typed, this computer what stood there. */
const letters = (text: string): string => text.replace(/\s+/g, "");
