// Pasted HTML, cleaned: what Word, Outlook, Google Docs, Excel, LibreOffice and web pages put on
// the clipboard becomes the blocks, marks and tables that a section can hold. Words are kept;
// pictures, hidden text, comments and all other looks are not.

import { MAX_HEADING_LEVEL, safeLink } from "../schema.ts";
import { BlockWriter, flattened } from "./blocks.ts";
import type { Block } from "./pasted.ts";
import { escaped, toHtml } from "./pasted.ts";
import { boldIn, isHidden, italicIn, readStyleSheets, stylesOf } from "./styles.ts";
import type { StyleSheet, Styles } from "./styles.ts";
import { readTable } from "./table.ts";
import { isMarker, markerOf, wordItem } from "./word-lists.ts";

/** `pictures`: how many were left out. */
export type Cleaned = { html: string; pictures: number };

/** What holds for the words of an element. `depth`: how many lists it is in. */
type Context = {
  bold: boolean;
  italic: boolean;
  href: string | null;
  depth: number;
  ordered: boolean;
  /** Whether line ends in the text are meant. */
  lines: boolean;
};

const PLAIN: Context = { bold: false, italic: false, href: null, depth: 0, ordered: false, lines: false };

/** Elements without words of the text. */
const LEFT_OUT = new Set(
  "head style script title meta link noscript template iframe object svg math audio video canvas textarea select button xml del map".split(" "),
);
const BLOCKS = new Set(
  "p div pre blockquote address section article aside header footer main nav figure figcaption dl dt dd form fieldset center tr td th caption".split(" "),
);
/** Lists of what Word shows in the margin. */
const IN_THE_MARGIN = new Set(["comment-list", "comment"]);

/** `own`: copied in this editor, so white space and empty paragraphs are meant. */
export function clean(html: string, parse: (html: string) => Document): Cleaned {
  const page = parse(html);
  const slice = page.querySelector("[data-pm-slice]")?.getAttribute("data-pm-slice") ?? null;
  const cleaner = new Cleaner(readStyleSheets(page), slice !== null);
  const cleaned = toHtml(cleaner.read(page.body));
  // ProseMirror says there how far the copied blocks are open at both ends.
  const open = slice === null ? "" : ` data-pm-slice="${escaped(slice)}"`;
  return { html: cleaned.replace(/^<\w+/, (tag) => tag + open), pictures: cleaner.pictures };
}

class Cleaner {
  pictures = 0;

  constructor(
    private readonly sheet: StyleSheet,
    private readonly own: boolean,
  ) {}

  /** The blocks inside an element. */
  read(element: Element, context = PLAIN): Block[] {
    const blocks = new BlockWriter(this.own);
    this.children(element, context, blocks);
    return blocks.finish();
  }

  private children(parent: Element, context: Context, out: BlockWriter): void {
    for (const child of parent.childNodes) {
      if (child.nodeType === 3) lines(child.textContent ?? "", context, out);
      else if (child.nodeType === 1) this.element(child as Element, context, out);
    }
  }

  private element(element: Element, outside: Context, out: BlockWriter): void {
    const tag = element.localName;
    const styles = this.stylesFor(element);
    if (tag === "img" || tag === "v:imagedata") this.pictures++;
    if (LEFT_OUT.has(tag) || tag === "img" || isHidden(styles) || isMarker(styles) || isMarginal(element, styles)) return;
    const context = inside(element, styles, outside);
    if (tag === "br") out.lineBreak();
    else if (tag === "table") this.table(element, out);
    else if (tag === "ul" || tag === "ol") this.list(element, context, out);
    else if (tag === "li") this.item(element, context, out);
    else if (tag === "hr") out.end();
    else this.words(element, styles, context, out);
  }

  private stylesFor(element: Element): Styles {
    const own = stylesOf(element);
    const named = [...element.classList].flatMap((name) => [...(this.sheet.classes.get(name) ?? [])]);
    return named.length === 0 ? own : new Map([...named, ...own]);
  }

  /** A heading, an item of Word's, a paragraph, or words inside of one of these. */
  private words(element: Element, styles: Styles, context: Context, out: BlockWriter): void {
    const level = headingLevel(element, styles);
    if (level === null && !BLOCKS.has(element.localName)) return this.children(element, context, out);
    const item = level === null ? wordItem(element, styles, this.sheet) : null;
    if (level !== null) out.begin({ kind: "heading", level });
    else if (item) out.begin({ kind: "item", ordered: item.ordered, indent: item.level });
    else out.beginParagraph();
    // A heading has no list here, so its number is kept as words.
    const number = level === null ? "" : markerOf(element);
    if (number) out.text(`${number} `, context);
    this.children(element, context, out);
    out.end();
  }

  private list(element: Element, context: Context, out: BlockWriter): void {
    this.children(element, { ...context, depth: context.depth + 1, ordered: element.localName === "ol" }, out);
    out.end();
  }

  private item(element: Element, context: Context, out: BlockWriter): void {
    const indent = Math.max(0, (levelOf(element) ?? context.depth) - 1);
    out.beginItem({ kind: "item", ordered: context.ordered, indent });
    this.children(element, context, out);
    out.endItem();
  }

  private table(element: Element, out: BlockWriter): void {
    const read = (cell: Element) => flattened(this.read(cell, inside(cell, this.stylesFor(cell), PLAIN)));
    const blocks = readTable(element, read, (row) => isHidden(this.stylesFor(row)));
    // A table with one cell is only a frame around its words.
    const [table] = blocks;
    const frame = !this.own && table?.kind === "table" && table.rows.length === 1 && table.rows[0]?.length === 1;
    out.blocks(frame ? flattened(blocks) : blocks);
  }
}

function lines(text: string, context: Context, out: BlockWriter): void {
  const pieces = context.lines ? text.split(/\r?\n/) : [text];
  pieces.forEach((piece, index) => {
    if (index > 0) out.lineBreak();
    out.text(piece, context);
  });
}

/** Word writes comments as text with a link to each. */
const isMarginal = (element: Element, styles: Styles): boolean =>
  IN_THE_MARGIN.has(styles.get("mso-element") ?? "") ||
  styles.has("mso-comment-reference") ||
  element.classList.contains("MsoCommentReference");

/** Word's notes and cross-references are links into the document that was copied from. */
const linkOf = (target: string): string | null => (/#_(ftn|edn|toc|ref|msocom)/i.test(target) ? null : safeLink(target));

function inside(element: Element, styles: Styles, outside: Context): Context {
  const tag = element.localName;
  const strong = tag === "b" || tag === "strong" ? true : undefined;
  const slanted = tag === "i" || tag === "em" ? true : undefined;
  return {
    ...outside,
    bold: boldIn(styles) ?? strong ?? outside.bold,
    italic: italicIn(styles) ?? slanted ?? outside.italic,
    lines: outside.lines || tag === "pre",
    href: tag === "a" ? linkOf(element.getAttribute("href") ?? "") : outside.href,
  };
}

/** The level of a heading, as HTML or Word names it; null for all other elements. */
function headingLevel(element: Element, styles: Styles): number | null {
  const named = /^h([1-6])$/.exec(element.localName) ?? /\bMsoHeading(\d)/.exec(element.className);
  const found = named?.[1] ?? (element.classList.contains("MsoTitle") ? "1" : styles.get("mso-outline-level"));
  const level = Number(found);
  return found && level >= 1 ? Math.min(level, MAX_HEADING_LEVEL) : null;
}

/** Google Docs and Word for the web name the level of an item; their lists are not always nested. */
function levelOf(item: Element): number | null {
  const level = Number(item.getAttribute("aria-level") ?? item.getAttribute("data-aria-level"));
  const kept = item.getAttribute("data-indent");
  if (kept !== null) return Number(kept) + 1;
  return level >= 1 ? level : null;
}
