// What a person gets back of a text that was not taken in.

import * as A from "@automerge/automerge";
import { expect, it } from "vitest";
import { holdsAny, refusedText } from "./refusal.ts";
import { noticeFrom } from "./wire.ts";

type Section = { sections: Record<string, { body: string }> };

const server = A.from<Section>({ sections: { resume: { body: "Det gamle." }, lov: { body: "Loven." } } });
const at = (doc: A.Doc<Section>, key: string, index: number, remove: number, text: string) =>
  A.change(doc, (draft) => A.splice(draft, ["sections", key, "body"], index, remove, text));

it("gives the inserted words of each place, one a line", () => {
  let mine = at(A.clone(server), "resume", 10, 0, " Det nye.");
  mine = at(mine, "lov", 0, 0, "Også ");
  expect(refusedText(mine, A.getHeads(server)).split("\n").sort()).toEqual(["Det nye.", "Også"]);
});

it("gives nothing for a mere deletion, and not what others wrote", () => {
  expect(refusedText(at(A.clone(server), "resume", 0, 4, ""), A.getHeads(server))).toBe("");
  const theirs = at(A.clone(server), "resume", 0, 0, "Andres. ");
  const mine = A.merge(at(A.clone(server), "lov", 0, 0, "Mit. "), theirs);
  expect(refusedText(mine, A.getHeads(theirs))).toBe("Mit.");
});

it("knows whether a copy still holds what was refused", () => {
  const mine = at(A.clone(server), "lov", 0, 0, "x");
  expect(holdsAny(mine, A.getHeads(mine))).toBe(true);
  expect(holdsAny(server, A.getHeads(mine))).toBe(false);
});

it.each([
  [
    { type: "agenda-reject", documentId: "d", reason: "new reason", hashes: ["a", 1], serverHeads: null },
    { type: "agenda-reject", reason: "invalid", hashes: ["a"], serverHeads: [] },
  ],
  [
    { type: "agenda-frozen", documentId: "d", heads: ["h"], by: "Sekretæren", at: 5 },
    { type: "agenda-frozen", heads: ["h"], by: "Sekretæren", at: 5 },
  ],
  [
    { type: "peer-identity", documentId: "d", peers: { p: { user: "u", name: "N", title: "T" }, q: null } },
    { type: "peer-identity", peers: { p: { user: "u", name: "N", title: "T" } } },
  ],
  [{ type: "agenda-frozen", documentId: "other" }, null],
  [{ type: "sync", documentId: "d" }, null],
  [null, null],
])("reads %o", (message, notice) => {
  expect(noticeFrom(message, "d")).toEqual(notice);
});
