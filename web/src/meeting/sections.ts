// The headings of an item's documents: the case has those of the template, the others are fixed.
import type { DocumentKind, ItemSummary, TemplateSection } from "../api/types.ts";
import { type Key, t } from "../i18n/index.ts";

const FIXED = {
  planning: ["planning.formaal", "planning.maalgruppe", "planning.budskab", "planning.proces"],
  decision: ["decision.beslutning"],
} as const satisfies Record<Exclude<DocumentKind, "case">, Key[]>;

/** The sections of a document in the language of the reader. */
export function sectionsOf(kind: DocumentKind, template: TemplateSection[]): TemplateSection[] {
  if (kind === "case") return template;
  return FIXED[kind].map((key) => ({
    key: key.slice(key.indexOf(".") + 1),
    heading: t(key),
    guidance: t(`${key}.guidance`),
  }));
}

const KINDS: DocumentKind[] = ["case", "planning", "decision"];

/** The documents of an item that the reader may see, in the order of the tabs. */
export const readable = (item: ItemSummary): DocumentKind[] =>
  KINDS.filter((kind) => item.access[kind] !== "none");

/** Whether the planning form can stand beside the text: both are there to be read. */
export const mayReadBeside = (item: ItemSummary): boolean =>
  readable(item).includes("planning") && readable(item).includes("case");
