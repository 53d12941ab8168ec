// One random edit of a section, as a person could make it by keyboard, mouse and toolbar.

import type { Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import {
  CellSelection,
  TableMap,
  addColumn,
  addRow,
  mergeCells,
  removeColumn,
  removeRow,
  splitCell,
} from "prosemirror-tables";
import { paragraph } from "./blocks.ts";
import { nodes, schema } from "./schema.ts";
import type { Random } from "./fuzz.ts";

export type Textblock = { start: number; size: number; node: Node };

/** Every block of text, cells included, with the position of its first character. */
export function textblocks(doc: Node): Textblock[] {
  const found: Textblock[] = [];
  doc.descendants((node, position) => {
    if (node.isTextblock) found.push({ start: position + 1, size: node.content.size, node });
  });
  return found;
}

type Edit = (state: EditorState, random: Random) => Transaction | null;

const WORDS = ["ab", "æøå", "x", "kommunen ", "1.239.000 kr.", "👩‍🎓", "e\u0301", "🎉a", "ﬁ"];

/** A place between two characters as a person counts them: never inside an emoji or an accent. */
export function placeIn(block: Textblock, random: Random): number {
  const offsets = [0];
  const graphemes = new Intl.Segmenter("da", { granularity: "grapheme" });
  block.node.forEach((child, offset) => {
    if (!child.isText) offsets.push(offset + child.nodeSize);
    else
      for (const { index, segment } of graphemes.segment(child.text ?? ""))
        offsets.push(offset + index + segment.length);
  });
  return block.start + random.pick(offsets);
}

const someBlock = (state: EditorState, random: Random) => random.pick(textblocks(state.doc));

const type: Edit = (state, random) =>
  state.tr.insertText(random.pick(WORDS), placeIn(someBlock(state, random), random));

/** A piece of one block's text, or null where it would be empty. */
function range(state: EditorState, random: Random): [number, number] | null {
  const block = someBlock(state, random);
  const [a, b] = [placeIn(block, random), placeIn(block, random)];
  return a === b ? null : [Math.min(a, b), Math.max(a, b)];
}

const erase: Edit = (state, random) => {
  const found = range(state, random);
  return found && state.tr.delete(...found);
};

const split: Edit = (state, random) => state.tr.split(placeIn(someBlock(state, random), random));

const eraseAcross: Edit = (state, random) => {
  const [a, b] = [placeIn(someBlock(state, random), random), placeIn(someBlock(state, random), random)];
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  const sameRegion =
    state.doc.resolve(from).sharedDepth(to) === 0 ||
    state.doc.resolve(from).sameParent(state.doc.resolve(to));
  return from < to && sameRegion ? state.tr.deleteRange(from, to) : null;
};

const joinBackward: Edit = (state, random) => {
  const { start } = someBlock(state, random);
  const before = state.doc.resolve(start - 1).nodeBefore;
  return before?.isTextblock ? state.tr.join(start - 1) : null;
};

const changeKind: Edit = (state, random) => {
  const { start } = someBlock(state, random);
  const kind = random.pick(["heading", "item", "paragraph"] as const);
  if (kind === "heading")
    return state.tr.setBlockType(start, start, nodes.heading!, { level: 1 + random.below(3) });
  if (kind === "paragraph") return state.tr.setBlockType(start, start, nodes.paragraph!);
  return state.tr.setBlockType(start, start, nodes.list_item!, {
    ordered: random.below(2) === 0,
    indent: random.below(4),
  });
};

const mark: Edit = (state, random) => {
  const found = range(state, random);
  if (!found) return null;
  const { strong, em, link } = schema.marks;
  const chosen = random.pick([
    strong.create(),
    em.create(),
    link.create({ href: `https://eksempel.dk/${random.below(3)}` }),
  ]);
  return random.below(3) === 0
    ? state.tr.removeMark(...found, chosen.type)
    : state.tr.addMark(...found, chosen);
};

const breakLine: Edit = (state, random) =>
  state.tr.insert(placeIn(someBlock(state, random), random), nodes.hard_break!.create());

const moveBlock: Edit = (state, random) => {
  if (state.doc.childCount < 3) return null;
  const offsets: number[] = [];
  state.doc.forEach((_, offset) => offsets.push(offset));
  const from = random.pick(offsets);
  const node = state.doc.nodeAt(from)!;
  const to = random.pick(offsets);
  const tr = state.tr.delete(from, from + node.nodeSize);
  return tr.insert(tr.mapping.map(to), node);
};

type TablePlace = { table: Node; offset: number; map: TableMap };

function someTable(state: EditorState, random: Random): TablePlace | null {
  const found: TablePlace[] = [];
  state.doc.forEach((table, offset) => {
    if (table.type === nodes.table) found.push({ table, offset, map: TableMap.get(table) });
  });
  return found.length > 0 ? random.pick(found) : null;
}

const insertTable: Edit = (state, random) => {
  const at = state.doc.resolve(placeIn(someBlock(state, random), random));
  if (at.depth !== 1) return null;
  const cell = (text: string) =>
    nodes.table_cell!.create(null, paragraph("virtual", text ? [schema.text(text)] : []));
  const row = () => nodes.table_row!.create(null, [cell(random.pick(["", "a🎉"])), cell("b")]);
  return state.tr.insert(at.after(1), nodes.table!.create(null, [row(), row()]));
};

const changeGrid: Edit = (state, random) => {
  const found = someTable(state, random);
  if (!found) return null;
  const { table, offset, map } = found;
  const rect = { map, table, tableStart: offset + 1, left: 0, top: 0, right: map.width, bottom: map.height };
  const { tr } = state;
  const choice = random.below(6);
  if (choice < 2) addRow(tr, rect, random.below(map.height + 1));
  else if (choice < 4) addColumn(tr, rect, random.below(map.width + 1));
  else if (choice === 4 && map.height > 1) removeRow(tr, rect, random.below(map.height));
  else if (map.width > 1) removeColumn(tr, rect, random.below(map.width));
  return tr;
};

const mergeOrSplit: Edit = (state, random) => {
  const found = someTable(state, random);
  if (!found) return null;
  const cell = () => found.offset + 1 + random.pick(found.map.map);
  const selected = state.apply(state.tr.setSelection(CellSelection.create(state.doc, cell(), cell())));
  let result: Transaction | null = null;
  const command = random.below(3) === 0 ? splitCell : mergeCells;
  command(selected, (tr) => {
    result = tr;
  });
  return result;
};

/** Writes in an empty cell: with luck one where a new row and a new column cross, as another does. */
const fillCell: Edit = (state, random) => {
  const empty = textblocks(state.doc).filter(({ start, size }) => size === 0 && state.doc.resolve(start).depth > 1);
  return empty.length > 0 ? state.tr.insertText(random.pick(WORDS), random.pick(empty).start) : null;
};

const EDITS: readonly Edit[] = [
  type,
  type,
  type,
  type,
  type,
  erase,
  erase,
  split,
  split,
  joinBackward,
  eraseAcross,
  changeKind,
  mark,
  mark,
  breakLine,
  moveBlock,
  insertTable,
  changeGrid,
  changeGrid,
  mergeOrSplit,
  fillCell,
  fillCell,
];

/** What an input method does: it writes and takes out letters within one block. */
export const composedEdit: Edit = (state, random) => random.pick([type, type, erase])(state, random);

export const randomEdit: Edit = (state, random) => random.pick(EDITS)(state, random);
