// Pasted plain text as blocks: a paragraph for each line, lists where lines look like them, and a
// table where lines that follow one another have the same number of tabs.

import type { Block, PastedCell, TextBlock } from "./pasted.ts";
import { withoutGaps } from "./blocks.ts";

/** How many spaces at the start of a line make one list level. */
const SPACES_PER_LEVEL = 2;

/** `plain`: the person asked for words without any form. */
export function plainBlocks(text: string, plain: boolean): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  if (plain) return lines.filter((line) => line.trim() !== "").map((line) => paragraph(line));
  const blocks: Block[] = [];
  const numbered = numberedLines(lines);
  for (let from = 0; from < lines.length;) {
    const to = endOfTable(lines, from);
    if (to - from >= 2) blocks.push(table(lines.slice(from, to)));
    else blocks.push(...lineBlock(lines[from] ?? "", numbered.has(from)));
    from = to - from >= 2 ? to : from + 1;
  }
  return withoutGaps(blocks);
}

const block = (kind: TextBlock, text: string): TextBlock => ({
  ...kind,
  runs: [{ text: text.trim().replace(/\t/g, " "), bold: false, italic: false, href: null }],
});
const paragraph = (text: string): TextBlock => block({ kind: "paragraph", runs: [] }, text);

const tabs = (line: string | undefined): number => (line === undefined ? 0 : line.split("\t").length - 1);

/** The first line that is no more in the table that begins here; `from` itself if none does. */
function endOfTable(lines: readonly string[], from: number): number {
  const count = tabs(lines[from]);
  let to = from;
  while (count > 0 && to < lines.length && tabs(lines[to]) === count) to++;
  // Lines that only begin with tabs are indented, not a table.
  const indented = lines.slice(from, to).every((line) => tabs(line.trimStart()) === 0);
  return indented ? from : to;
}

function table(lines: readonly string[]): Block {
  const cell = (text: string): PastedCell => ({
    header: false,
    colspan: 1,
    rowspan: 1,
    blocks: text.trim() === "" ? [] : [paragraph(text)],
  });
  return { kind: "table", rows: lines.map((line) => line.split("\t").map(cell)) };
}

const BULLET = /^(\s*)[-*•–]\s+(?=\S)/;
const NUMBER = /^(\s*)(\d+)[.)]\s+(?=\S)/;

function lineBlock(line: string, numbered: boolean): Block[] {
  if (line.trim() === "") return [];
  const found = BULLET.exec(line) ?? (numbered ? NUMBER.exec(line) : null);
  if (!found) return [paragraph(line)];
  const indent = Math.trunc((found[1] ?? "").replace(/\t/g, " ".repeat(SPACES_PER_LEVEL)).length / SPACES_PER_LEVEL);
  return [block({ kind: "item", ordered: found[2] !== undefined, indent, runs: [] }, line.slice(found[0].length))];
}

/**
 * The lines of numbered lists. "3. juni" is a date and a lone "1." no list: the numbers must begin
 * at 1 and go on, with nothing but other items between them.
 */
function numberedLines(lines: readonly string[]): Set<number> {
  const numbered = new Set<number>();
  const runs = new Map<string, number[]>();
  const end = (level: string) => {
    const run = runs.get(level) ?? [];
    if (run.length > 1) for (const index of run) numbered.add(index);
    runs.delete(level);
  };
  lines.forEach((line, index) => {
    const [, level = "", digits] = NUMBER.exec(line) ?? [];
    if (digits === undefined) {
      if (line.trim() !== "" && !BULLET.test(line)) [...runs.keys()].forEach(end);
      return;
    }
    if (Number(digits) === 1) end(level);
    const run = runs.get(level) ?? [];
    if (Number(digits) === run.length + 1) runs.set(level, [...run, index]);
    else end(level);
  });
  [...runs.keys()].forEach(end);
  return numbered;
}
