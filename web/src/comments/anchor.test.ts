// Comments hold on to their words while others write, and let go when the words are gone.
import * as A from "@automerge/automerge";
import { EditorState, TextSelection } from "prosemirror-state";
import type { Transaction } from "prosemirror-state";
import { CellSelection } from "prosemirror-tables";
import { describe, expect, it } from "vitest";
import { SECTION, newItem } from "../editor/fuzz.ts";
import { nodes, schema } from "../editor/schema.ts";
import { SharedSection } from "../editor/shared.ts";
import { toPosition, toTextPlace } from "../editor/positions.ts";
import type { Doc } from "../editor/table-model.ts";
import { tieTo, wordsOf } from "./anchor.ts";
import { meantWords, selectedWords } from "./selection.ts";
import type { Meant } from "./selection.ts";

/** A section on a screen that is not there. */
class Page {
  doc: Doc;
  state: EditorState;
  private readonly section: SharedSection;

  constructor(doc: Doc = newItem()) {
    this.doc = A.clone(doc);
    this.section = new SharedSection({ doc: () => this.doc, change: (edit) => void (this.doc = A.change(this.doc, edit)) }, SECTION);
    this.state = EditorState.create({ schema, doc: this.section.read() });
  }

  edit(change: (tr: Transaction) => Transaction): this {
    this.state = this.section.applyLocal(this.state, change(this.state.tr), { check: true, composing: false }).state;
    return this;
  }

  /** Finds the words in the text and selects them. */
  select(from: string, to = from): this {
    const end = this.at(to) + to.length;
    this.state = this.state.apply(this.state.tr.setSelection(TextSelection.create(this.state.doc, this.at(from), end)));
    return this;
  }

  at(words: string): number {
    let found = -1;
    this.state.doc.descendants((node, position) => {
      const index = node.isText ? node.text!.indexOf(words) : -1;
      if (found < 0 && index >= 0) found = position + index;
    });
    if (found < 0) throw new Error(`«${words}» is not in the text`);
    return found;
  }

  place = (position: number) => toTextPlace(this.state.doc, SECTION, position);

  tie({ from, to, quote }: Meant) {
    return tieTo(this.doc, { from: this.place(from), to: this.place(to) }, quote)!;
  }

  meet(other: Page): void {
    this.doc = A.merge(this.doc, other.doc);
    this.state = EditorState.create({ schema, doc: this.section.read() });
  }

  /** What stands at the words now, as the screen has it. */
  words(anchor: Parameters<typeof wordsOf>[1]): string | null {
    const words = wordsOf(this.doc, anchor);
    if (!words) return null;
    const [from, to] = [toPosition(this.state.doc, words.from)!, toPosition(this.state.doc, words.to)!];
    return this.state.doc.textBetween(from, to, "|");
  }
}

const written = () =>
  new Page().edit((tr) => tr.insertText("Forslaget løber i tre år 😀 fra nytår.", 1)).edit((tr) => tr.split(tr.doc.content.size - 1).insertText("Andet afsnit."));

describe("an anchor", () => {
  it("stays with its words while others write before, in and behind them", () => {
    const bo = written();
    const lise = new Page(bo.doc);
    const anchor = bo.tie(selectedWords(bo.select("tre år").state)!);
    expect(anchor.quote).toBe("tre år");
    bo.edit((tr) => tr.insertText("Nyt: ", 1));
    lise.edit((tr) => tr.insertText("hele ", lise.at("år")));
    bo.meet(lise);
    expect(bo.words(anchor)).toBe("tre hele år");
    bo.edit((tr) => tr.insertText("!", bo.at("år") + 2)).edit((tr) => tr.insertText("?", bo.at("tre")));
    expect(bo.words(anchor)).toBe("tre hele år");
    bo.edit((tr) => tr.delete(bo.at("tre"), bo.at("hele")));
    expect(bo.words(anchor)).toBe("hele år");
  });

  it.each(["tre år", "Forslaget", "nytår.", "😀"])("lets go when «%s» is deleted", (words) => {
    const page = written();
    const anchor = page.tie(selectedWords(page.select(words).state)!);
    expect(page.words(anchor)).toBe(words);
    page.edit((tr) => tr.delete(page.at(words), page.at(words) + words.length));
    expect(page.words(anchor)).toBeNull();
  });

  it("lets go at the very start of a text that begins without a marker", () => {
    const path = ["sections", SECTION, "body"];
    const page = new Page(A.change(newItem(), (doc) => A.splice(doc, path, 0, 0, "Forslaget løber.")));
    const anchor = page.tie(selectedWords(page.select("Forslaget").state)!);
    expect(page.words(anchor)).toBe("Forslaget");
    page.edit((tr) => tr.delete(page.at("Forslaget"), page.at(" løber")));
    expect(page.words(anchor)).toBeNull();
  });

  it("lets go when the whole text is deleted, also at its very start", () => {
    const page = written();
    const anchor = page.tie(selectedWords(page.select("Forslaget", "nytår.").state)!);
    page.edit((tr) => tr.delete(0, tr.doc.content.size));
    expect(page.words(anchor)).toBeNull();
  });

  it("spans blocks, and is nothing where its words have not come yet", () => {
    const bo = written();
    const lise = new Page(bo.doc);
    bo.edit((tr) => tr.insertText("Helt nyt.", 1));
    const anchor = bo.tie(selectedWords(bo.select("Helt", "Andet").state)!);
    expect(lise.words(anchor)).toBeNull();
    lise.meet(bo);
    expect(lise.words(anchor)).toBe("Helt nyt.Forslaget løber i tre år 😀 fra nytår.|Andet");
  });

  it("of any shape that a stranger sends is no words, and no failure", () => {
    const page = written();
    const good = page.tie(selectedWords(page.select("tre år").state)!);
    for (const bad of [{ path: ["tables", "x", "cells", "a:b", "t"] }, { path: [] }, { from: "æ" }, { to: "9@00" }, { path: ["sections", SECTION, "nothing"] }])
      expect(wordsOf(page.doc, { ...good, ...bad })).toBeNull();
  });
});

describe("what a person means", () => {
  it("is the word at the caret when nothing is selected", () => {
    const page = written();
    const caret = (position: number) => page.state.apply(page.state.tr.setSelection(TextSelection.create(page.state.doc, position)));
    expect(meantWords(caret(page.at("slaget")))?.quote).toBe("Forslaget");
    expect(selectedWords(caret(page.at("slaget")))).toBeNull();
    expect(meantWords(caret(page.at("😀") + 2))).toBeNull();
  });

  it("ends where a table begins, and is the first cell's across cells", () => {
    const cell = (text: string) => nodes.table_cell!.create(null, nodes.paragraph!.create(null, text ? schema.text(text) : null));
    const row = (...texts: string[]) => nodes.table_row!.create(null, texts.map(cell));
    const page = written().edit((tr) => tr.insert(tr.doc.content.size, nodes.table!.create(null, [row("Et to", "tre"), row("fire", "fem")])));
    expect(selectedWords(page.select("Andet", "Et to").state)?.quote).toBe("Andet afsnit.");
    expect(selectedWords(page.select("to", "fem").state)?.quote).toBe("to");
    const cells: number[] = [];
    page.state.doc.descendants((node, position) => void (node.type === nodes.table_cell && cells.push(position)));
    const backwards = CellSelection.create(page.state.doc, cells[3]!, cells[0]!);
    const meant = selectedWords(page.state.apply(page.state.tr.setSelection(backwards)))!;
    expect(meant.quote).toBe("Et to");
    const anchor = page.tie(meant);
    expect(anchor.path[0]).toBe("tables");
    page.edit((tr) => tr.insertText("gange ", page.at("to")));
    expect(page.words(anchor)).toBe("Et gange to");
  });
});
