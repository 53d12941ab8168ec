// The inner names of ProseMirror that the editor counts on are there.
// @vitest-environment jsdom

import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { expect, it } from "vitest";
import { takeIn, trustCaret } from "./inside.ts";
import { schema } from "./schema.ts";

it("finds in ProseMirror what it needs", () => {
  const view = new EditorView(document.createElement("div"), { state: EditorState.create({ schema }) });
  const { domObserver, input } = view as unknown as Record<string, Record<string, unknown>>;
  expect(domObserver?.["flush"]).toBeTypeOf("function");
  expect(input?.["lastFocus"]).toBeTypeOf("number");
  input!["lastFocus"] = 7;
  trustCaret(view);
  expect(input?.["lastFocus"]).toBe(0);
  takeIn(view);
  view.destroy();
});
