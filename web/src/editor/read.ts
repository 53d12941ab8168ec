// The shared text as the editor shows it: an Automerge body text becomes a ProseMirror document.

import * as A from "@automerge/automerge";
import { Fragment } from "prosemirror-model";
import type { Mark, Node } from "prosemirror-model";
import { blockNode, marksFrom, needsRoom, paragraph, tableIdOf } from "./blocks.ts";
import type { BlockValue, Path } from "./blocks.ts";
import { children, nodes, schema } from "./schema.ts";
import { bodyPath, cellKey, cellPath, layOut, textKey, writersOf } from "./table-model.ts";
import type { Doc, Place } from "./table-model.ts";

/** One section as a document. Blocks equal to those of `previous` are reused, so that later comparisons are cheap. */
export function readSection(doc: Doc, section: string, previous?: Node): Node {
  const blocks = readBody(doc, section);
  if (previous) reuse(children(previous), blocks);
  return nodes.doc!.create(null, blocks);
}

/** The blocks of a section's text; with tables between them, and room for the caret beside those. */
export const readBody = (doc: Doc, section: string): Node[] =>
  readSpans(new BlockReader(doc, true, null), doc, bodyPath(section)).finish();

/** The blocks of one text of a cell, none if it is empty. Cells hold no tables. */
export const readCellText = (doc: Doc, path: Path, part: string | null): Node[] =>
  readSpans(new BlockReader(doc, false, part), doc, path).blocks;

function readSpans(reader: BlockReader, doc: Doc, path: Path): BlockReader {
  for (const span of A.spans(doc, path)) {
    if (span.type === "block") reader.marker(span.value as BlockValue);
    else if (span.type === "text") reader.text(span.value, marksFrom(span.marks));
  }
  reader.endBlock();
  return reader;
}

class BlockReader {
  readonly blocks: Node[] = [];
  private readonly seenTables = new Set<string>();
  private start: BlockValue | null = null;
  private inline: Node[] = [];

  constructor(
    private readonly doc: Doc,
    private readonly withTables: boolean,
    private readonly part: string | null,
  ) {}

  marker(value: BlockValue): void {
    this.endBlock();
    const table = this.withTables ? tableIdOf(value) : null;
    if (table === null) this.start = value;
    else {
      const node = this.table(table);
      this.makeRoom(node);
      this.blocks.push(node);
    }
  }

  text(text: string, marks: readonly Mark[]): void {
    this.inline.push(...inlineNodes(text, marks));
  }

  finish(): Node[] {
    this.makeRoom(undefined);
    return this.blocks;
  }

  private makeRoom(after: Node | undefined): void {
    if (needsRoom(this.blocks.at(-1), after)) this.blocks.push(paragraph("virtual"));
  }

  endBlock(): void {
    const inline = Fragment.fromArray(joined(this.inline)).content;
    if (this.start) this.blocks.push(blockNode(this.start, inline, this.part));
    else if (inline.length > 0) this.blocks.push(paragraph("none", inline, this.part));
    this.start = null;
    this.inline = [];
  }

  /** A table is shown once; a second marker for it, or one without rows, shows as a placeholder. */
  private table(id: string): Node {
    const value = this.doc.tables?.[id];
    const known = value && !this.seenTables.has(id);
    this.seenTables.add(id);
    const node = known ? readTable(this.doc, id) : null;
    return node ?? nodes.missing_table!.create({ id });
  }
}

function inlineNodes(text: string, marks: readonly Mark[]): Node[] {
  const found: Node[] = [];
  text.split("\n").forEach((line, index) => {
    if (index > 0) found.push(nodes.hard_break!.create(null, null, marks));
    if (line) found.push(schema.text(line, marks));
  });
  return found;
}

/** Neighbouring runs with equal marks become one, as ProseMirror wants them. */
function joined(inline: readonly Node[]): Node[] {
  const runs: Node[] = [];
  for (const node of inline) {
    const last = runs.at(-1);
    if (last?.isText && node.isText && last.sameMarkup(node)) {
      runs[runs.length - 1] = schema.text((last.text ?? "") + (node.text ?? ""), node.marks);
    } else runs.push(node);
  }
  return runs;
}

/** The table as a node, or null while it has no row or no column. */
export function readTable(doc: Doc, id: string): Node | null {
  const value = doc.tables?.[id];
  if (!value) return null;
  const { rows, cols, places } = layOut(value);
  if (rows.length === 0 || cols.length === 0) return null;
  const writers = writersOf(value);
  const cell = (place: Place) => readCell(doc, id, place, writers.get(cellKey(place.row, place.col)) ?? []);
  const row = (rowId: string, index: number) =>
    nodes.table_row!.create({ id: rowId }, (places[index] ?? []).map(cell));
  return nodes.table!.create({ id, cols }, rows.map(row));
}

/** A cell whose text is not there yet gets one of one's own: another could be making one as well. */
function readCell(doc: Doc, table: string, place: Place, writers: readonly string[]): Node {
  const { row, col, colspan, rowspan, cell } = place;
  const [usual = A.getActorId(doc)] = writers;
  const blocks = writers.flatMap((writer) =>
    readCellText(doc, cellPath(table, textKey(cellKey(row, col), writer)), writer === usual ? null : writer),
  );
  const type = cell?.h ? nodes.table_header! : nodes.table_cell!;
  return type.create({ col, colspan, rowspan, writer: usual }, blocks.length > 0 ? blocks : [paragraph("virtual")]);
}

/** Puts the old node in place of each equal new one, from both ends. */
function reuse(old: readonly Node[], fresh: Node[]): void {
  const shorter = Math.min(old.length, fresh.length);
  const reused = (oldIndex: number, newIndex: number) => {
    const before = old[oldIndex];
    if (!before || !fresh[newIndex] || !before.eq(fresh[newIndex])) return false;
    fresh[newIndex] = before;
    return true;
  };
  let head = 0;
  while (head < shorter && reused(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && reused(old.length - 1 - tail, fresh.length - 1 - tail)) tail++;
}
