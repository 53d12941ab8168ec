// Where a place in the editor is in the shared text, and back. In the flat block model a
// position is the number of places before it in its text: one for each marker and UTF-16 unit.

import * as A from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import { hasMarker, placesOf } from "./blocks.ts";
import type { Path } from "./blocks.ts";
import { isCellOf, keyOfPart, partOf } from "./parts.ts";
import { children, isCell, nodes } from "./schema.ts";
import { bodyPath, cellPath } from "./table-model.ts";
import type { Doc } from "./table-model.ts";

/** A place in one of the document's texts: a section's body or a cell. */
export type TextPlace = { path: Path; index: number };

/** A place that stays with its words: the element before it (`after`), or the start of the text. */
export type Anchor = { path: Path; cursor: string | null };

/** The place in the shared text of a position in the section's document. */
export function toTextPlace(doc: Node, section: string, position: number): TextPlace {
  const at = doc.resolve(position);
  let depth = at.depth;
  while (depth > 0 && !isCell(at.node(depth))) depth--;
  const region = at.node(depth);
  const here = region.maybeChild(at.index(depth));
  const part = here ? partOf(here) : null;
  const path =
    depth === 0
      ? bodyPath(section)
      : cellPath(String(at.node(depth - 2).attrs["id"]), keyOfPart(at.node(depth - 1), region, part));
  const inPart = (block: Node) => partOf(block) === part;
  const siblings = children(region).filter(inPart);
  const block = children(region).slice(0, at.index(depth)).filter(inPart).length;
  let index = 0;
  for (let i = 0; i < block; i++) index += placesOf(siblings, i);
  if (at.depth > depth && siblings[block]?.isTextblock) {
    index += (hasMarker(siblings, block) ? 1 : 0) + at.pos - at.start(depth + 1);
  }
  return { path, index };
}

/** The position in the section's document of a place in the shared text, or null if it is not there. */
export function toPosition(doc: Node, place: TextPlace): number | null {
  const region = regionOf(doc, place.path);
  if (!region) return null;
  const { siblings } = region;
  let index = 0;
  let position = region.start;
  let nearest: number | null = null;
  for (let i = 0; i < siblings.length; i++) {
    const node = siblings[i]!;
    const marker = hasMarker(siblings, i) ? 1 : 0;
    const places = placesOf(siblings, i);
    if (node.isTextblock && (nearest === null || place.index >= index + marker)) {
      nearest = position + 1 + Math.max(0, Math.min(place.index - index - marker, node.content.size));
    }
    index += places;
    position += node.nodeSize;
    if (nearest !== null && place.index < index) break;
  }
  return nearest;
}

/** The blocks of one text and where the first of them begins. */
type Region = { siblings: readonly Node[]; start: number };

function regionOf(doc: Node, path: Path): Region | null {
  if (path[0] !== "tables") return { siblings: children(doc), start: 0 };
  const key = String(path[3]);
  let found: Region | null = null;
  doc.forEach((table, tableOffset) => {
    if (table.type !== nodes.table || table.attrs["id"] !== path[1]) return;
    table.forEach((row, rowOffset) =>
      row.forEach((cell, cellOffset) => {
        if (!isCellOf(key, row, cell)) return;
        const start = tableOffset + rowOffset + cellOffset + 3;
        found = regionInCell(row, cell, key, start);
      }),
    );
  });
  return found;
}

/** The blocks of that text; where it is not shown, as it is empty beside another's, all of the cell. */
function regionInCell(row: Node, cell: Node, key: string, cellStart: number): Region {
  let start: number | null = null;
  const isIn = (block: Node) => keyOfPart(row, cell, partOf(block)) === key;
  cell.forEach((block, offset) => {
    if (start === null && isIn(block)) start = cellStart + offset;
  });
  if (start === null) return { siblings: children(cell), start: cellStart };
  return { siblings: children(cell).filter(isIn), start };
}

/**
 * Holds on to a place. The caret belongs to what was typed before it: tied to the element
 * after it, two people who type at one place would get their letters mixed.
 */
export function anchorAt(doc: Doc, place: TextPlace): Anchor | null {
  if (place.index === 0) return { path: place.path, cursor: null };
  try {
    return { path: place.path, cursor: A.getCursor(doc, place.path, place.index - 1, "before") };
  } catch {
    // The text is not there any more (its table was taken out): there is nothing to hold on to.
    return null;
  }
}

/** Where the anchor is now, or null if its text is gone. */
export function placeOf(doc: Doc, anchor: Anchor): TextPlace | null {
  if (anchor.cursor === null) return { path: anchor.path, index: 0 };
  try {
    const before = A.getCursorPosition(doc, anchor.path, anchor.cursor);
    return { path: anchor.path, index: before + unitsAt(doc, anchor.path, before) };
  } catch {
    return null;
  }
}

/** How many UTF-16 units the character at that place takes: an emoji is one element but two units. */
function unitsAt(doc: Doc, path: Path, index: number): number {
  let value: unknown = doc;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  const code = typeof value === "string" ? value.codePointAt(index) : undefined;
  return code !== undefined && code > 0xffff ? 2 : 1;
}
