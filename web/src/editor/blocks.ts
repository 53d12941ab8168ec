// How blocks and marks of the editor are written in the shared text: block markers, mark
// names and values, and how many places each block takes there.

import * as A from "@automerge/automerge";
import type { Mark, Node } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import { MAX_HEADING_LEVEL, MAX_INDENT, isTable, nodes, schema } from "./schema.ts";
import type { Marker } from "./schema.ts";

export type Path = (string | number)[];

/** The level of a heading that names none; the published document reads it the same way. */
const USUAL_HEADING_LEVEL = 2;

/** A block marker as it lies in an Automerge text. */
export type BlockValue = { [key: string]: A.MaterializeValue };

/** The words of a value that may be a plain or an immutable string; null for anything else. */
export function words(value: unknown): string | null {
  if (typeof value === "string") return value;
  return A.isImmutableString(value) ? value.val : null;
}

// Strings inside markers are immutable, else Automerge would store each as a text object.
const fixed = (value: string) => new A.ImmutableString(value) as unknown as A.MaterializeValue;

function clamped(value: unknown, low: number, high: number, otherwise: number): number {
  const number = value == null ? Number.NaN : Number(value);
  return Number.isFinite(number) ? Math.min(high, Math.max(low, Math.round(number))) : otherwise;
}

/** The marker that stands for this block. */
export function blockValue(node: Node): BlockValue {
  switch (node.type) {
    case nodes.heading:
      return { type: fixed("heading"), parents: [], attrs: { level: node.attrs["level"] } };
    case nodes.list_item: {
      const type = node.attrs["ordered"] ? "ordered-list-item" : "unordered-list-item";
      return { type: fixed(type), parents: [], attrs: { indent: node.attrs["indent"] } };
    }
    case nodes.table:
    case nodes.missing_table:
      return {
        type: fixed("table"),
        parents: [],
        attrs: { id: fixed(String(node.attrs["id"])) },
        isEmbed: true,
      };
    default:
      return { type: fixed("paragraph"), parents: [], attrs: {} };
  }
}

/** The id of the table a marker stands for, or null if it is not a table's marker. */
export function tableIdOf(value: BlockValue): string | null {
  if (words(value["type"]) !== "table") return null;
  return words((value["attrs"] as BlockValue | undefined)?.["id"]) ?? "";
}

/** The block a marker starts. A type that this version does not know shows as a paragraph. */
export function blockNode(value: BlockValue, inline: readonly Node[], part: string | null): Node {
  const attrs = (value["attrs"] ?? {}) as BlockValue;
  const type = words(value["type"]);
  if (type === "heading") {
    return nodes.heading!.create(
      { level: clamped(attrs["level"], 1, MAX_HEADING_LEVEL, USUAL_HEADING_LEVEL), part },
      inline,
    );
  }
  if (type === "ordered-list-item" || type === "unordered-list-item") {
    const indent = clamped(attrs["indent"], 0, MAX_INDENT, 0);
    return nodes.list_item!.create({ ordered: type === "ordered-list-item", indent, part }, inline);
  }
  return paragraph("own", inline, part);
}

export const paragraph = (marker: Marker, inline?: readonly Node[], part: string | null = null): Node =>
  nodes.paragraph!.create({ marker, part }, inline);

/** Whether two blocks are written with equal markers. Tables keep theirs, whatever changes. */
export function sameMarker(a: Node, b: Node): boolean {
  if (isTable(a)) return isTable(b) && a.attrs["id"] === b.attrs["id"];
  if (a.type !== b.type) return false;
  if (a.type === nodes.heading) return a.attrs["level"] === b.attrs["level"];
  if (a.type !== nodes.list_item) return true;
  return a.attrs["ordered"] === b.attrs["ordered"] && a.attrs["indent"] === b.attrs["indent"];
}

/** Whether a caret between these neighbours would have nowhere to stand: there is no text beside a table. */
export const needsRoom = (before: Node | undefined, after: Node | undefined): boolean =>
  (before === undefined || isTable(before)) && (after === undefined || isTable(after));

/** Whether the block at `index` among `siblings` takes a place for a marker in the text. */
export function hasMarker(siblings: readonly Node[], index: number): boolean {
  const node = siblings[index];
  if (node?.type !== nodes.paragraph || node.attrs["marker"] === "own") return true;
  const empty = node.content.size === 0;
  const before = siblings[index - 1];
  if (node.attrs["marker"] === "none") return empty || !(index === 0 || isTable(before));
  return !empty || !needsRoom(before, siblings[index + 1]);
}

/** How many places the block takes in the text: its marker and its UTF-16 units. */
export function placesOf(siblings: readonly Node[], index: number): number {
  const node = siblings[index];
  if (!node) return 0;
  return (hasMarker(siblings, index) ? 1 : 0) + (node.isTextblock ? node.content.size : 0);
}

/** Marks that this version shows; others stay in the shared text untouched. */
export type MarkName = "strong" | "em" | "link";
export type MarkValues = Partial<Record<MarkName, true | string>>;

/** Whether words typed at the end of a mark get it too. */
export const EXPAND: Record<MarkName, "after" | "none"> = { strong: "after", em: "after", link: "none" };
export const MARK_NAMES = Object.keys(EXPAND) as MarkName[];

export function markValues(marks: readonly Mark[]): MarkValues {
  const values: MarkValues = {};
  for (const mark of marks) {
    if (mark.type === schema.marks.link) values.link = String(mark.attrs["href"]);
    else values[mark.type.name as MarkName] = true;
  }
  return values;
}

/** The marks of a run. A mark whose value is null or false has been taken off again. */
export function marksFrom(set: A.MarkSet | undefined): readonly Mark[] {
  const found: Mark[] = [];
  for (const name of MARK_NAMES) {
    const value = set?.[name] as unknown;
    if (value == null || value === false) continue;
    if (name !== "link") found.push(schema.marks[name].create());
    else if (words(value) !== null) found.push(schema.marks.link.create({ href: words(value) }));
  }
  return found.reduce<readonly Mark[]>((all, mark) => mark.addToSet(all), []);
}

/** Attributes that say where a block is stored; nothing of them is seen. */
const STORAGE = ["marker", "part", "writer"];

/** Text without what the rule of the virtual paragraph makes different, to compare documents. */
export function comparable(node: Node, without: readonly string[] = ["marker"]): string {
  return JSON.stringify(node.toJSON(), (key, value: unknown) => (without.includes(key) ? undefined : value));
}

/** What a person sees of the text, to compare documents. */
export const visible = (node: Node): string => comparable(node, STORAGE);

/**
 * Says of each virtual paragraph that has words by now that it has its own marker. As steps that
 * move no position, so that undo and carets are not disturbed by it.
 */
export function markFilledParagraphs(tr: Transaction): Transaction {
  tr.doc.descendants((node, position) => {
    const filled =
      node.type === nodes.paragraph && node.attrs["marker"] === "virtual" && node.content.size > 0;
    if (filled) tr.setNodeAttribute(position, "marker", "own");
    return !node.isTextblock;
  });
  return tr;
}
