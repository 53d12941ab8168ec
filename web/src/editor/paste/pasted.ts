// What was pasted, as plain values: the flat blocks that a section can hold, and how they are
// written as the little HTML that the editor reads.

/** Words with equal formatting; a line break is "\n". */
export type Run = { text: string; bold: boolean; italic: boolean; href: string | null };

export type TextKind =
  | { kind: "paragraph" }
  | { kind: "heading"; level: number }
  | { kind: "item"; ordered: boolean; indent: number };
export type TextBlock = TextKind & { runs: Run[] };
export type PastedCell = { header: boolean; colspan: number; rowspan: number; blocks: Block[] };
export type PastedTable = { kind: "table"; rows: PastedCell[][] };
export type Block = TextBlock | PastedTable;

/** The blocks as HTML without anything that the editor does not know. */
export const toHtml = (blocks: readonly Block[]): string => blocks.map(blockHtml).join("");

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "table":
      return `<table><tbody>${block.rows.map(rowHtml).join("")}</tbody></table>`;
    case "heading":
      return `<h${block.level}>${runsHtml(block.runs)}</h${block.level}>`;
    case "item": {
      const list = block.ordered ? "ol" : "ul";
      return `<${list} data-indent="${block.indent}"><li>${runsHtml(block.runs)}</li></${list}>`;
    }
    default:
      return `<p>${runsHtml(block.runs)}</p>`;
  }
}

const rowHtml = (row: readonly PastedCell[]): string => `<tr>${row.map(cellHtml).join("")}</tr>`;

function cellHtml({ header, colspan, rowspan, blocks }: PastedCell): string {
  const tag = header ? "th" : "td";
  const span = (name: string, count: number) => (count > 1 ? ` ${name}="${count}"` : "");
  return `<${tag}${span("colspan", colspan)}${span("rowspan", rowspan)}>${toHtml(blocks)}</${tag}>`;
}

const runsHtml = (runs: readonly Run[]): string => runs.map(runHtml).join("");

function runHtml({ text, bold, italic, href }: Run): string {
  let html = text.split("\n").map(escaped).join("<br>");
  if (bold) html = `<strong>${html}</strong>`;
  if (italic) html = `<em>${html}</em>`;
  return href === null ? html : `<a href="${escaped(href)}">${html}</a>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
