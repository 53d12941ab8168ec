// How many printed pages a text takes: an estimate from its blocks alone, made for the style of the
// published page (crates/publish/src/html/style.css, `@media print`) on A4. Pure.

import type { Node } from "prosemirror-model";
import { children, nodes } from "./schema.ts";

// The unit is one line of body text: 10.5 pt, 1.4 apart, on a line of 170 mm.

/** An A4 page (297 mm) without its margins of 22 mm holds this many lines. */
export const LINES_PER_PAGE = 48.8;
/** Characters of Danish prose on a line, in a typeface as wide as Arial. */
export const CHARACTERS_PER_LINE = 97;
/** Forums want no more than this of an item. */
export const WISHED_PAGES = 2;

/** Each list level takes this many characters off the line. */
const CHARACTERS_PER_LEVEL = 3.5;
const AFTER_PARAGRAPH = 0.54;
/** Items stand close, and the list as a whole has the space of a paragraph after it. */
const AFTER_ITEM = 0.14;
/** A section's heading with the space around it. */
const SECTION_HEADING = 2.16;
/** A heading inside the text: its line is lower, and its space swallows that of the paragraph before. */
const HEADING_LINE = 0.89;
const AROUND_HEADING = 0.46;

/** Table text is smaller than the rest: its lines are lower and hold more. */
const TABLE_LINE = 0.89;
const TABLE_CHARACTERS = 1.17;
const AFTER_TABLE = 0.71;
/** What border and padding of a cell take of a line's characters, and of a row's height. */
const CELL_CHARACTERS = 2;
const CELL_PADDING = 0.45;
const BETWEEN_CELL_PARAGRAPHS = 0.46;
/** Columns share the width after what they hold, each as if it held between so many characters. */
const NARROWEST_COLUMN = 3;
const WIDEST_COLUMN = 19;

/** Time and journal number of an item, and its title, which is larger. */
const FACTS = 1;
const AFTER_TITLE = 0.51;
const TITLE_LINE = 1.28;
const TITLE_CHARACTERS = 58;

const linesOf = (characters: number, width: number): number =>
  Math.max(1, Math.ceil(characters / Math.max(1, width)));

/** A block's words as lines; line breaks that the writer made count too. */
function textLines(block: Node, width: number): number {
  const parts = block.textBetween(0, block.content.size, "\n", "\n").split("\n");
  return parts.reduce((sum, part) => sum + linesOf(part.length, width), 0);
}

const known = new WeakMap<Node, number>();

/** The lines a block of a section takes. Blocks are immutable, so each is measured once. */
function blockLines(block: Node): number {
  const lines = known.get(block) ?? measured(block, CHARACTERS_PER_LINE);
  known.set(block, lines);
  return lines;
}

function measured(block: Node, width: number): number {
  if (block.type === nodes.table) return tableLines(block, width);
  if (!block.isTextblock || block.content.size === 0) return 0;
  if (block.type === nodes.heading) return textLines(block, width) * HEADING_LINE + AROUND_HEADING;
  if (block.type !== nodes.list_item) return textLines(block, width) + AFTER_PARAGRAPH;
  const indent = (Number(block.attrs["indent"]) + 1) * CHARACTERS_PER_LEVEL;
  return textLines(block, width - indent) + AFTER_ITEM;
}

/** A row is as high as its highest cell. */
function tableLines(table: Node, width: number): number {
  const shares = columnShares(table);
  const share = ({ column, span }: Spanned) =>
    shares.slice(column, column + span).reduce((sum, one) => sum + one, 0);
  const rows = children(table).map((row) =>
    Math.max(0, ...spanned(row).map((place) => cellLines(place.cell, width * share(place)))),
  );
  return rows.reduce((sum, one) => sum + one, 0) + AFTER_TABLE;
}

function cellLines(cell: Node, width: number): number {
  const blocks = children(cell).map((block) => {
    const indent = block.type === nodes.list_item ? CHARACTERS_PER_LEVEL : 0;
    return textLines(block, width * TABLE_CHARACTERS - CELL_CHARACTERS - indent) * TABLE_LINE;
  });
  const between = (blocks.length - 1) * BETWEEN_CELL_PARAGRAPHS;
  return blocks.reduce((sum, one) => sum + one, CELL_PADDING + between);
}

type Spanned = { cell: Node; column: number; span: number };

/** The cells of a row with the column each begins in; what spans from rows above is left out. */
function spanned(row: Node): Spanned[] {
  let column = 0;
  return children(row).map((cell) => {
    const span = Math.max(1, Number(cell.attrs["colspan"]) || 1);
    const place = { cell, column, span };
    column += span;
    return place;
  });
}

/** Which part of the width each column gets. */
function columnShares(table: Node): number[] {
  const wanted: number[] = [];
  for (const { cell, column, span } of children(table).flatMap(spanned)) {
    const longest = Math.max(...children(cell).map((block) => block.content.size)) / span;
    for (let at = column; at < column + span; at++) {
      wanted[at] = Math.max(wanted[at] ?? NARROWEST_COLUMN, Math.min(longest, WIDEST_COLUMN));
    }
  }
  const total = wanted.reduce((sum, one) => sum + one, 0);
  return wanted.map((one) => one / total);
}

export type PrintedItem = { title: string; attachments: readonly string[] };
/** One section as it would be printed. */
export type PrintedSection = { nothing: boolean; text: Node };

export const isEmpty = (text: Node): boolean => children(text).every((block) => block.textContent.trim() === "");

function sectionLines({ nothing, text }: PrintedSection): number {
  if (isEmpty(text)) return nothing ? SECTION_HEADING + 1 + AFTER_PARAGRAPH : 0;
  const blocks = children(text);
  const isItem = (block: Node | undefined) => block?.type === nodes.list_item;
  const lists = blocks.filter((block, index) => isItem(block) && !isItem(blocks[index - 1])).length;
  return SECTION_HEADING + lists * AFTER_PARAGRAPH + blocks.reduce((sum, block) => sum + blockLines(block), 0);
}

/** The pages that an item takes, which begins on a page of its own. */
export function printedPages(item: PrintedItem, sections: readonly PrintedSection[]): number {
  const head = linesOf(item.title.length, TITLE_CHARACTERS) * TITLE_LINE + AFTER_TITLE + FACTS;
  const names = item.attachments.map((name) => linesOf(name.length, CHARACTERS_PER_LINE) + AFTER_ITEM);
  const attachments = names.length > 0 ? SECTION_HEADING + AFTER_PARAGRAPH : 0;
  const lines = [head, attachments, ...names, ...sections.map(sectionLines)];
  return lines.reduce((sum, one) => sum + one, 0) / LINES_PER_PAGE;
}

/** To the nearest half page, as people speak of it; never less than half a page. */
export const halfPages = (pages: number): number => Math.max(0.5, Math.round(pages * 2) / 2);

export const wordCount = (text: Node): number =>
  text.textBetween(0, text.content.size, " ", " ").split(/\s+/).filter((word) => word !== "").length;
