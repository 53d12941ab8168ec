// The texts of a cell in the editor. Usually there is one; where two people were the first to
// write in a cell at once there are several, and its blocks stand in the order of their texts.

import type { Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { children, isCell, nodes } from "./schema.ts";
import { cellKey, textKey } from "./table-model.ts";

export const partOf = (block: Node): string | null => (block.attrs["part"] as string | null) ?? null;

/** The key of the text that the blocks of `part` stand in. */
export function keyOfPart(row: Node, cell: Node, part: string | null): string {
  const key = cellKey(String(row.attrs["id"]), String(cell.attrs["col"]));
  return textKey(key, part ?? String(cell.attrs["writer"]));
}

/** Whether the key is that of a text of this cell. */
export const isCellOf = (key: string, row: Node, cell: Node): boolean =>
  `${key}:`.startsWith(`${cellKey(String(row.attrs["id"]), String(cell.attrs["col"]))}:`);

/** The blocks of a cell by the writer of the text that they stand in. */
export function blocksByWriter(cell: Node): Map<string, Node[]> {
  const texts = new Map<string, Node[]>();
  for (const block of children(cell)) {
    const writer = partOf(block) ?? String(cell.attrs["writer"]);
    texts.set(writer, [...(texts.get(writer) ?? []), block]);
  }
  return texts;
}

/** Whether the shared document has the text with this key in this table. */
export type HasText = (table: string, key: string) => boolean;

/**
 * Gives cells whose text is not there yet, or no more, to `writer`, who is about to make it: made under
 * the name of somebody else by two people (who split a cell at once, or put it back), one would be hidden.
 * Blocks that came from another cell, where they stood in a text of their own, join the usual one.
 */
export function ownNewTexts(state: EditorState, writer: string, hasText: HasText): Transaction | null {
  const tr = state.tr;
  state.doc.forEach((table, offset) => {
    if (table.type !== nodes.table) return;
    const id = String(table.attrs["id"]);
    table.forEach((row, rowOffset) =>
      row.forEach((cell, cellOffset) => {
        const has = (part: string | null) => hasText(id, keyOfPart(row, cell, part));
        const place = offset + 2 + rowOffset + cellOffset;
        if (cell.attrs["writer"] !== writer && !has(null)) tr.setNodeAttribute(place, "writer", writer);
        cell.forEach((block, blockOffset) => {
          const part = partOf(block);
          if (part !== null && !has(part)) tr.setNodeAttribute(place + 1 + blockOffset, "part", null);
        });
      }),
    );
  });
  return tr.docChanged ? tr : null;
}

/** Puts each block that stands among those of a later text into that text, so that it stays where it is. */
export function fitParts(state: EditorState): Transaction | null {
  const tr = state.tr;
  const put = (position: number, part: string | null) => tr.setNodeAttribute(position, "part", part);
  state.doc.forEach((node, offset) => {
    if (node.isTextblock && partOf(node) !== null) put(offset, null);
  });
  state.doc.descendants((node, position) => {
    if (isCell(node)) {
      let latest: string | null = null;
      node.forEach((block, offset) => {
        const part = partOf(block);
        if ((part ?? "") < (latest ?? "")) put(position + 1 + offset, latest);
        else latest = part;
      });
    }
    return !node.isTextblock && !isCell(node);
  });
  return tr.docChanged ? tr : null;
}
