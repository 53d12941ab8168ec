// One section's text between the editor and the shared document. While the screen may not be
// redrawn (in the middle of a dead key or an input method) the shared text can run ahead of it;
// local edits are then carried over to what is there by now, so that both are kept.

import * as A from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { comparable, visible } from "./blocks.ts";
import { toTextPlace } from "./positions.ts";
import type { TextPlace } from "./positions.ts";
import { prepared } from "./prepare.ts";
import type { Maker } from "./prepare.ts";
import { readSection } from "./read.ts";
import { carriedOver, remoteTransaction, withSelection } from "./remote.ts";
import { randomId } from "./table-ids.ts";
import type { NewId } from "./table-ids.ts";
import type { Doc, ItemDocument } from "./table-model.ts";
import { writeSection } from "./write.ts";
import { inChanges } from "./write-steps.ts";

/** The shared document: an automerge-repo handle, or a plain document in tests. */
export type SharedDocument = {
  doc: () => Doc;
  change: (edit: (doc: ItemDocument) => void) => void;
};

/** `check`: compare editor and shared text afterwards; `composing`: a letter is being composed. */
export type Moment = { check: boolean; composing: boolean };

/**
 * The state after a local transaction. With `failed`, the edit was not taken in and is not shown;
 * `corrected`: the shared text shows something else than was edited.
 */
export type Applied = { state: EditorState; failed?: unknown; corrected: boolean };

export class SharedSection {
  /** Whether the shared text went on while the screen stood still. */
  behind = false;

  constructor(
    private readonly shared: SharedDocument,
    readonly section: string,
    private readonly newId: NewId = randomId,
  ) {}

  /** Others changed this section; until `render` the screen shows it as it was. */
  changed(): void {
    this.behind = true;
  }

  /** The text to show now. */
  read(): Node {
    this.behind = false;
    return readSection(this.shared.doc(), this.section);
  }

  /** Where a position on screen is in the shared text by now: after the words it stands behind. */
  placeOf(state: EditorState, position: number): TextPlace {
    if (!this.behind) return toTextPlace(state.doc, this.section, position);
    const tr = remoteTransaction(state, readSection(this.shared.doc(), this.section, state.doc));
    return toTextPlace(tr?.doc ?? state.doc, this.section, tr ? tr.mapping.map(position, -1) : position);
  }

  /** Applies a transaction of the person at the keyboard and writes what it changed. */
  applyLocal(state: EditorState, tr: Transaction, when: Moment): Applied {
    const applied = state.applyTransaction(withSelection(tr, state.selection)).state;
    if (applied.doc.eq(state.doc)) return { state: applied, corrected: false };
    // A composed letter lives in a node that must not be redrawn: nothing may be added to it now.
    const { state: next, added } = when.composing
      ? { state: applied, added: [] }
      : prepared(applied, this.maker(), tr);
    try {
      this.write(state, next.doc);
    } catch (failed) {
      // Automerge has taken the whole change back: the text before this keystroke stands.
      return { ...this.corrected(state), failed };
    }
    const structural = added.length > 0 || next.doc.childCount !== state.doc.childCount;
    const compare = (when.check || structural) && !when.composing;
    return compare ? this.corrected(next) : { state: next, corrected: false };
  }

  private maker(): Maker {
    const doc = this.shared.doc();
    const hasText = (table: string, key: string) => doc.tables[table]?.cells?.[key]?.t !== undefined;
    return { writer: A.getActorId(doc), newId: this.newId, hasText };
  }

  private write(state: EditorState, edited: Node): void {
    const latest = this.behind ? readSection(this.shared.doc(), this.section, state.doc) : state.doc;
    const after = latest === state.doc ? edited : carriedOver(state, edited, latest);
    const change = (edit: (doc: ItemDocument) => void) => this.shared.change(edit);
    inChanges(change, (target) => writeSection(target, this.section, latest, after));
  }

  /** The transaction that brings in what others wrote, or null. From now on the screen is up to date. */
  render(state: EditorState): Transaction | null {
    const doc = this.shared.doc();
    const tr = remoteTransaction(state, readSection(doc, this.section, state.doc));
    this.behind = false;
    return tr;
  }

  /** What is shown must be what was written. If it is not, the shared text wins. */
  private corrected(state: EditorState): Applied {
    if (this.behind) return { state, corrected: false };
    const written = readSection(this.shared.doc(), this.section, state.doc);
    if (comparable(written) === comparable(state.doc)) return { state, corrected: false };
    const tr = remoteTransaction(state, written);
    return { state: tr ? state.apply(tr) : state, corrected: visible(written) !== visible(state.doc) };
  }
}
