// One section on the screen: a ProseMirror view bound to the shared text. It never goes deaf:
// an edit that cannot be written is taken back and told, and everything after it goes on.

import { closeHistory, history } from "prosemirror-history";
import { EditorState, TextSelection } from "prosemirror-state";
import type { Transaction } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { caretPlugin, drawCarets } from "./carets.ts";
import type { RemoteCaret } from "./carets.ts";
import { findPlugin } from "./find.ts";
import { keyPlugins } from "./keys.ts";
import type { KeyActions } from "./keys.ts";
import { listPlugin } from "./list-view.ts";
import { pastePlugin } from "./paste/plugin.ts";
import type { PasteNotice } from "./paste/plugin.ts";
import { anchorAt, placeOf, toPosition } from "./positions.ts";
import type { Anchor } from "./positions.ts";
import { FROM_SHARED } from "./remote.ts";
import { schema } from "./schema.ts";
import { SharedSection } from "./shared.ts";
import type { SharedDocument } from "./shared.ts";
import { hasTooLargeTable } from "./table-commands.ts";

/** One's own selection, tied to the words around it. */
export type OwnSelection = { section: string; anchor: Anchor; head: Anchor };

export type SectionEvents = KeyActions & {
  focused: (view: SectionView) => void;
  blurred: (view: SectionView) => void;
  /** Text, selection or marks changed: toolbars look again. */
  changed: (view: SectionView) => void;
  selected: (selection: OwnSelection) => void;
  /** An edit could not be written and is not shown. */
  failed: (error: unknown) => void;
  /** The cell that the caret was in is gone. */
  caretLost: () => void;
  /** What a person has to know about what they just did. */
  notice: (notice: EditNotice) => void;
};

export type EditNotice = PasteNotice | { kind: "tableTooLarge" };

export type SectionOptions = {
  mount: HTMLElement;
  shared: SharedDocument;
  section: string;
  label: string;
  describedBy: string | null;
  editable: boolean;
  events: SectionEvents;
};

/** How long after a focus ProseMirror looks whether the browser has the selection that it should have. */
const FOCUS_SETTLES_MS = 20;

/** Compare editor and shared text after every keystroke while developing; else after changes of structure. */
const CHECK_EACH_EDIT = import.meta.env.DEV;

export class SectionView {
  readonly view: EditorView;
  readonly section: string;
  private readonly text: SharedSection;
  private own: OwnSelection | null = null;
  private editable: boolean;
  private carets: readonly RemoteCaret[] = [];

  constructor(private readonly options: SectionOptions) {
    this.section = options.section;
    this.editable = options.editable;
    this.text = new SharedSection(options.shared, options.section);
    this.view = new EditorView(options.mount, {
      state: this.newState(),
      editable: () => this.editable,
      attributes: () => this.attributes(),
      dispatchTransaction: (tr) => this.dispatch(tr),
      handleDOMEvents: {
        focus: () => {
          // Whoever comes by Tab has a caret, too, though nothing was selected.
          this.remember();
          // ProseMirror then puts the caret where it last knew it, even if a key has moved it since.
          setTimeout(() => this.takeIn(), FOCUS_SETTLES_MS);
          this.options.events.focused(this);
        },
        blur: () => this.options.events.blurred(this),
        // What others wrote meanwhile waits until the letter is composed and taken in.
        compositionend: () => void setTimeout(() => this.showShared()),
      },
    });
  }

  setEditable(editable: boolean): void {
    this.editable = editable;
    this.view.setProps({ editable: () => this.editable });
  }

  setCarets(carets: readonly RemoteCaret[]): void {
    // Redrawing for nothing could undo a selection that the browser is just making.
    if (JSON.stringify(carets) === JSON.stringify(this.carets)) return;
    this.carets = carets;
    this.drawCarets();
  }

  /** Others changed this section. */
  othersChanged(): void {
    this.text.changed();
    this.showShared();
  }

  /** Shows what the shared text has now. Waits while a letter is being composed. */
  private showShared(): void {
    if (this.view.isDestroyed || this.view.composing || !this.text.behind) return;
    this.takeIn();
    const tr = this.text.render(this.view.state);
    if (tr) this.view.dispatch(this.keepSelection(tr));
    if (!this.own) this.remember();
    if (this.carets.length > 0) this.drawCarets();
  }

  /**
   * Takes in what the browser has done and not yet told, as a key that moved the caret: drawing puts
   * the caret where it was last known to be. ProseMirror has no public name for this.
   */
  private takeIn(): void {
    if (this.view.isDestroyed) return;
    (this.view as unknown as { domObserver: { flush(): void } }).domObserver.flush();
  }

  private drawCarets(): void {
    if (this.text.behind || this.view.composing) return;
    this.takeIn();
    this.view.dispatch(drawCarets(this.view.state, this.options.shared.doc(), this.carets));
  }

  run(command: (state: EditorState, dispatch: (tr: Transaction) => void) => boolean): void {
    command(this.view.state, (tr) => this.view.dispatch(tr));
    this.view.focus();
  }

  destroy(): void {
    this.view.destroy();
  }

  private newState(): EditorState {
    return EditorState.create({
      schema,
      doc: this.text.read(),
      plugins: [
        history(),
        ...keyPlugins(this.options.events, this.section),
        pastePlugin(this.options.events.notice),
        tableEditing(),
        listPlugin(),
        findPlugin(),
        caretPlugin(),
      ],
    });
  }

  private attributes(): Record<string, string> {
    const { label, describedBy } = this.options;
    const attributes: Record<string, string> = {
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": label,
      lang: "da",
      spellcheck: "true",
    };
    if (describedBy) attributes["aria-describedby"] = describedBy;
    // Without this a text that cannot be edited could not be reached by keyboard.
    if (!this.editable) Object.assign(attributes, { tabindex: "0", "aria-readonly": "true" });
    return attributes;
  }

  private dispatch(tr: Transaction): void {
    if (tr.getMeta(FROM_SHARED) || !tr.docChanged) this.show(this.view.state.apply(tr), tr);
    else if (this.editable) this.edit(tr);
  }

  private edit(tr: Transaction): void {
    if (hasTooLargeTable(tr.doc)) return this.options.events.notice({ kind: "tableTooLarge" });
    // What was typed just before is undone by itself.
    if (tr.getMeta("uiEvent") === "paste") closeHistory(tr);
    const moment = { check: CHECK_EACH_EDIT, composing: this.view.composing };
    const { state, failed } = this.text.applyLocal(this.view.state, tr, moment);
    this.show(state, tr);
    if (failed !== undefined) this.options.events.failed(failed);
  }

  private show(state: EditorState, tr: Transaction): void {
    this.view.updateState(state);
    if (tr.getMeta(FROM_SHARED) === undefined && (tr.docChanged || tr.selectionSet)) this.remember();
    this.options.events.changed(this);
  }

  private remember(): void {
    const { anchor, head } = this.view.state.selection;
    const tie = (position: number) =>
      anchorAt(this.options.shared.doc(), this.text.placeOf(this.view.state, position));
    const [from, to] = [tie(anchor), tie(head)];
    this.own = from && to && { section: this.section, anchor: from, head: to };
    if (this.own && this.view.hasFocus()) this.options.events.selected(this.own);
  }

  /** Puts the selection where its words are now; without its words it would jump into others' text. */
  private keepSelection(tr: Transaction): Transaction {
    if (!this.own || !(this.view.state.selection instanceof TextSelection)) return tr;
    const [anchor, head] = [this.positionIn(tr, this.own.anchor), this.positionIn(tr, this.own.head)];
    if (anchor !== null && head !== null) {
      return tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head)));
    }
    if (this.view.hasFocus()) {
      this.view.dom.blur();
      this.options.events.caretLost();
    }
    this.own = null;
    return tr;
  }

  private positionIn(tr: Transaction, anchor: Anchor): number | null {
    const place = placeOf(this.options.shared.doc(), anchor);
    return place && toPosition(tr.doc, place);
  }
}
