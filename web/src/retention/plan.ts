// A retention plan as it is read from a form and told in words. Pure.
import type { RetentionClass, RetentionPlan } from "../api/types.ts";
import { t, tn } from "../i18n/index.ts";

export const CLASSES = ["closed", "open", "withdrawn"] as const satisfies readonly RetentionClass[];
/** The server takes no more: fifty years. */
export const MAX_MONTHS = 600;
const YEAR = 12;

/** What stands in the fields for one class. */
export type Written = { limited: boolean; years: string; months: string };

export const written = (months: number | null): Written => ({
  limited: months !== null,
  years: months === null ? "5" : String(Math.floor(months / YEAR)),
  months: months === null ? "" : String(months % YEAR),
});

/** Months in all; null for never, undefined for what is no time within the limits. */
export function readTime({ limited, years, months }: Written): number | null | undefined {
  if (!limited) return null;
  const parts = [years.trim() || "0", months.trim() || "0"];
  if (!parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  const all = Number(parts[0]) * YEAR + Number(parts[1]);
  return all >= 1 && all <= MAX_MONTHS ? all : undefined;
}

export const isSame = (one: RetentionPlan, other: RetentionPlan): boolean =>
  CLASSES.every((kind) => one[kind] === other[kind]);

/** "1 år og 6 måneder". */
export function span(months: number): string {
  const years = tn("retention.years", Math.floor(months / YEAR));
  const rest = tn("retention.months", months % YEAR);
  if (months < YEAR) return rest;
  return months % YEAR === 0 ? years : t("retention.span", { years, months: rest });
}

/** "lukkede punkter efter 5 år, åbne punkter aldrig". */
export function told(plan: RetentionPlan): string {
  const time = (months: number | null) =>
    months === null ? t("retention.told.never") : t("retention.told.after", { span: span(months) });
  return CLASSES.map((kind) => t(`retention.told.${kind}`, { time: time(plan[kind]) })).join(", ");
}

/** Why an item is erased under the plan, as everybody can read it. */
export const reasonOf = (kind: RetentionClass, plan: RetentionPlan): string =>
  t(`retention.reason.${kind}`, { span: span(plan[kind] ?? 0) });
