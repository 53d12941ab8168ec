// What was decided on each item, as far as it is written. Pure.
import type { Block, ItemText } from "../api/types.ts";

/** The one section of a decision. */
const DECISION = "beslutning";
const RECOMMENDATION = "indstilling";

const section = (all: readonly ItemText[], item: string, key: string) =>
  all.find((one) => one.item === item)?.sections.find((one) => one.key === key);

/** Whether the item has a decision. */
export const decided = (all: readonly ItemText[], item: string): boolean => section(all, item, DECISION) !== undefined;

/** What was recommended, for whoever writes the decision. */
export const recommended = (all: readonly ItemText[], item: string): Block[] =>
  section(all, item, RECOMMENDATION)?.blocks ?? [];
