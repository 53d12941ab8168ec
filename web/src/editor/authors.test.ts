// Authors stay at their words while the text goes on.
import type { Patch } from "@automerge/automerge";
import { EditorState, TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import { authorAtCaret, authorPlugin, drawAuthors, shifted } from "./authors.ts";
import type { AuthorText } from "./authors.ts";
import { FROM_SHARED } from "./remote.ts";
import { nodes, schema } from "./schema.ts";

const anna = { look: 0, told: "Anna" };
const bo = { look: 1, told: "Bo" };
const path = ["sections", "resume", "body"];
const text: AuthorText = { path, runs: [{ start: 0, end: 4, author: anna }, { start: 4, end: 8, author: bo }] };
const patch = (one: object) => [{ path: [...path, 2], ...one } as Patch];
const told = ({ runs }: AuthorText) => runs.map(({ start, end, author }) => `${author.told} ${start}-${end}`);

describe("runs that the server told of", () => {
  it.each([
    [{ action: "splice", value: "😀" }, ["Anna 0-2", "Anna 4-6", "Bo 6-10"]],
    [{ action: "insert", values: [{}] }, ["Anna 0-2", "Anna 3-5", "Bo 5-9"]],
    [{ action: "del", length: 4 }, ["Anna 0-2", "Bo 2-4"]],
    [{ action: "del" }, ["Anna 0-3", "Bo 3-7"]],
    [{ action: "put", value: 1 }, ["Anna 0-4", "Bo 4-8"]],
    [{ action: "splice", value: "x", path: ["sections", "lov", "body", 2] }, ["Anna 0-4", "Bo 4-8"]],
    [{ action: "put", value: "x", path: [...path, 2, "type"] }, ["Anna 0-4", "Bo 4-8"]],
  ])("follow %j", (one, expected) => expect(told(shifted(text, patch(one)))).toEqual(expected));
});

describe("drawn authors", () => {
  const block = (words: string) => nodes.paragraph!.create({ marker: "own" }, schema.text(words));
  const start = EditorState.create({ doc: nodes.doc!.create(null, [block("abc"), block("def")]), plugins: [authorPlugin()] });
  /** Places: marker a b c, marker d e f. */
  const drawn = start.apply(drawAuthors(start, [text], anna));
  const at = (state: EditorState, position: number) =>
    authorAtCaret(state.apply(state.tr.setSelection(TextSelection.create(state.doc, position))));

  it("cover the words and not the markers", () => {
    expect([2, 3, 4, 7, 8, 9].map((position) => at(drawn, position))).toEqual(["Anna", "Anna", "Anna", "Bo", "Bo", "Bo"]);
    expect(at(start, 3)).toBeNull();
  });

  it("give one's own words to oneself at once, in the middle of another's", () => {
    const typed = drawn.apply(drawn.tr.insertText("X", 8));
    expect([8, 9, 10].map((position) => at(typed, position))).toEqual(["Bo", "Anna", "Bo"]);
  });

  it("say nothing of what others write until the server is asked", () => {
    const theirs = drawn.apply(drawn.tr.insertText("X", 1).setMeta(FROM_SHARED, true));
    expect(at(theirs, 2)).toBeNull();
    expect(at(theirs, 3)).toBe("Anna");
    const within = drawn.apply(drawn.tr.insertText("X", 3).setMeta(FROM_SHARED, true));
    expect([3, 4, 5].map((position) => at(within, position))).toEqual(["Anna", null, "Anna"]);
  });

  it("go when they are not wanted", () => {
    expect(at(drawn.apply(drawAuthors(drawn, [], null)), 3)).toBeNull();
  });
});
