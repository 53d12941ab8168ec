// What a suggestion changes in the case, as pieces that a person can take or leave one by one.

import * as A from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import type { Path } from "../editor/blocks.ts";
import { blocksByWriter } from "../editor/parts.ts";
import { readSection } from "../editor/read.ts";
import { children, nodes } from "../editor/schema.ts";
import { bodyPath, cellKey, cellPath, textKey } from "../editor/table-model.ts";
import type { Doc } from "../editor/table-model.ts";
import { tokensOf } from "../editor/write.ts";
import type { Token } from "../editor/write.ts";
import { changedTexts, textName } from "./runs.ts";
import type { Run } from "./runs.ts";
import { alike, wordChanges } from "./words.ts";
import type { Change } from "./words.ts";

export type Hunk = { id: string; section: string } & (
  | { kind: "text"; path: Path; change: Change; old: Token[]; fresh: Token[] }
  /** Rows, columns or merged cells of a table that both have. */
  | { kind: "table"; table: string; old: Node; fresh: Node }
  | { kind: "nothing"; fresh: boolean }
);

/** The case and the case as it would be with the suggestion; the second holds all of the first. */
export type Pair = { before: Doc; after: Doc };

/** The hunks in all sections, in the order of the text; null while the suggestion lags behind its case. */
export function hunksBetween({ before, after }: Pair): Hunk[] | null {
  const heads = A.getHeads(before);
  if (!A.hasHeads(after, heads)) return null;
  const changed = changedTexts(A.diff(after, heads, A.getHeads(after)));
  const sections = Object.keys(after.sections).filter((key) => before.sections[key]);
  return sections.flatMap((section) => new SectionHunks(before, after, section, changed).all());
}

class SectionHunks {
  private readonly hunks: Hunk[] = [];
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly before: Doc,
    private readonly after: Doc,
    private readonly section: string,
    private readonly changed: Map<string, Run[]>,
  ) {}

  all(): Hunk[] {
    const [was, is] = [this.before.sections[this.section]?.nothing, this.after.sections[this.section]?.nothing];
    if (was !== is) this.add("nothing", { kind: "nothing", fresh: is === true });
    const [old, fresh] = [readSection(this.before, this.section), readSection(this.after, this.section)];
    this.text(bodyPath(this.section), children(old), children(fresh));
    const tables = new Map(tablesOf(old).map((table) => [String(table.attrs["id"]), table]));
    for (const table of tablesOf(fresh)) {
      const was = tables.get(String(table.attrs["id"]));
      if (was) this.table(was, table);
    }
    return this.hunks;
  }

  private table(old: Node, fresh: Node): void {
    const id = String(fresh.attrs["id"]);
    if (shape(old) !== shape(fresh)) {
      this.add(`table ${id}`, { kind: "table", table: id, old, fresh });
      return;
    }
    const [was, is] = [textsOf(old), textsOf(fresh)];
    for (const key of new Set([...was.keys(), ...is.keys()])) this.text(cellPath(id, key), was.get(key) ?? [], is.get(key) ?? []);
  }

  /** A changed text, and marks that changed on words that stayed. */
  private text(path: Path, was: readonly Node[], is: readonly Node[]): void {
    const [old, fresh] = [tokensOf(was, 0, was.length), tokensOf(is, 0, is.length)];
    const runs = whole(this.changed.get(textName(path)) ?? [], old.length, fresh.length);
    const changes = [...wordChanges(runs, old, fresh), ...remarked(runs, old, fresh)];
    changes.sort((a, b) => a.after[0] - b.after[0] || a.before[0] - b.before[0]);
    for (const change of withoutOverlap(changes)) {
      const [left, right] = [old.slice(...change.before), fresh.slice(...change.after)];
      const name = `${textName(path)} ${spoken(left)} ${spoken(right)}`;
      this.add(name, { kind: "text", path, change, old: left, fresh: right });
    }
  }

  /** Named by what it says, so that a tick stays with its hunk while the text around it changes. */
  private add(name: string, hunk: HunkBody): void {
    const nth = (this.seen.get(name) ?? 0) + 1;
    this.seen.set(name, nth);
    this.hunks.push({ id: `${this.section} ${name} ${nth}`, section: this.section, ...hunk } as Hunk);
  }
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type HunkBody = Without<Hunk, "id" | "section">;

/** With the end that stayed. Runs that do not fit the texts say nothing: then all of it changed. */
function whole(runs: readonly Run[], old: number, fresh: number): Run[] {
  const length = (without: Run["kind"]) =>
    runs.reduce((sum, run) => sum + (run.kind === without ? 0 : run.length), 0);
  const [b, a] = [length("added"), length("removed")];
  if (old - b !== fresh - a || old < b)
    return [
      { kind: "removed", length: old },
      { kind: "added", length: fresh },
    ];
  return [...runs, { kind: "kept", length: old - b }];
}

/** Runs of places that stayed and have other marks or another kind of block now. */
function remarked(runs: readonly Run[], old: readonly Token[], fresh: readonly Token[]): Change[] {
  const found: Change[] = [];
  let [b, a] = [0, 0];
  for (const { kind, length } of runs) {
    if (kind === "kept") {
      for (let k = 0; k < length; k++) {
        const last = found.at(-1);
        if (alike(old[b + k], fresh[a + k])) continue;
        if (last && last.after[1] === a + k && last.before[1] === b + k) {
          last.before[1]++;
          last.after[1]++;
        } else found.push({ before: [b + k, b + k + 1], after: [a + k, a + k + 1] });
      }
    }
    if (kind !== "added") b += length;
    if (kind !== "removed") a += length;
  }
  return found;
}

/** Grown words may reach into a neighbour: then the two are one. */
function withoutOverlap(changes: readonly Change[]): Change[] {
  const apart: Change[] = [];
  for (const change of changes) {
    const last = apart.at(-1);
    if (last && (change.after[0] < last.after[1] || change.before[0] < last.before[1])) {
      last.after[1] = Math.max(last.after[1], change.after[1]);
      last.before[1] = Math.max(last.before[1], change.before[1]);
    } else apart.push(change);
  }
  return apart;
}

const tablesOf = (doc: Node): Node[] => children(doc).filter((node) => node.type === nodes.table);

/** Rows, columns, merged cells and headers; not what the cells say. */
function shape(table: Node): string {
  const cell = (node: Node) => [node.type.name, node.attrs["col"], node.attrs["colspan"], node.attrs["rowspan"]];
  return JSON.stringify([
    table.attrs["cols"],
    children(table).map((row) => [row.attrs["id"], children(row).map(cell)]),
  ]);
}

/** The blocks of each text of the table, by the text's key. */
function textsOf(table: Node): Map<string, Node[]> {
  const texts = new Map<string, Node[]>();
  for (const row of children(table))
    for (const cell of children(row))
      for (const [writer, blocks] of blocksByWriter(cell))
        texts.set(textKey(cellKey(String(row.attrs["id"]), String(cell.attrs["col"])), writer), blocks);
  return texts;
}

/** What the places say: words, with a line for each block. */
export function spoken(tokens: readonly Token[]): string {
  return tokens.map((token) => ("unit" in token ? token.unit : "\n")).join("");
}
