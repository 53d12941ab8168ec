// One person's edits and undo beside another's, and what happens when an edit cannot be written.

import * as A from "@automerge/automerge";
import { history, undo } from "prosemirror-history";
import { EditorState } from "prosemirror-state";
import type { Transaction } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { paragraph } from "./blocks.ts";
import { SECTION, newItem } from "./fuzz.ts";
import { readSection } from "./read.ts";
import { schema } from "./schema.ts";
import { SharedSection } from "./shared.ts";
import type { Doc, ItemDocument } from "./table-model.ts";

const MOMENT = { check: true, composing: false };

/** An editor without a screen, as the page has it: with undo of one's own edits. */
class Editor {
  section: SharedSection;
  state: EditorState;
  broken = false;

  constructor(public doc: Doc) {
    this.section = new SharedSection(
      { doc: () => this.doc, change: (edit) => this.change(edit) },
      SECTION,
    );
    this.state = EditorState.create({ schema, doc: this.section.read(), plugins: [history()] });
  }

  private change(edit: (doc: ItemDocument) => void): void {
    if (this.broken) throw new Error("no memory left");
    this.doc = A.change(this.doc, edit);
  }

  type(text: string, at = this.state.doc.content.size - 1): unknown {
    const applied = this.section.applyLocal(this.state, this.state.tr.insertText(text, at), MOMENT);
    this.state = applied.state;
    return applied.failed;
  }

  edit(change: (tr: Transaction) => Transaction): void {
    this.state = this.section.applyLocal(this.state, change(this.state.tr), MOMENT).state;
  }

  undo(): void {
    undo(this.state, (tr) => (this.state = this.section.applyLocal(this.state, tr, MOMENT).state));
  }

  receive(other: Editor, render = true): void {
    this.doc = A.merge(this.doc, other.doc);
    this.section.changed();
    if (render) this.render();
  }

  render(): void {
    const tr = this.section.render(this.state);
    if (tr) this.state = this.state.apply(tr);
  }

  get text(): string {
    expect(readSection(this.doc, SECTION).textContent).toBe(this.state.doc.textContent);
    return this.state.doc.textContent;
  }
}

function two(): [Editor, Editor] {
  const base = newItem();
  return [new Editor(A.clone(base)), new Editor(A.clone(base))];
}

describe("undo", () => {
  it("takes back one's own words only", () => {
    const [anna, bo] = two();
    anna.type("Anna");
    bo.receive(anna);
    bo.type(" og Bo");
    anna.receive(bo);
    anna.undo();
    expect(anna.text).toBe(" og Bo");
  });
});

describe("an edit that cannot be written", () => {
  it("is taken back alone, and later ones are written", () => {
    const [anna] = two();
    anna.type("før ");
    anna.broken = true;
    expect(anna.type("tabt")).toBeInstanceOf(Error);
    expect(anna.text).toBe("før ");
    anna.broken = false;
    anna.type("efter");
    expect(anna.text).toBe("før efter");
  });
});

describe("a screen that may not be redrawn", () => {
  it("keeps what is typed and what comes in", () => {
    const [anna, bo] = two();
    anna.type("Ren");
    bo.receive(anna);
    bo.type("Bo: ", 1);
    anna.receive(bo, false);
    anna.type("é");
    expect(anna.state.doc.textContent).toBe("René");
    anna.render();
    expect(anna.text).toBe("Bo: René");
  });

  it("keeps the caret, and what is typed there, behind the words it stands behind", () => {
    const [anna, bo] = two();
    anna.type("caf");
    bo.receive(anna);
    bo.type(" (Bo)");
    anna.receive(bo, false);
    expect(anna.section.placeOf(anna.state, 4)).toMatchObject({ index: 4 });
    anna.type("é");
    anna.render();
    expect(anna.text).toBe("café (Bo)");
  });

  it("takes out one's own letters only", () => {
    const [anna, bo] = two();
    anna.type("abc");
    bo.receive(anna);
    bo.type("BO", 2);
    anna.receive(bo, false);
    const tr = anna.state.tr.insertText("x", 1, 4);
    anna.state = anna.section.applyLocal(anna.state, tr, MOMENT).state;
    anna.render();
    expect(anna.text).toContain("BO");
    expect(anna.text).toContain("x");
  });
});

describe("a large edit", () => {
  /** The limits of the server for one change (agenda::sync). */
  const MOST_BYTES = 256 * 1024;
  const MOST_OPERATIONS = 100_000;

  it("is written in changes that the server takes, and taken out again in such", { timeout: 120_000 }, () => {
    const editor = new Editor(newItem());
    const words = "漢字🚲".repeat(15_000);
    const bold = schema.text("Ærø ".repeat(5_000), [schema.marks.strong.create()]);
    editor.edit((tr) => tr.insert(0, [paragraph("own", [schema.text(words)]), paragraph("own", [bold])]));
    expect(editor.text).toBe(words + bold.text);
    editor.undo();
    expect(editor.text).toBe("");
    const changes = A.getAllChanges(editor.doc).map((bytes) => A.decodeChange(bytes));
    expect(changes.length).toBeGreaterThan(6);
    for (const change of changes) {
      expect(A.encodeChange(change).length).toBeLessThan(MOST_BYTES);
      expect(change.ops.length).toBeLessThan(MOST_OPERATIONS);
    }
  });
});
