// Two people at once in one table: nothing that either wrote is lost or hidden.

import * as A from "@automerge/automerge";
import { EditorState, TextSelection } from "prosemirror-state";
import type { Command } from "prosemirror-state";
import { CellSelection, addColumnAfter, addRowAfter, deleteRow, mergeCells, splitCell } from "prosemirror-tables";
import { describe, expect, it } from "vitest";
import { paragraph } from "./blocks.ts";
import { SECTION, expectNothingHidden, newItem } from "./fuzz.ts";
import { readSection } from "./read.ts";
import { children, nodes, schema } from "./schema.ts";
import { SharedSection } from "./shared.ts";
import type { Doc, ItemDocument } from "./table-model.ts";

const MOMENT = { check: true, composing: false };

/** One person's editor on a document with one table, without a screen. */
class Writer {
  state: EditorState;
  private readonly section: SharedSection;

  constructor(public doc: Doc) {
    const change = (edit: (doc: ItemDocument) => void) => void (this.doc = A.change(this.doc, edit));
    this.section = new SharedSection({ doc: () => this.doc, change }, SECTION);
    this.state = EditorState.create({ schema, doc: this.section.read() });
  }

  run(command: Command): void {
    command(this.state, (tr) => {
      const applied = this.section.applyLocal(this.state, tr, MOMENT);
      if (applied.failed) throw applied.failed;
      this.state = applied.state;
    });
  }

  /** Puts the caret at the end of the cell and types. */
  type(row: number, col: number, text: string): void {
    const end = this.cell(row, col).end;
    const tr = this.state.tr.setSelection(TextSelection.near(this.state.doc.resolve(end), -1));
    this.run((_, dispatch) => (dispatch?.(tr.insertText(text)), true));
  }

  /** Selects the cells from one to the other. */
  select(row: number, col: number, lastRow = row, lastCol = col): void {
    const [anchor, head] = [this.cell(row, col).start, this.cell(lastRow, lastCol).start];
    this.state = this.state.apply(this.state.tr.setSelection(CellSelection.create(this.state.doc, anchor, head)));
  }

  private cell(row: number, col: number): { start: number; end: number } {
    const table = this.state.doc.child(1);
    let at = this.state.doc.child(0).nodeSize + 1;
    for (let y = 0; y < row; y++) at += table.child(y).nodeSize;
    at++;
    for (let x = 0; x < col; x++) at += table.child(row).child(x).nodeSize;
    return { start: at, end: at + table.child(row).child(col).nodeSize - 1 };
  }

  merge(other: Writer): void {
    this.doc = A.merge(this.doc, other.doc);
    this.section.changed();
    const tr = this.section.render(this.state);
    if (tr) this.state = this.state.apply(tr);
    expectNothingHidden(this.doc);
  }

  /** The rows, the blocks of each cell joined by "/". */
  get grid(): string[][] {
    expect(readSection(this.doc, SECTION).textContent).toBe(this.state.doc.textContent);
    const table = children(this.state.doc).find((node) => node.type === nodes.table)!;
    return children(table).map((row) =>
      children(row).map((cell) => children(cell).map((block) => block.textContent).join("/")),
    );
  }
}

function two(): [Writer, Writer] {
  const anna = new Writer(newItem());
  const cell = (text: string) => nodes.table_cell!.create(null, paragraph("own", [schema.text(text)]));
  const row = (...texts: string[]) => nodes.table_row!.create(null, texts.map(cell));
  const table = nodes.table!.create(null, [row("a", "b"), row("c", "d")]);
  anna.run((state, dispatch) => (dispatch?.(state.tr.insert(0, table)), true));
  return [anna, new Writer(A.clone(anna.doc))];
}

function meet(anna: Writer, bo: Writer): string[][] {
  anna.merge(bo);
  bo.merge(anna);
  expect(bo.grid).toEqual(anna.grid);
  return anna.grid;
}

/** Anna has put in a row and Bo a column: nobody has made the cell where they cross. */
function crossed(): [Writer, Writer] {
  const [anna, bo] = two();
  anna.select(1, 0);
  anna.run(addRowAfter);
  bo.select(0, 1);
  bo.run(addColumnAfter);
  expect(meet(anna, bo)).toEqual([["a", "b", ""], ["c", "d", ""], ["", "", ""]]);
  return [anna, bo];
}

describe("two people in one table", () => {
  it("is a full grid after a row and a column at once", () => {
    crossed();
  });

  it("shows the words of both who were the first to write in a cell", () => {
    const [anna, bo] = crossed();
    anna.type(2, 2, "fra Anna");
    bo.type(2, 2, "fra Bo");
    const both = meet(anna, bo)[2]![2]!.split("/").sort();
    expect(both).toEqual(["fra Anna", "fra Bo"]);
  });

  it("goes on as one cell after that", () => {
    const [anna, bo] = crossed();
    anna.type(2, 2, "fra Anna");
    bo.type(2, 2, "fra Bo");
    meet(anna, bo);
    anna.type(2, 2, "!");
    bo.type(2, 2, "?");
    const words = meet(anna, bo)[2]![2]!;
    expect(words).toMatch(/(!\?|\?!)$/);
    expect([...words].sort().join("")).toBe([..."fra Anna/fra Bo!?"].sort().join(""));
    const join = anna.state.doc.textContent.length;
    anna.run((state, dispatch) => (dispatch?.(state.tr.join(secondBlockOfLastCell(state))), true));
    expect(anna.state.doc.textContent.length).toBe(join);
    expect(meet(anna, bo)[2]![2]).toBe(words.replace("/", ""));
  });

  it("keeps both texts when the cell is merged into its neighbour", () => {
    const [anna, bo] = crossed();
    anna.type(2, 2, "fra Anna");
    bo.type(2, 2, "fra Bo");
    const both = meet(anna, bo)[2]![2]!;
    anna.select(2, 1, 2, 2);
    anna.run(mergeCells);
    expect(meet(anna, bo)[2]).toEqual(["", both]);
    anna.select(2, 1, 2, 1);
    anna.run(splitCell);
    expect(meet(anna, bo)[2]).toEqual(["", both, ""]);
    anna.type(2, 2, "igen");
    bo.type(2, 2, "nyt");
    expect(meet(anna, bo)[2]![2]!.split("/").sort().join("")).toMatch(/igennyt|nytigen/);
  });

  it("takes a row out while another types in it, and the rest stays", () => {
    const [anna, bo] = two();
    anna.select(1, 0);
    anna.run(deleteRow);
    bo.type(1, 0, "x");
    expect(meet(anna, bo)).toEqual([["a", "b"]]);
  });
});

function secondBlockOfLastCell(state: EditorState): number {
  let last = 0;
  state.doc.descendants((node, position) => {
    if (node.type === nodes.table_cell) last = position;
  });
  return last + 1 + state.doc.nodeAt(last)!.firstChild!.nodeSize;
}
