// The type of an item: what the forum is asked to do with it. Pure.

import type { ItemType } from "../api/types.ts";

export const ITEM_TYPES: readonly ItemType[] = ["decision", "orientation", "discussion"];

/** How titles begin that say their type themselves. */
const PREFIXES: Record<ItemType, RegExp> = {
  decision: /^(beslutning|godkendelse)\b/i,
  orientation: /^(orientering|status)\b/i,
  discussion: /^(drøftelse|temadrøftelse)\b/i,
};

/** The type that a title names, or null: "Orientering om skolemad" is an orientation. */
export const typeOfTitle = (title: string): ItemType | null =>
  ITEM_TYPES.find((type) => PREFIXES[type].test(title.trim())) ?? null;
