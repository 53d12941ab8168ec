// One section's text between the editor and the shared document. What the editor shows is the
// shared text at `rendered`; local edits are written from there, so nothing is lost when the
// screen may not be redrawn for a while (in the middle of a dead key or an input method).

import * as A from "@automerge/automerge"
import type { EditorState, Transaction } from "prosemirror-state"
import { comparable } from "./blocks"
import { prepared } from "./prepare"
import { readSection } from "./read"
import { remoteTransaction } from "./remote"
import { randomId } from "./table-ids"
import type { NewId } from "./table-ids"
import type { Doc, ItemDocument } from "./table-model"
import { writeSection } from "./write"

/** The shared document: an automerge-repo handle, or a plain document in tests. */
export type SharedDocument = {
  doc: () => Doc
  /** Edits the document as it was at `heads`. Returns the heads after this edit alone. */
  changeAt: (heads: A.Heads, edit: (doc: ItemDocument) => void) => A.Heads
}

/** The state after a local transaction. With `failed`, the edit was not taken in and is not shown. */
export type Applied = { state: EditorState; failed?: unknown; corrected: boolean }

export class SharedSection {
  private rendered: A.Heads

  constructor(
    private readonly shared: SharedDocument,
    readonly section: string,
    private readonly newId: NewId = randomId,
  ) {
    this.rendered = A.getHeads(shared.doc())
  }

  /** Whether the shared text went on while the screen stood still. */
  get behind(): boolean {
    return !sameHeads(this.rendered, A.getHeads(this.shared.doc()))
  }

  /** The text to show now. */
  read(): ReturnType<typeof readSection> {
    this.rendered = A.getHeads(this.shared.doc())
    return readSection(this.shared.doc(), this.section)
  }

  /** Applies a transaction of the person at the keyboard and writes what it changed. */
  applyLocal(state: EditorState, tr: Transaction, check: boolean): Applied {
    const applied = state.applyTransaction(tr).state
    if (applied.doc.eq(state.doc)) return { state: applied, corrected: false }
    const { state: next, added } = this.prepared(applied, tr)
    try {
      this.rendered = this.shared.changeAt(this.rendered, (doc) => writeSection(doc, this.section, state.doc, next.doc))
    } catch (failed) {
      // Automerge has taken the whole change back: the text before this keystroke stands.
      return { ...this.corrected(state), failed }
    }
    const structural = added || next.doc.childCount !== state.doc.childCount
    return check || structural ? this.corrected(next) : { state: next, corrected: false }
  }

  /** The transaction that brings in what others wrote, or null. From now on the screen is up to date. */
  render(state: EditorState): Transaction | null {
    const doc = this.shared.doc()
    const tr = remoteTransaction(state, readSection(doc, this.section, state.doc))
    this.rendered = A.getHeads(doc)
    return tr
  }

  /** The shared text changed elsewhere than in this section: nothing to show. */
  passOver(before: A.Heads): void {
    if (sameHeads(before, this.rendered)) this.rendered = A.getHeads(this.shared.doc())
  }

  private prepared(state: EditorState, tr: Transaction): { state: EditorState; added: boolean } {
    const result = prepared(state, this.newId, tr)
    return { state: result.state, added: result.added.length > 0 }
  }

  /** What is shown must be what was written. If it is not, the shared text wins. */
  private corrected(state: EditorState): Applied {
    const doc = this.shared.doc()
    const written = readSection(this.behind ? A.view(doc, this.rendered) : doc, this.section, state.doc)
    if (comparable(written) === comparable(state.doc)) return { state, corrected: false }
    const tr = remoteTransaction(state, written)
    return tr ? { state: state.apply(tr), corrected: true } : { state, corrected: false }
  }
}

export function sameHeads(a: A.Heads, b: A.Heads): boolean {
  return a.length === b.length && a.every((head) => b.includes(head))
}
