// Which threads are shown, and in which order.
import { describe, expect, it } from "vitest";
import type { Comment, Thread } from "../api/types.ts";
import { filtered, inOrder, newOnes, speakers } from "./threads.ts";

const person = (user: string) => ({ user, name: user.toUpperCase(), title: "" });
const comment = (id: string, by: string, ...mentions: string[]): Comment => ({
  id, by: person(by), at: 0, text: id, mentions: mentions.map(person),
});
const ANCHOR = { path: ["sections", "resume", "body"], from: "1@a", to: "-2@a", quote: "ord" };

function thread(id: string, comments: Comment[], more: Partial<Thread> = {}): Thread {
  return { id, document: "case", anchor: ANCHOR, comments, resolved: null, ...more };
}

const settled = { resolved: { by: person("bo"), at: 1 } };
const threads = [
  thread("a", [comment("1", "bo"), comment("2", "lise", "karl")]),
  thread("b", [comment("3", "lise")], settled),
  thread("c", [comment("4", "karl", "lise")], { anchor: null }),
  thread("d", [comment("5", "bo")]),
];
const ids = (list: readonly Thread[]) => list.map(({ id }) => id).join("");

describe("threads", () => {
  it.each([
    ["open", "", "acd"],
    ["all", "", "abcd"],
    ["mentions", "", "a"],
    ["open", "bo", "ad"],
    ["all", "lise", "ab"],
  ] as const)("the filter %s of «%s» lets %s through", (show, who, expected) => {
    expect(ids(filtered(threads, { show, person: who }, "karl", () => false))).toBe(expected);
  });

  it("stay on the screen while an answer is begun in them", () => {
    expect(ids(filtered(threads, { show: "open", person: "bo" }, "karl", (id) => id === "b"))).toBe("abd");
  });

  it("stand by place in the text, the whole text's first, those without words last", () => {
    const places = new Map([["d", { section: 0, position: 40 }], ["b", { section: 1, position: 2 }]]);
    expect(ids(inOrder(threads, places))).toBe("cdba");
  });

  it("name everyone who spoke once", () => {
    expect(speakers(threads).map(({ user }) => user)).toEqual(["bo", "karl", "lise"]);
  });

  it("what is new is what others wrote meanwhile", () => {
    const more = [thread("a", [...threads[0]!.comments, comment("6", "karl"), comment("7", "bo")])];
    expect(newOnes(threads, more, "bo").map(({ id }) => id)).toEqual(["6"]);
  });
});
