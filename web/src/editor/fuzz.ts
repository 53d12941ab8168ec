// Three people edit one section at random and meet at random. Used by the tests with a few
// seeds, and by `npm run fuzz` with many. Checks after each step that editor and shared text
// say the same and that positions come back, and at the end that all three are equal.

import * as A from "@automerge/automerge";
import { EditorState } from "prosemirror-state";
import { comparable } from "./blocks.ts";
import { composedEdit, placeIn, randomEdit, textblocks } from "./fuzz-edits.ts";
import type { Textblock } from "./fuzz-edits.ts";
import { anchorAt, placeOf, toPosition, toTextPlace } from "./positions.ts";
import { readSection } from "./read.ts";
import { schema } from "./schema.ts";
import { SharedSection } from "./shared.ts";
import type { CellValue, Doc, ItemDocument } from "./table-model.ts";

export const SECTION = "sagsfremstilling";

/** Numbers from a seed, the same ones each time: `below(n)` is a whole number from 0 to n - 1. */
export type Random = { below: (limit: number) => number; pick: <T>(options: readonly T[]) => T };

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return { below, pick: (options) => options[below(options.length)]! };
}

const emptyItem = (): ItemDocument => ({
  v: 1,
  sections: { [SECTION]: { body: "", nothing: false } },
  tables: {},
});

/** An item document with one empty section. Actors are fixed, so that a seed means one run. */
export const newItem = (): Doc => A.from<ItemDocument>(emptyItem(), { actor: "00".repeat(16) });

/** One person's editor and copy of the document, without a screen. */
export class Replica {
  doc: Doc;
  state: EditorState;
  private readonly section: SharedSection;

  constructor(base: Doc, index: number, newId: () => string) {
    this.doc = A.clone(base, { actor: String(index + 1).repeat(32) });
    const change = (edit: (doc: ItemDocument) => void) => void (this.doc = A.change(this.doc, edit));
    this.section = new SharedSection({ doc: () => this.doc, change }, SECTION, newId);
    this.state = EditorState.create({ schema, doc: this.section.read() });
  }

  edit(random: Random): void {
    // A screen only lags behind while a letter is being composed.
    const { behind } = this.section;
    const tr = (behind ? composedEdit : randomEdit)(this.state, random);
    if (!tr?.docChanged) return;
    const applied = this.section.applyLocal(this.state, tr, { check: true, composing: behind });
    const what = tr.steps.map((step) => JSON.stringify(step)).join("\n");
    // The place of a letter may be gone by now, and only then may it be refused.
    if (applied.failed && behind) return;
    if (applied.failed) throw new Error(`not written: ${what}`, { cause: applied.failed });
    // A table whose last row went becomes a placeholder, and the second marker of a table the
    // table itself once the first is gone: there the shared text is right and the editor follows.
    const placeholder = [this.state.doc, applied.state.doc].some((doc) =>
      comparable(doc).includes("missing_table"),
    );
    if (applied.corrected && !placeholder)
      throw new Error(`the shared text differs from the editor after ${what}`);
    this.state = applied.state;
    if (!this.section.behind) this.expectSame();
  }

  merge(other: Replica): void {
    const before = A.getHeads(this.doc);
    this.doc = A.merge(this.doc, other.doc);
    if (String(before) !== String(A.getHeads(this.doc))) this.section.changed();
  }

  render(): void {
    const tr = this.section.render(this.state);
    if (tr) this.state = this.state.apply(tr);
    this.state.doc.check();
    this.expectSame();
  }

  private expectSame(): void {
    const [written, shown] = [comparable(readSection(this.doc, SECTION)), comparable(this.state.doc)];
    if (written !== shown) throw new Error(firstDifference(written, shown));
  }

  checkPosition(random: Random): void {
    const block = random.pick(textblocks(this.state.doc));
    const position = block.start + random.below(block.size + 1);
    const place = toTextPlace(this.state.doc, SECTION, position);
    const back = toPosition(this.state.doc, place);
    if (back !== position)
      throw new Error(`position ${position} came back as ${back} from ${JSON.stringify(place)}`);
    // A table that lies behind the screen may not have that place in the shared text any more.
    if (!this.section.behind) this.checkAnchor(block, random);
  }

  private checkAnchor(block: Textblock, random: Random): void {
    const place = toTextPlace(this.state.doc, SECTION, placeIn(block, random));
    const anchor = anchorAt(this.doc, place);
    const back = anchor && placeOf(this.doc, anchor);
    if (anchor && back?.index !== place.index)
      throw new Error(`anchor of ${JSON.stringify(place)} is at ${JSON.stringify(back)}`);
  }
}

/** Words in a text that lost against another one made under the same name would be seen by nobody. */
export function expectNothingHidden(doc: Doc): void {
  for (const [id, { cells }] of Object.entries(doc.tables)) {
    for (const key of Object.keys(cells)) {
      const made = Object.values(A.getConflicts(cells, key) ?? {}) as CellValue[];
      if (made.filter(({ t }) => t).length > 1) throw new Error(`a text of cell ${key} of ${id} is hidden`);
    }
  }
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 200), at + 300);
  return `written …${around(a)}…\nshown   …${around(b)}…`;
}

/** How one run goes: edits in all, and how often two people meet (one in `mergeOneIn` steps). */
export type Plan = { steps: number; mergeOneIn: number };

/** Runs one seed; throws with what went wrong. Returns what all three show at the end. */
export function runSeed(seed: number, plan: Plan): string {
  const random = randomFrom(seed);
  let ids = 0;
  const newId = () => `id${seed}x${ids++}`;
  const base = newItem();
  const replicas = [0, 1, 2].map((index) => new Replica(base, index, newId));
  for (let step = 0; step < plan.steps; step++) {
    random.pick(replicas).edit(random);
    const [one, other] = [random.pick(replicas), random.pick(replicas)];
    if (random.below(plan.mergeOneIn) === 0 && one !== other) one.merge(other);
    // Now and then the screen lags behind, as it does while someone composes a letter.
    if (random.below(4) > 0) one.render();
    random.pick(replicas).checkPosition(random);
  }
  for (let round = 0; round < 2; round++) {
    for (const one of replicas) for (const other of replicas) if (one !== other) one.merge(other);
  }
  for (const replica of replicas) replica.render();
  for (const replica of replicas) expectNothingHidden(replica.doc);
  // An empty cell without a text yet names its reader as the one who would make it.
  const json = (replica: Replica) => JSON.stringify(replica.state.doc).replace(/"writer":"(\d)\1{31}"/g, "");
  const shown = replicas.map(json);
  if (shown.some((text) => text !== shown[0]))
    throw new Error(
      `the replicas differ:\n${firstDifference(shown[0] ?? "", shown.find((text) => text !== shown[0]) ?? "")}`,
    );
  return shown[0] ?? "";
}
