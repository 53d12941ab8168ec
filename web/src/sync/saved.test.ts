// "Saved" is said only when the server has everything.

import * as A from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import { mergedHeads, pendingChanges, savedState } from "./saved.ts";

type Text = { text: string };
const write = (doc: A.Doc<Text>, text: string) =>
  A.change(doc, (draft) => A.splice(draft, ["text"], draft.text.length, 0, text));

describe("saved", () => {
  it.each([
    [{ pending: 0, connection: "online", refused: 0 }, { kind: "saved" }],
    [{ pending: 3, connection: "online", refused: 0 }, { kind: "saving" }],
    [{ pending: null, connection: "online", refused: 0 }, { kind: "saving" }],
    [{ pending: 0, connection: "connecting", refused: 0 }, { kind: "saved" }],
    [
      { pending: 3, connection: "offline", refused: 0 },
      { kind: "offline", waiting: 3 },
    ],
    [
      { pending: null, connection: "closed", refused: 0 },
      { kind: "offline", waiting: 0 },
    ],
    [
      { pending: 0, connection: "online", refused: 2 },
      { kind: "refused", count: 2 },
    ],
    [{ pending: 1, connection: "online", refused: 2 }, { kind: "saving" }],
    [
      { pending: 1, connection: "offline", refused: 2 },
      { kind: "offline", waiting: 1 },
    ],
  ] as const)("%o is %o", (input, expected) => {
    expect(savedState(input)).toEqual(expected);
  });
});

describe("what the server has not confirmed", () => {
  const server = A.from<Text>({ text: "a" });
  const mine = write(write(A.clone(server), "b"), "c");

  it("counts the changes since its heads", () => {
    expect(pendingChanges(mine, A.getHeads(server))).toBe(2);
    expect(pendingChanges(mine, A.getHeads(mine))).toBe(0);
  });

  it("does not take heads it has not seen for a confirmation", () => {
    const ahead = write(A.clone(server), "x");
    const confirmed = mergedHeads(mine, A.getHeads(server), A.getHeads(ahead));
    expect(pendingChanges(mine, confirmed)).toBe(2);
  });

  it("takes the new heads alone once it has them all", () => {
    expect(mergedHeads(mine, A.getHeads(server), A.getHeads(mine))).toEqual(A.getHeads(mine));
  });
});
