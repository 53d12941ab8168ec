// The content model has flat list items with an indent; HTML wants lists inside items. Pure.
import type { Block, Inline } from "../api/types.ts";

type ListItemBlock = Extract<Block, { type: "list_item" }>;
export type List = { type: "list"; ordered: boolean; items: ListItem[] };
export type ListItem = { text: Inline[]; lists: List[] };
export type Nested = Exclude<Block, ListItemBlock> | List;

/** Gathers list items that follow each other into lists. Order and text are kept. */
export function nested(blocks: Block[]): Nested[] {
  const result: Nested[] = [];
  /** The lists that are open, outermost first. */
  let open: List[] = [];
  for (const block of blocks) {
    if (block.type !== "list_item") {
      open = [];
      result.push(block);
      continue;
    }
    open = place(block, open, result);
  }
  return result;
}

/** Puts one item in and gives the lists that are open after it. */
function place(block: ListItemBlock, open: List[], result: Nested[]): List[] {
  // An item can be at most one step deeper than the one before it.
  const depth = Math.min(Math.max(block.indent, 0), open.length);
  const kept = open.slice(0, depth + 1);
  const item: ListItem = { text: block.text, lists: [] };
  const list = kept[depth];
  if (list && list.ordered === block.ordered) {
    list.items.push(item);
    return kept;
  }
  const started: List = { type: "list", ordered: block.ordered, items: [item] };
  const parent = kept[depth - 1]?.items.at(-1);
  if (parent) parent.lists.push(started);
  else result.push(started);
  return [...kept.slice(0, depth), started];
}
