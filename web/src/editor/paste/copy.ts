// What is copied out: clean, nested HTML that office programs understand, and readable plain text.

import { DOMSerializer, Fragment } from "prosemirror-model";
import type { Node, Slice } from "prosemirror-model";
import { itemPlaces } from "../lists.ts";
import { children, nodes, safeLink, schema } from "../schema.ts";

type Options = { document?: Document };

class CopySerializer extends DOMSerializer {
  override serializeFragment(fragment: Fragment, options: Options = {}, target?: HTMLElement | DocumentFragment) {
    const page = options.document ?? document;
    const into = target ?? page.createDocumentFragment();
    const blocks = fragment.content;
    if (blocks.some(({ isInline }) => isInline)) return super.serializeFragment(fragment, options, into);
    for (let at = 0; at < blocks.length;) {
      const block = blocks[at]!;
      const end = endOfItems(blocks, at);
      if (end > at) this.lists(blocks.slice(at, end), options, into, 0);
      else if (block.type === nodes.table) into.append(this.table(block, options));
      else into.append(this.serializeNode(block, options));
      at = Math.max(end, at + 1);
    }
    return into;
  }

  /** Items as nested lists, as the published document has them (publish::tree). */
  private lists(items: readonly Node[], options: Options, into: ParentNode, depth: number): void {
    const page = options.document ?? document;
    let list: HTMLElement | undefined;
    for (let at = 0; at < items.length;) {
      const item = items[at]!;
      const name = item.attrs["ordered"] ? "ol" : "ul";
      if (list?.localName !== name) {
        list = page.createElement(name);
        into.append(list);
      }
      const element = list.appendChild(page.createElement("li"));
      // So that one's own paste brings back a level that this nesting does not show.
      if (item.attrs["indent"] !== depth) element.dataset["indent"] = String(item.attrs["indent"]);
      super.serializeFragment(item.content, options, element);
      let end = at + 1;
      while (end < items.length && items[end]!.attrs["indent"] > item.attrs["indent"]) end++;
      this.lists(items.slice(at + 1, end), options, element, depth + 1);
      at = end;
    }
  }

  private table(table: Node, options: Options): HTMLElement {
    const page = options.document ?? document;
    const element = page.createElement("table");
    const rows = children(table);
    const heads = rows.findIndex((row) => children(row).some(({ type }) => type !== nodes.table_header));
    const part = (name: string, some: readonly Node[]) => {
      if (some.length > 0) this.serializeFragment(Fragment.from(some), options, element.appendChild(page.createElement(name)));
    };
    const count = heads < 0 ? rows.length : heads;
    part("thead", rows.slice(0, count));
    part("tbody", rows.slice(count));
    return element;
  }
}

function endOfItems(blocks: readonly Node[], from: number): number {
  let end = from;
  while (blocks[end]?.type === nodes.list_item) end++;
  return end;
}

const asShown = DOMSerializer.fromSchema(schema);

export const copySerializer: DOMSerializer = new CopySerializer(
  { ...asShown.nodes, heading: (node) => [`h${node.attrs["level"]}`, 0] },
  {
    ...asShown.marks,
    link: ({ attrs }) => {
      const href = safeLink(String(attrs["href"]));
      return href ? ["a", { href }, 0] : ["span", 0];
    },
  },
);

/** The copied words: items with their bullets and numbers, a line for each row of a table. */
export function copyText(slice: Slice): string {
  const blocks = slice.content.content;
  const places = itemPlaces(blocks);
  return blocks
    .map((block, index) => {
      const place = places[index];
      const gap = index === 0 ? "" : (place && places[index - 1]) || isRow(block) ? "\n" : "\n\n";
      if (!place) return gap + blockText(block);
      const sign = block.attrs["ordered"] ? `${place.number}.` : "-";
      return `${gap}${"  ".repeat(place.depth)}${sign} ${inlineText(block)}`;
    })
    .join("");
}

const isRow = (block: Node): boolean => block.type === nodes.table_row;

function blockText(block: Node): string {
  if (block.type === nodes.table) return children(block).map(blockText).join("\n");
  if (isRow(block)) return children(block).map(cellText).join("\t");
  if (block.isTextblock) return inlineText(block);
  return block.isText ? (block.text ?? "") : cellText(block);
}

/** A cell stays in its row, whatever is in it. */
const cellText = (cell: Node): string => children(cell).map(inlineText).join(" ").replace(/\s*\n\s*/g, " ");

const inlineText = (block: Node): string => block.textBetween(0, block.content.size, "\n", "\n");
