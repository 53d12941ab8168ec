// How many printed pages a text takes: an estimate from its blocks alone, made for the style of the
// published page (crates/publish/src/html/style.css, `@media print`) on A4. Pure.

import type { Node } from "prosemirror-model";
import { children, nodes } from "./schema.ts";

/** An A4 page (297 mm) less its margins holds this many lines of text (10.5 pt, 1.4 apart). */
export const LINES_PER_PAGE = 48.8;
/** Characters of Danish prose on a line of 170 mm, broken between words. */
export const CHARACTERS_PER_LINE = 92;
/** Forums want no more than this of an item. */
export const WISHED_PAGES = 2;

/** Each list level takes this many characters off the line. */
const CHARACTERS_PER_LEVEL = 4.5;
/** The space after a block, in lines. */
const AFTER_PARAGRAPH = 0.54;
const AROUND_LIST = 0.54;
const AROUND_ITEM = 0.14;
/** A heading with the space around it: a section's, and one inside the text. */
const SECTION_HEADING = 2.5;
const HEADING = 1.9;
/** Table text is smaller than the rest: its lines are lower and hold more. */
const TABLE_LINE = 0.81;
const TABLE_CHARACTERS = 1.16;
/** What a cell's border and padding take of a line's characters, and of a row's height. */
const CELL_CHARACTERS = 3;
const ROW_PADDING = 0.6;
/** Title, time and journal number of an item whose title fits on one line. */
const ITEM_HEAD = 3.2;
const TITLE_LINE = 1.35;
const TITLE_CHARACTERS = 60;

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
  if (block.type === nodes.heading) return textLines(block, width) + HEADING - 1;
  if (block.type !== nodes.list_item) return textLines(block, width) + AFTER_PARAGRAPH;
  const indent = (Number(block.attrs["indent"]) + 1) * CHARACTERS_PER_LEVEL;
  return textLines(block, width - indent) + AROUND_ITEM * 2;
}

/** A row is as high as its highest cell; columns get room after what they hold. */
function tableLines(table: Node, width: number): number {
  const shares = columnShares(table);
  const rows = children(table).map((row) => {
    let column = 0;
    const heights = children(row).map((cell) => {
      const span = Number(cell.attrs["colspan"]) || 1;
      const share = shares.slice(column, column + span).reduce((sum, one) => sum + one, 0);
      column += span;
      return cellLines(cell, width * TABLE_CHARACTERS * share - CELL_CHARACTERS);
    });
    return Math.max(1, ...heights) * TABLE_LINE + ROW_PADDING;
  });
  return rows.reduce((sum, one) => sum + one, 0) + AFTER_PARAGRAPH;
}

const cellLines = (cell: Node, width: number): number =>
  children(cell).reduce((sum, block) => sum + Math.max(1, measured(block, width)), 0) - AFTER_PARAGRAPH;

/** Which part of the width each column gets: after its longest text, but no word is without room. */
function columnShares(table: Node): number[] {
  const longest: number[] = [];
  for (const row of children(table)) {
    let column = 0;
    for (const cell of children(row)) {
      const span = Number(cell.attrs["colspan"]) || 1;
      for (let at = column; at < column + span; at++) {
        longest[at] = Math.max(longest[at] ?? MIN_COLUMN, cell.textContent.length / span);
      }
      column += span;
    }
  }
  const total = longest.reduce((sum, one) => sum + one, 0);
  return longest.map((one) => one / total);
}

/** A column is never narrower than a short word, in characters. */
const MIN_COLUMN = 8;

export type PrintedItem = { title: string; attachments: readonly string[] };
/** One section as it would be printed. */
export type PrintedSection = { nothing: boolean; text: Node };

export const isEmpty = (text: Node): boolean => children(text).every((block) => block.textContent.trim() === "");

function sectionLines({ nothing, text }: PrintedSection): number {
  if (isEmpty(text)) return nothing ? SECTION_HEADING + 1 + AFTER_PARAGRAPH : 0;
  const blocks = children(text);
  const isItem = (block: Node | undefined) => block?.type === nodes.list_item;
  const lists = blocks.filter((block, index) => isItem(block) && !isItem(blocks[index - 1])).length;
  return SECTION_HEADING + lists * AROUND_LIST + blocks.reduce((sum, block) => sum + blockLines(block), 0);
}

/** The pages that an item takes, which begins on a page of its own. */
export function printedPages(item: PrintedItem, sections: readonly PrintedSection[]): number {
  const head = ITEM_HEAD + linesOf(item.title.length, TITLE_CHARACTERS) * TITLE_LINE;
  const names = item.attachments.map((name) => linesOf(name.length, CHARACTERS_PER_LINE) + AROUND_ITEM * 2);
  const attachments = names.length > 0 ? SECTION_HEADING + AROUND_LIST : 0;
  const lines = [head, attachments, ...names, ...sections.map(sectionLines)];
  return lines.reduce((sum, one) => sum + one, 0) / LINES_PER_PAGE;
}

/** To the nearest half page, as people speak of it; never less than half a page. */
export const halfPages = (pages: number): number => Math.max(0.5, Math.round(pages * 2) / 2);

export const wordCount = (text: Node): number =>
  text.textBetween(0, text.content.size, " ", " ").split(/\s+/).filter((word) => word !== "").length;
