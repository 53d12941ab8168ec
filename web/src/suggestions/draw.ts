// Suggestions inside the text: what would come in underlined, what would go struck through, each
// with its author's name. Drawn, never written: the text under it stays as it is.

import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorState, Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { hasMarker, placesOf } from "../editor/blocks.ts";
import { Drawing } from "../editor/drawn.ts";
import { regionOf, toPosition } from "../editor/positions.ts";
import { t } from "../i18n/index.ts";
import { describeBlock } from "./describe.ts";
import type { Hunk } from "./hunks.ts";

/** `after`: the text on screen is the suggestion's own; `before`: it is the case. */
export type Drawn = { hunks: readonly Hunk[]; author: string; side: "before" | "after" };
type TextHunk = Extract<Hunk, { kind: "text" }>;

const drawing = new Drawing("suggestions");

export const suggestionPlugin = (): Plugin => new Plugin(drawing.spec);

/** The transaction that draws these suggestions in a section and no others; null if nothing would change. */
export function drawSuggestions(state: EditorState, section: string, all: readonly Drawn[]): Transaction | null {
  const found = all.flatMap((drawn) =>
    drawn.hunks.filter((hunk) => hunk.section === section).flatMap((hunk) => decorations(state.doc, hunk, drawn)),
  );
  if (found.length === 0 && drawing.of(state) === DecorationSet.empty) return null;
  const set = found.length === 0 ? DecorationSet.empty : DecorationSet.create(state.doc, found);
  return drawing.with(state, set);
}

function decorations(doc: Node, hunk: Hunk, drawn: Drawn): Decoration[] {
  if (hunk.kind === "table") return tableDecorations(doc, hunk.table, drawn);
  if (hunk.kind === "nothing") return [];
  const [first, last] = hunk.change[drawn.side];
  const [from, to] = [toPosition(doc, { path: hunk.path, index: first }), toPosition(doc, { path: hunk.path, index: last })];
  if (from === null || to === null) return [];
  const own = drawn.side === "after";
  const title = t(own ? "suggestion.insertedBy" : "suggestion.deletedBy", { name: drawn.author });
  const attrs = { nodeName: own ? "ins" : "del", class: own ? "suggested-in" : "suggested-out", title };
  const found = from < to && !onlyKind(hunk) ? [Decoration.inline(from, to, attrs)] : [];
  found.push(...blockDecorations(doc, hunk, drawn));
  const gone = otherSide(hunk, drawn);
  if (gone) found.push(Decoration.widget(own ? from : to, () => gone.cloneNode(true), { side: own ? -1 : 1, ignoreSelection: true, key: `${hunk.id} ${gone.textContent}` }));
  return found;
}

/** Whether a block only became another kind of block. */
const onlyKind = ({ old, fresh }: TextHunk): boolean =>
  old.length === 1 && fresh.length === 1 && "block" in old[0]! && "block" in fresh[0]!;

/** The words of the side that is not on screen, to be shown beside those that are. */
function otherSide(hunk: TextHunk, { side, author }: Drawn): HTMLElement | null {
  const [own, tokens] = [side === "after", side === "after" ? hunk.old : hunk.fresh];
  if (own && onlyKind(hunk)) return null;
  const words = tokens.map((token) => ("unit" in token ? token.unit : onlyKind(hunk) ? `→ ${describeBlock(token.block)}` : "¶ ")).join("");
  // A change of marks alone shows on the words themselves.
  if (words === "" || words === (own ? hunk.fresh : hunk.old).map((token) => ("unit" in token ? token.unit : "¶ ")).join("")) return null;
  const element = document.createElement(own ? "del" : "ins");
  element.className = own ? "suggested-out" : "suggested-in";
  element.title = t(own ? "suggestion.deletedBy" : "suggestion.insertedBy", { name: author });
  element.textContent = words;
  return element;
}

/** Blocks that are new, would go, or change their kind carry a line at their side. */
function blockDecorations(doc: Node, hunk: TextHunk, { side, author }: Drawn): Decoration[] {
  const region = regionOf(doc, hunk.path);
  if (!region) return [];
  const [first, last] = hunk.change[side];
  const { siblings } = region;
  const title = onlyKind(hunk) ? t("suggestion.kindBy", { name: author }) : t(side === "after" ? "suggestion.insertedBy" : "suggestion.deletedBy", { name: author });
  const found: Decoration[] = [];
  let [index, position] = [0, region.start];
  siblings.forEach((node, place) => {
    if (hasMarker(siblings, place) && index >= first && index < last) {
      const name = onlyKind(hunk) ? "kind" : side === "after" ? "in" : "out";
      found.push(Decoration.node(position, position + node.nodeSize, { class: `suggested-block suggested-block-${name}`, title }));
    }
    index += placesOf(siblings, place);
    position += node.nodeSize;
  });
  return found;
}

function tableDecorations(doc: Node, id: string, { author }: Drawn): Decoration[] {
  const found: Decoration[] = [];
  doc.forEach((node, position) => {
    if (node.attrs["id"] !== id) return;
    const title = t("suggestion.tableBy", { name: author });
    found.push(Decoration.node(position, position + node.nodeSize, { class: "suggested-block suggested-block-kind", title }));
  });
  return found;
}
