// Words that somebody commented on, marked in the text; and the way from the text to a comment.
// The marks are decorations: nothing of a comment is in the text itself.

import { keydownHandler } from "prosemirror-keymap";
import { Plugin } from "prosemirror-state";
import type { Command, EditorState, Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { EditorView } from "prosemirror-view";
import { Drawing } from "../editor/drawn.ts";
import { threadElementId } from "./threads.ts";

/** How words are marked: there is a comment, it is the one being looked at, it is being written. */
export type Look = "there" | "active" | "pending";

export type Mark = { thread: string; from: number; to: number; look: Look };

export type MarkEvents = {
  /** The person asks to comment on what they have selected. */
  comment: () => void;
  /** The caret stands in the words of these threads now; the shortest words first. */
  entered: (threads: readonly string[]) => void;
  /** The text is there, or says something else now. */
  changed: () => void;
};

type Spec = Pick<Mark, "thread" | "look">;

const drawing = new Drawing("comments");

export function markPlugin(events: MarkEvents): Plugin<DecorationSet> {
  const comment: Command = () => {
    events.comment();
    return true;
  };
  // On a Danish keyboard in Windows Ctrl+Alt+M is the sign that AltGr+M writes.
  const onKey = keydownHandler({ "Mod-Alt-m": comment, "Mod-Alt-µ": comment });
  return new Plugin<DecorationSet>({
    ...drawing.spec,
    props: {
      ...drawing.spec.props,
      // As an event of the page: a text that may only be read hears no keys otherwise.
      handleDOMEvents: { keydown: (view, event) => takes(onKey, view, event) },
      handleClick: (view, position) => {
        events.entered(threadsAt(view.state, position));
        return false;
      },
    },
    view: () => {
      events.changed();
      return { update: (view, before) => follow(events, view, before) };
    },
  });
}

function follow(events: MarkEvents, view: EditorView, before: EditorState): void {
  if (view.state.doc !== before.doc) events.changed();
  if (!view.hasFocus() || view.state.selection.eq(before.selection)) return;
  events.entered(threadsAt(view.state, view.state.selection.head));
}

function takes(handler: ReturnType<typeof keydownHandler>, view: EditorView, event: KeyboardEvent): boolean {
  const taken = handler(view, event);
  if (taken) event.preventDefault();
  return taken;
}

/** The threads whose words stand around a position; the shortest words first. */
export function threadsAt(state: EditorState, position: number): string[] {
  const around = drawing.of(state).find(position, position);
  const written = around.filter(({ spec }) => (spec as Spec).look !== "pending");
  written.sort((a, b) => a.to - a.from - (b.to - b.from));
  return written.map(({ spec }) => (spec as Spec).thread);
}

/** The transaction that marks these words and no others; null if they are marked so already. */
export function drawMarks(state: EditorState, marks: readonly Mark[]): Transaction | null {
  const drawn = drawing.of(state).find();
  const before = drawn.map(({ from, to, spec }) => written({ from, to, ...(spec as Spec) }));
  const wanted = marks.filter(({ from, to }) => from < to);
  if (before.sort().join() === wanted.map(written).sort().join()) return null;
  const set = DecorationSet.create(state.doc, wanted.map(decoration));
  return drawing.with(state, set);
}

const written = ({ thread, from, to, look }: Mark): string => `${thread} ${from} ${to} ${look}`;

function decoration({ thread, from, to, look }: Mark): Decoration {
  const refer = look === "pending" ? {} : { "aria-details": threadElementId(thread) };
  const attributes = { nodeName: "mark", class: `commented ${look}`, ...refer };
  const spec: Spec = { thread, look };
  return Decoration.inline(from, to, attributes, spec);
}
