// The recommendation of an item: "<role> indstiller," and numbered at-points, each a block of its
// own. The text itself holds them (agenda::content::recommendation reads it the same way); what is
// here only helps to write it.

import type { Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import type { Command, EditorState, Transaction } from "prosemirror-state";
import { paragraph } from "./blocks.ts";
import { children, nodes, schema } from "./schema.ts";

/** The section that holds it. */
export const RECOMMENDATION = "indstilling";
const VERB = "indstiller";
/** What every point begins with. */
export const POINT_START = "at ";
const ENDS_WITH_VERB = /\bindstiller[,:]?\s*$/;

export type Recommendation = { sender: string; points: number };

/** The paragraph that says who recommends, its position and where in it the verb stands. */
function senderBlock(doc: Node): { position: number; verb: number; text: string } | null {
  let found: { position: number; verb: number; text: string } | null = null;
  doc.forEach((node, position) => {
    const verb = node.type === nodes.paragraph ? node.textContent.indexOf(VERB) : -1;
    if (verb >= 0 && !found) found = { position, verb, text: node.textContent };
  });
  return found;
}

const isPoint = (node: Node | undefined): boolean =>
  node?.type === nodes.list_item && node.attrs["ordered"] === true && node.attrs["indent"] === 0;

export function readRecommendation(doc: Node): Recommendation {
  const sender = senderBlock(doc);
  const points = children(doc).filter((node) => isPoint(node) && node.textContent.trim() !== "").length;
  return { sender: sender ? sender.text.slice(0, sender.verb).trim() : "", points };
}

/** Writes who recommends: in place of who stood there, or as a new first line. */
export function setSender(role: string): Command {
  return (state, dispatch) => {
    const name = role.trim().replace(/\s+/g, " ");
    if (name === "" || readRecommendation(state.doc).sender === name) return false;
    const old = senderBlock(state.doc);
    const tr = state.tr;
    if (old) {
      const start = old.position + 1;
      tr.replaceWith(start, start + old.verb, schema.text(`${name} `));
    } else insertLine(tr, `${name} ${VERB},`);
    dispatch?.(tr);
    return true;
  };
}

function insertLine(tr: Transaction, line: string): void {
  const first = tr.doc.firstChild;
  const fresh = paragraph("own", [schema.text(line)]);
  if (first?.type === nodes.paragraph && first.content.size === 0) tr.replaceWith(0, first.nodeSize, fresh);
  else tr.insert(0, fresh);
}

const newPoint = (): Node => nodes.list_item!.create({ ordered: true, indent: 0 }, schema.text(POINT_START));

/** A new point after the last one, with the caret in it. */
export const addPoint: Command = (state, dispatch) => {
  const blocks = children(state.doc);
  let index = blocks.length;
  while (index > 0 && !isPoint(blocks[index - 1])) index--;
  // What is nested under the last point stays with it.
  while (index > 0 && blocks[index]?.type === nodes.list_item) index++;
  if (index === 0) index = blocks.length;
  const position = blocks.slice(0, index).reduce((sum, node) => sum + node.nodeSize, 0);
  const last = blocks[index - 1];
  const empty = last?.type === nodes.paragraph && last.content.size === 0;
  const from = empty ? position - last.nodeSize : position;
  dispatch?.(withCaretIn(state.tr.replaceWith(from, position, newPoint()), from));
  return true;
};

const withCaretIn = (tr: Transaction, position: number): Transaction =>
  tr.setSelection(TextSelection.create(tr.doc, position + 1 + POINT_START.length)).scrollIntoView();

/** Enter after "… indstiller," and after a point begins the next point; in a point without words it ends them. */
export const enterInRecommendation: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const block = $from.parent;
  if (!empty || $from.depth !== 1 || $from.parentOffset < block.content.size) return false;
  if (isPoint(block) && block.textContent.trim() === POINT_START.trim()) return endPoints(state, dispatch);
  const goesOn = isPoint(block) && block.textContent.startsWith(POINT_START);
  const begins = block.type === nodes.paragraph && ENDS_WITH_VERB.test(block.textContent);
  if (!goesOn && !(begins && !isPoint(children(state.doc)[$from.index(0) + 1]))) return false;
  const after = $from.after();
  dispatch?.(withCaretIn(state.tr.insert(after, newPoint()), after));
  return true;
};

function endPoints(state: EditorState, dispatch: ((tr: Transaction) => void) | undefined): boolean {
  const { $from } = state.selection;
  dispatch?.(state.tr.delete($from.start(), $from.end()).setBlockType($from.start(), $from.start(), nodes.paragraph!));
  return true;
}
