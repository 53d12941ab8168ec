// Collects the blocks of pasted text from its words: white space as a browser shows it, empty
// paragraphs dropped, list levels without gaps.

import { MAX_INDENT } from "../schema.ts";
import type { Block, Run, TextBlock, TextKind } from "./pasted.ts";

type Looks = { bold: boolean; italic: boolean; href: string | null };

/** Characters that have no place in a published text: controls, direction overrides, and what nobody sees. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc\ufffe\uffff]/g;

export class BlockWriter {
  private readonly done: Block[] = [];
  private open: TextBlock | null = null;
  /** The items that are open around this place, the innermost last. */
  private readonly items: TextKind[] = [];
  private breakBefore = false;

  constructor(private readonly keepSpace: boolean) {}

  /** Ends the block before and begins one of this kind. */
  begin(kind: TextKind): void {
    if (this.items.length > 0) return this.beginParagraph();
    this.end();
    this.open = { ...kind, runs: [] };
  }

  /** A paragraph; inside of an item it is a new line of that. */
  beginParagraph(): void {
    if (this.items.length > 0) this.breakBefore = true;
    else this.begin({ kind: "paragraph" });
  }

  end(): void {
    if (this.items.length > 0) this.breakBefore = true;
    else this.close();
  }

  beginItem(kind: TextKind): void {
    this.close();
    this.items.push(kind);
    this.open = { ...kind, runs: [] };
  }

  endItem(): void {
    this.close();
    this.items.pop();
  }

  text(text: string, { bold, italic, href }: Looks): void {
    const shown = text.replace(UNSEEN, "").replace(this.keepSpace ? /[\r\n]+/g : /[\s\u00a0]+/g, " ");
    if (!this.open && shown.trim() === "") return;
    const block = (this.open ??= { ...(this.items.at(-1) ?? { kind: "paragraph" }), runs: [] });
    if (this.breakBefore && shown.trim() !== "") {
      this.breakBefore = false;
      if (wordsOf(block).trim() !== "") this.lineBreak();
    }
    const words = this.keepSpace || !/(^|\s)$/.test(wordsOf(block)) ? shown : shown.replace(/^ /, "");
    push(block.runs, { text: words, bold, italic, href });
  }

  lineBreak(): void {
    if (!this.open) return;
    if (!this.keepSpace) trimEnd(this.open.runs);
    push(this.open.runs, { text: "\n", bold: false, italic: false, href: null });
  }

  /** Blocks that are ready, as a table; in a list they stand between its items. */
  blocks(blocks: readonly Block[]): void {
    this.close();
    this.done.push(...blocks);
  }

  finish(): Block[] {
    this.close();
    return this.keepSpace ? this.done : withoutGaps(this.done);
  }

  private close(): void {
    const block = this.open;
    this.open = null;
    this.breakBefore = false;
    if (!block) return;
    if (this.keepSpace) this.done.push(block);
    else this.done.push(...paragraphsOf(block).filter((part) => wordsOf(part) !== ""));
  }
}

const wordsOf = (block: TextBlock): string => block.runs.map(({ text }) => text).join("");

function push(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (run.text === "") return;
  if (last && last.bold === run.bold && last.italic === run.italic && last.href === run.href) last.text += run.text;
  else runs.push({ ...run });
}

function trimEnd(runs: Run[]): void {
  for (let last = runs.at(-1); last; last = runs.at(-1)) {
    last.text = last.text.replace(/ +$/, "");
    if (last.text !== "") return;
    runs.pop();
  }
}

/** Mail programs write an empty line where a paragraph ends. Looks that all of a heading has are its own. */
function paragraphsOf(block: TextBlock): TextBlock[] {
  const parts: TextBlock[] = [{ ...block, runs: [] }];
  const bold = block.kind !== "heading" || !block.runs.every((run) => run.bold || run.text.trim() === "");
  for (const run of block.runs) {
    const pieces = block.kind === "paragraph" ? run.text.split(/\n{2,}/) : [run.text];
    pieces.forEach((text, index) => {
      if (index > 0) parts.push({ ...block, runs: [] });
      push(parts.at(-1)!.runs, { ...run, text, bold: run.bold && bold });
    });
  }
  for (const part of parts) trimAround(part.runs);
  return parts;
}

function trimAround(runs: Run[]): void {
  for (let first = runs[0]; first; first = runs[0]) {
    first.text = first.text.replace(/^[ \n]+/, "");
    if (first.text !== "") break;
    runs.shift();
  }
  for (let last = runs.at(-1); last; last = runs.at(-1)) {
    last.text = last.text.replace(/[ \n]+$/, "");
    if (last.text !== "") break;
    runs.pop();
  }
}

/** List levels from 0 up without gaps, whatever levels the items were copied from. */
export function withoutGaps(blocks: readonly Block[]): Block[] {
  const levels: number[] = [];
  return blocks.map((block) => {
    if (block.kind !== "item") {
      levels.length = 0;
      return block;
    }
    while (levels.length > 0 && levels.at(-1)! > block.indent) levels.pop();
    if (levels.length === 0 || levels.at(-1)! < block.indent) levels.push(block.indent);
    return { ...block, indent: Math.min(levels.length - 1, MAX_INDENT) };
  });
}

/** Without tables: their cells' blocks follow one another. */
export const flattened = (blocks: readonly Block[]): TextBlock[] =>
  blocks.flatMap((block) =>
    block.kind === "table" ? block.rows.flatMap((row) => row.flatMap((cell) => flattened(cell.blocks))) : [block],
  );
