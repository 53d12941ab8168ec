// A difference as it is shown: which side of it, whose words, which number a list item has. Pure.
import type { BlockKind, Credit, DiffBlock, DiffCell, DiffRun, Person } from "../api/types.ts";
import { mediumDate, moment } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";

export type Side = "both" | "before" | "after";
/** Who and when, of everything in a difference. */
export type Named = { people: Person[]; credits: Credit[] };

/** How many colours and lines the theme has for people. */
const LOOKS = 8;

/** The person's place among the people of a difference. */
export const placeOf = ({ credits }: Named, credit: number | null): number | undefined =>
  credit === null ? undefined : credits[credit]?.person;

export const lookOf = (place: number): string => `person-${place % LOOKS}`;

/** "Bo Ærø", or what is known of an imported text. */
export function nameOf(named: Named, credit: number | null): string | undefined {
  const known = credit === null ? undefined : named.credits[credit];
  const name = known && named.people[known.person]?.name;
  if (!known || name === undefined) return undefined;
  return known.source ? t("history.imported", { name, file: known.source.file, line: known.source.line }) : name;
}

/** "Bo Ærø, 3. marts 2026 kl. 10.12" */
export function toldOf(named: Named, credit: number | null): string | undefined {
  const name = nameOf(named, credit);
  const known = credit === null ? undefined : named.credits[credit];
  return name && known ? fromWhere(t("history.wroteAt", { name, at: moment(known.at) }), known) : undefined;
}

/** What is told of somebody's words, with the meeting that they were brought from. */
export function fromWhere(who: string, { brought }: Credit): string {
  return brought ? t("origin.words", { who, date: mediumDate(brought.date), by: brought.by.name }) : who;
}

/** The items that some of the text was brought from, each once. */
export function broughtFrom({ credits }: Named): NonNullable<Credit["brought"]>[] {
  const all = credits.flatMap(({ brought }) => brought ?? []);
  return all.filter((one, at) => all.findIndex(({ meeting, item }) => meeting === one.meeting && item === one.item) === at);
}

export function kindName(kind: BlockKind): string {
  if (kind.type === "heading") return t("history.kindOf.heading", { level: kind.level });
  if (kind.type === "list_item") return t(kind.ordered ? "history.kindOf.ordered" : "history.kindOf.unordered");
  return t("history.kindOf.paragraph");
}

const HIDDEN: Record<Side, string | undefined> = { both: undefined, before: "inserted", after: "deleted" };

/** Whether something of this fate stands on the side. */
export const isOn = (side: Side, change: string): boolean => HIDDEN[side] !== change;

/** The runs that stand on a side. */
export const runsOn = (side: Side, runs: DiffRun[]): DiffRun[] => runs.filter((run) => isOn(side, run.change));

/** Whether anything of a block stands on a side. */
export function blockIsOn(side: Side, block: DiffBlock): boolean {
  if (isOn(side, block.change)) return true;
  return block.type === "text" && runsOn(side, block.runs).length > 0;
}

/** Whether a cell is a header on a side. */
export const isHeader = (side: Side, cell: DiffCell): boolean => cell.header !== (side === "before" && cell.became === true);

/** Whether anything in a block is not as it was. */
export function isChanged(block: DiffBlock): boolean {
  if (block.change !== "kept") return true;
  if (block.type === "text") return block.was != null || block.runs.some((run) => run.change !== "kept" || run.restyled);
  return block.rows.some((row) => row.change !== "kept" || row.cells.some((cell) => cell.change !== "kept" || cell.became || cell.blocks.some(isChanged)));
}

/** The number of each numbered item on a side; 0 for all else. Counted as the page prints them. */
export function numbers(blocks: DiffBlock[], side: Side): number[] {
  /** By level: the kind of list that is open there, and its last number. */
  let open: { ordered: boolean; last: number }[] = [];
  return blocks.map((block) => {
    if (!isOn(side === "before" ? "before" : "after", block.change)) return 0;
    if (block.type !== "text" || block.kind.type !== "list_item") {
      open = [];
      return 0;
    }
    const { ordered, indent } = block.kind;
    const depth = Math.min(indent, open.length);
    const before = open[depth];
    const last = (before?.ordered === ordered ? before.last : 0) + 1;
    open = [...open.slice(0, depth), { ordered, last }];
    return ordered ? last : 0;
  });
}
