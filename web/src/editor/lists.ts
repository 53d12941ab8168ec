// Lists are flat in the shared text: kind and indent. Here is how they nest, as the published
// document shows them (publish::tree): an item encloses the deeper ones that follow it, and
// numbers go on past what is nested.

import type { Node } from "prosemirror-model";
import { children, isCell, nodes } from "./schema.ts";

/** Where an item is: how deep from 0, its number in its list from 1, and how many that list has. */
export type ItemPlace = { depth: number; number: number; count: number };

type List = { ordered: boolean; count: number };
type Open = { indent: number; depth: number; list: List };

/** The place of each block that is an item; null for the others. */
export function itemPlaces(blocks: readonly Node[]): (ItemPlace | null)[] {
  const open: Open[] = [];
  const found = blocks.map((block) => {
    if (block.type !== nodes.list_item) {
      open.length = 0;
      return null;
    }
    const indent = Number(block.attrs["indent"]);
    const ordered = Boolean(block.attrs["ordered"]);
    let sibling: Open | undefined;
    while (open.length > 0 && open.at(-1)!.indent >= indent) sibling = open.pop();
    const list = sibling?.list.ordered === ordered ? sibling.list : { ordered, count: 0 };
    const place = { depth: open.length, number: ++list.count };
    open.push({ indent, depth: open.length, list });
    return { place, list };
  });
  return found.map((item) => item && { ...item.place, count: item.list.count });
}

/** All places of a document, cells included, with the position of each item. */
export function placesIn(doc: Node): { position: number; node: Node; place: ItemPlace }[] {
  const found: { position: number; node: Node; place: ItemPlace }[] = [];
  const region = (parent: Node, start: number) => {
    const places = itemPlaces(children(parent));
    parent.forEach((node, offset, index) => {
      const place = places[index];
      if (place) found.push({ position: start + offset, node, place });
    });
  };
  region(doc, 0);
  doc.descendants((node, position) => {
    if (isCell(node)) region(node, position + 1);
    return !node.isTextblock && !isCell(node);
  });
  return found;
}
