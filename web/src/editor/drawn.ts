// What is drawn over a text and is no part of it: carets of others, comments, suggestions. Between two
// drawings it moves with the text.

import { PluginKey } from "prosemirror-state";
import type { EditorState, PluginSpec, Transaction } from "prosemirror-state";
import { DecorationSet } from "prosemirror-view";

/** One kind of drawing, by its name. */
export class Drawing {
  private readonly key: PluginKey<DecorationSet>;

  constructor(name: string) {
    this.key = new PluginKey<DecorationSet>(name);
  }

  /** What a plugin needs to keep it and show it. */
  get spec(): PluginSpec<DecorationSet> {
    const { key } = this;
    return {
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, drawn) => (tr.getMeta(key) as DecorationSet | undefined) ?? drawn.map(tr.mapping, tr.doc),
      },
      props: { decorations: (state) => key.getState(state) },
    };
  }

  of(state: EditorState): DecorationSet {
    return this.key.getState(state) ?? DecorationSet.empty;
  }

  /** The transaction that draws this set and nothing else. */
  with(state: EditorState, set: DecorationSet): Transaction {
    return state.tr.setMeta(this.key, set).setMeta("addToHistory", false);
  }
}
