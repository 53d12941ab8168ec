// What a suggestion changes, found exactly; and taken back, piece by piece, as if it had not been.

import * as A from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import { comparable } from "../editor/blocks.ts";
import { Replica, SECTION, newItem, randomFrom } from "../editor/fuzz.ts";
import { readSection } from "../editor/read.ts";
import type { Doc, ItemDocument } from "../editor/table-model.ts";
import { inChanges } from "../editor/write-steps.ts";
import { hunksBetween, spoken } from "./hunks.ts";
import type { Hunk } from "./hunks.ts";
import { revert } from "./revert.ts";

const BODY = ["sections", SECTION, "body"];
const paragraph = { type: new A.ImmutableString("paragraph"), parents: [], attrs: {} };

function written(text: string): Doc {
  return A.change(newItem(), (doc) => {
    A.splitBlock(doc, BODY, 0, paragraph as never);
    A.splice(doc, BODY, 1, 0, text);
  });
}

const suggested = (base: Doc, edit: (doc: ItemDocument) => void): Doc => A.change(A.clone(base), edit);

function found(before: Doc, after: Doc): Hunk[] {
  const hunks = hunksBetween({ before, after });
  if (!hunks) throw new Error("the suggestion lags behind");
  return hunks;
}

function takenBack(doc: Doc, hunks: Hunk[]): Doc {
  let left = A.clone(doc);
  inChanges((edit) => void (left = A.change(left, edit)), (target) => revert(target, hunks));
  return left;
}

const said = (hunk: Hunk) => (hunk.kind === "text" ? [spoken(hunk.old), spoken(hunk.fresh)] : hunk.kind);
const text = (doc: Doc) => comparable(readSection(doc, SECTION));

describe("hunks", () => {
  it("are whole words where words are replaced, and letters where they are added", () => {
    const base = written("Planen godkendes nu af alle");
    const after = suggested(base, (doc) => {
      A.splice(doc, BODY, 8, 7, "afvis");
      A.splice(doc, BODY, 25 - 2, 0, " her");
    });
    expect(found(base, after).map(said)).toEqual([["godkendes", "afvises"], ["", " her"]]);
  });

  it("name a block that became another kind, and marks, and the tick", () => {
    const base = written("Overskrift og ord");
    const after = suggested(base, (doc) => {
      A.updateBlock(doc, BODY, 0, { ...paragraph, type: new A.ImmutableString("heading"), attrs: { level: 2 } } as never);
      A.mark(doc, BODY, { start: 15, end: 18, expand: "after" }, "strong", true);
      doc.sections[SECTION]!.nothing = true;
    });
    expect(found(base, after).map(said)).toEqual(["nothing", ["\n", "\n"], ["ord", "ord"]]);
  });

  it("are none while the suggestion lacks something of the case", () => {
    const base = written("Ord");
    const ahead = suggested(base, (doc) => A.splice(doc, BODY, 4, 0, " mere"));
    expect(hunksBetween({ before: ahead, after: base })).toBeNull();
  });

  for (let seed = 1; seed <= 40; seed++) {
    it(`taken back are gone, one by one or all at once, seed ${seed}`, () => {
      const random = randomFrom(seed);
      let ids = 0;
      const newId = () => `id${seed}x${ids++}`;
      const author = new Replica(newItem(), 0, newId);
      for (let step = 0; step < 25; step++) author.edit(random);
      const reviewer = new Replica(author.doc, 1, newId);
      reviewer.merge(author);
      reviewer.render();
      for (let step = 0; step < 6; step++) reviewer.edit(random);
      const [before, after] = [author.doc, reviewer.doc];
      const hunks = found(before, after);
      expect(text(takenBack(after, hunks))).toBe(text(before));
      let left = A.clone(after);
      for (let rounds = hunks.length + 2; found(before, left).length > 0; rounds--) {
        expect(rounds, "each one taken back is one less").toBeGreaterThan(0);
        const one = random.pick(found(before, left));
        left = takenBack(left, [one]);
      }
      expect(text(left)).toBe(text(before));
    });
  }
});
