// What a section may contain while it is edited: the ProseMirror schema of one body text.
// It mirrors the flat block model of the item documents: every paragraph, heading and list
// item is one block at the top, lists are kind and indent, tables are blocks with rich cells.

import { Schema } from "prosemirror-model";
import type { DOMOutputSpec, Mark, Node, NodeSpec, TagParseRule } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

/** The deepest list level that is kept, counted from zero. */
export const MAX_INDENT = 7;
/** Heading levels inside a section: 1 to this, below the section's own heading (an h2). */
export const MAX_HEADING_LEVEL = 3;

/**
 * How a paragraph stands in the shared text. `own`: it has a block marker. `none`: text that
 * another program wrote without a marker. `virtual`: nothing at all is stored as long as it
 * is empty; it is there so that the caret has somewhere to stand.
 */
export type Marker = "own" | "none" | "virtual";

/**
 * Which of the texts of its cell a block stands in. Null, and always outside of tables, is the usual
 * one; others are there when two people were the first to write in one cell (`table-model`).
 */
const part = { part: { default: null } };

const LINK_SCHEMES = ["http:", "https:", "mailto:", "tel:"];

/** The target if a municipal text may point there, else null (agenda::content::safe_link). */
export function safeLink(target: string): string | null {
  const trimmed = target.trim();
  const scheme = /^([a-z][a-z0-9+.-]*:)./i.exec(trimmed)?.[1]?.toLowerCase();
  if (!scheme || !LINK_SCHEMES.includes(scheme)) return null;
  // A blank or a control character in a target is how a harmless scheme hides another one.
  return /[\u0000-\u0020\u007f-\u009f]/.test(trimmed) ? null : trimmed;
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function listDepth(element: HTMLElement): number {
  let depth = -1;
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    if (parent.tagName === "UL" || parent.tagName === "OL") depth++;
  }
  return clamp(depth, 0, MAX_INDENT);
}

function listItemAttrs(element: HTMLElement) {
  const parent = element.parentElement;
  const indent = parent?.dataset["indent"];
  return {
    ordered: parent?.tagName === "OL",
    indent: indent === undefined ? listDepth(element) : clamp(Number(indent) || 0, 0, MAX_INDENT),
  };
}

const headingRules: TagParseRule[] = [1, 2, 3, 4, 5, 6].map((size) => ({
  tag: `h${size}`,
  getAttrs: (element) => ({ level: clamp(Number(element.dataset["level"]) || size, 1, MAX_HEADING_LEVEL) }),
}));

const tables = tableNodes({
  tableGroup: "block",
  cellContent: "textblock+",
  cellAttributes: { col: { default: null }, writer: { default: "" } },
});
const table: NodeSpec = {
  ...tables.table,
  attrs: { id: { default: null }, cols: { default: [] } },
  // A wide table scrolls by itself, not with the page.
  toDOM: () => ["div", { class: "table-wrap" }, ["table", ["tbody", 0]]],
};
const tableRow: NodeSpec = { ...tables.table_row, attrs: { id: { default: null } } };

const listItem: NodeSpec = {
  group: "block textblock",
  content: "inline*",
  defining: true,
  attrs: { ordered: { default: false }, indent: { default: 0 }, ...part },
  parseDOM: [{ tag: "li", getAttrs: listItemAttrs }],
  // Each item is a list of its own: ARIA wants an item inside a list, and nesting is not stored.
  toDOM: (node) => [
    node.attrs["ordered"] ? "ol" : "ul",
    { class: "item", "data-indent": String(node.attrs["indent"]) },
    ["li", 0],
  ],
};

const marks = {
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (element: HTMLElement) => pastedLink(element) }],
    toDOM: (mark: Mark): DOMOutputSpec => {
      const href = safeLink(String(mark.attrs["href"]));
      return ["a", href ? { href, rel: "noopener noreferrer" } : { class: "dead-link" }, 0];
    },
  },
  em: {
    parseDOM: [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }],
    toDOM: (): DOMOutputSpec => ["em", 0],
  },
  strong: {
    parseDOM: [
      { tag: "strong" },
      { tag: "b", getAttrs: (element: HTMLElement) => element.style.fontWeight !== "normal" && null },
      { style: "font-weight", getAttrs: (value: string) => /^(bold(er)?|[5-9]\d{2,})$/.test(value) && null },
    ],
    toDOM: (): DOMOutputSpec => ["strong", 0],
  },
};

function pastedLink(element: HTMLElement): { href: string } | false {
  const href = safeLink(element.getAttribute("href") ?? "");
  return href === null ? false : { href };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      group: "block textblock",
      content: "inline*",
      attrs: { marker: { default: "own" }, ...part },
      parseDOM: [{ tag: "p" }],
      toDOM: () => ["p", 0],
    },
    heading: {
      group: "block textblock",
      content: "inline*",
      defining: true,
      attrs: { level: { default: 1 }, ...part },
      parseDOM: headingRules,
      toDOM: (node) => [
        `h${Number(node.attrs["level"]) + 2}`,
        { "data-level": String(node.attrs["level"]) },
        0,
      ],
    },
    list_item: listItem,
    missing_table: {
      group: "block",
      atom: true,
      attrs: { id: { default: null } },
      toDOM: () => ["div", { class: "missing-table" }, "[Tabel]"],
    },
    table,
    table_row: tableRow,
    table_cell: tables.table_cell,
    table_header: tables.table_header,
    text: { group: "inline" },
    hard_break: {
      inline: true,
      group: "inline",
      selectable: false,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
  },
  marks,
});

export const nodes = schema.nodes;

/** Whether the node stands for a table marker in the shared text. */
export const isTable = (node: Node | undefined): boolean =>
  node?.type === nodes.table || node?.type === nodes.missing_table;

export const isCell = (node: Node): boolean =>
  node.type === nodes.table_cell || node.type === nodes.table_header;

/** The children of a node as an array. */
export const children = (node: Node): readonly Node[] => node.content.content;
