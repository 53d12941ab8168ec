// How much of an item is read: the levels, and what of a text each of them shows. Pure.

import type { SectionContent, TemplateSection } from "../api/types.ts";

export const LEVELS = ["overview", "full", "attachments"] as const;
export type ReadingLevel = (typeof LEVELS)[number];

/** What a reader in a hurry needs: what is asked of them, and what it is about. */
const OVERVIEW: readonly string[] = ["indstilling", "resume"];

export const isShownAt = (level: ReadingLevel, section: string): boolean =>
  level === "full" || (level === "overview" && OVERVIEW.includes(section));

/** An item as it is read: the sections with words, and the headings of the others. */
export type Read = { shown: SectionContent[]; nothing: string[]; empty: string[] };

export function readAt(level: ReadingLevel, template: readonly TemplateSection[], sections: readonly SectionContent[]): Read {
  const headings = (wanted: (key: string) => boolean) =>
    template.filter(({ key }) => wanted(key)).map(({ heading }) => heading);
  const byKey = new Map(sections.map((section) => [section.key, section]));
  return {
    shown: sections.filter(({ key, nothing }) => !nothing && isShownAt(level, key)),
    nothing: headings((key) => byKey.get(key)?.nothing === true),
    empty: headings((key) => !byKey.has(key)),
  };
}
