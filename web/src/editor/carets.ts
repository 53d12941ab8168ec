// The carets and selections of others, drawn into the text with their names.

import { Plugin } from "prosemirror-state";
import type { EditorState } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { Drawing } from "./drawn.ts";
import { placeOf, toPosition } from "./positions.ts";
import type { Anchor } from "./positions.ts";
import type { Doc } from "./table-model.ts";

/** Where someone is: the ends of their selection. `colour` counts from 0 and picks from the theme. */
export type RemoteCaret = { peer: string; name: string; colour: number; anchor: Anchor; head: Anchor };

const drawing = new Drawing("carets");

export const caretPlugin = (): Plugin => new Plugin(drawing.spec);

/** The transaction that draws these carets and no others. */
export function drawCarets(state: EditorState, doc: Doc, carets: readonly RemoteCaret[]) {
  const drawn = carets.flatMap((caret) => decorationsOf(state, doc, caret));
  return drawing.with(state, DecorationSet.create(state.doc, drawn));
}

function decorationsOf(state: EditorState, doc: Doc, caret: RemoteCaret): Decoration[] {
  const at = (anchor: Anchor) => {
    const place = placeOf(doc, anchor);
    return place && toPosition(state.doc, place);
  };
  const [head, anchor] = [at(caret.head), at(caret.anchor)];
  // Their text may not have reached us yet, or be gone: then there is nothing to point at.
  if (head === null) return [];
  const widget = Decoration.widget(head, () => flag(caret), {
    key: `${caret.peer}:${caret.colour}:${caret.name}`,
    side: 10,
    ignoreSelection: true,
  });
  if (anchor === null || anchor === head) return [widget];
  const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
  return [widget, Decoration.inline(from, to, { class: `their-selection person-${caret.colour}` })];
}

function flag(caret: RemoteCaret): HTMLElement {
  const line = document.createElement("span");
  line.className = `their-caret person-${caret.colour}`;
  // The list of who is here says it to assistive technology; inside the text it would be read as words.
  line.setAttribute("aria-hidden", "true");
  const name = document.createElement("span");
  name.textContent = caret.name;
  line.append(name);
  return line;
}
