// One section's text between the editor and the shared document. While the screen may not be
// redrawn (in the middle of a dead key or an input method) the shared text can run ahead of it;
// local edits are then written from the text that is on screen, so that both are kept.

import * as A from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { comparable } from "./blocks.ts";
import { prepared } from "./prepare.ts";
import { readSection } from "./read.ts";
import { remoteTransaction, withSelection } from "./remote.ts";
import { randomId } from "./table-ids.ts";
import type { NewId } from "./table-ids.ts";
import type { Doc, ItemDocument } from "./table-model.ts";
import { writeSection } from "./write.ts";

/** The shared document: an automerge-repo handle, or a plain document in tests. */
export type SharedDocument = {
  doc: () => Doc;
  /** Edits the document as it was at `heads`. Returns the heads after this edit alone. */
  changeAt: (heads: A.Heads, edit: (doc: ItemDocument) => void) => A.Heads;
};

/** `check`: compare editor and shared text afterwards; `composing`: a letter is being composed. */
export type Moment = { check: boolean; composing: boolean };

/** The state after a local transaction. With `failed`, the edit was not taken in and is not shown. */
export type Applied = { state: EditorState; failed?: unknown; corrected: boolean };

export class SharedSection {
  /** The shared text that is on screen, while that is not the latest. */
  private shownAt: A.Heads | null = null;

  constructor(
    private readonly shared: SharedDocument,
    readonly section: string,
    private readonly newId: NewId = randomId,
  ) {}

  /** Whether the shared text went on while the screen stood still. */
  get behind(): boolean {
    return this.shownAt !== null;
  }

  /** Others changed this section; until `render` the screen shows it as it was at `before`. */
  changedSince(before: A.Heads): void {
    this.shownAt ??= before;
  }

  /** The text to show now. */
  read(): Node {
    this.shownAt = null;
    return readSection(this.shared.doc(), this.section);
  }

  /** Applies a transaction of the person at the keyboard and writes what it changed. */
  applyLocal(state: EditorState, tr: Transaction, when: Moment): Applied {
    const applied = state.applyTransaction(withSelection(tr, state.selection)).state;
    if (applied.doc.eq(state.doc)) return { state: applied, corrected: false };
    // A composed letter lives in a node that must not be redrawn: nothing may be added to it now.
    const { state: next, added } = when.composing
      ? { state: applied, added: [] }
      : prepared(applied, this.newId, tr);
    try {
      this.write(state.doc, next.doc);
    } catch (failed) {
      // Automerge has taken the whole change back: the text before this keystroke stands.
      return { ...this.corrected(state), failed };
    }
    const structural = added.length > 0 || next.doc.childCount !== state.doc.childCount;
    const compare = (when.check || structural) && !when.composing;
    return compare ? this.corrected(next) : { state: next, corrected: false };
  }

  private write(before: Node, after: Node): void {
    const base = this.shownAt ?? A.getHeads(this.shared.doc());
    const heads = this.shared.changeAt(base, (doc) => writeSection(doc, this.section, before, after));
    if (this.shownAt) this.shownAt = heads;
  }

  /** The transaction that brings in what others wrote, or null. From now on the screen is up to date. */
  render(state: EditorState): Transaction | null {
    const doc = this.shared.doc();
    const tr = remoteTransaction(state, readSection(doc, this.section, state.doc));
    this.shownAt = null;
    return tr;
  }

  /** What is shown must be what was written. If it is not, the shared text wins. */
  private corrected(state: EditorState): Applied {
    const doc = this.shared.doc();
    const written = readSection(this.shownAt ? A.view(doc, this.shownAt) : doc, this.section, state.doc);
    if (comparable(written) === comparable(state.doc)) return { state, corrected: false };
    const tr = remoteTransaction(state, written);
    return tr ? { state: state.apply(tr), corrected: true } : { state, corrected: false };
  }
}

export function sameHeads(a: A.Heads, b: A.Heads): boolean {
  return a.length === b.length && a.every((head) => b.includes(head));
}
