// Writing a recommendation: sender, at-points, and moving them.
import { EditorState, TextSelection } from "prosemirror-state";
import type { Command } from "prosemirror-state";
import type { Node } from "prosemirror-model";
import { describe, expect, it } from "vitest";
import { indent } from "./commands.ts";
import { moveItem } from "./move.ts";
import { addPoint, enterInRecommendation, readRecommendation, setSender } from "./recommendation.ts";
import { children, nodes, schema } from "./schema.ts";
import { senders, asSender } from "./senders.ts";
import { spokenPlugin, type Spoken } from "./spoken.ts";

const p = (text: string) => nodes.paragraph!.create(null, text ? schema.text(text) : null);
const point = (text: string, level = 0) =>
  nodes.list_item!.create({ ordered: level === 0, indent: level }, text ? schema.text(text) : null);
const doc = (...blocks: Node[]) => nodes.doc!.create(null, blocks);

/** The caret at the end of that block. */
function at(content: Node, block: number): EditorState {
  const end = children(content).slice(0, block + 1).reduce((sum, node) => sum + node.nodeSize, 0) - 1;
  return EditorState.create({ doc: content, selection: TextSelection.create(content, end), plugins: [spokenPlugin(() => {})] });
}

function run(state: EditorState, command: Command): EditorState {
  let next = state;
  command(state, (tr) => (next = state.apply(tr)));
  return next;
}

const shape = (state: EditorState) =>
  children(state.doc).map((node) => `${node.type === nodes.list_item ? `${node.attrs["indent"]}. ` : ""}${node.textContent}`);

const said = (state: EditorState): Spoken | null => spokenPlugin(() => {}).spec.key!.getState(state) as Spoken | null;

describe("who recommends", () => {
  it("stands before the verb of the first paragraph that has it", () => {
    expect(readRecommendation(doc(p("Direktionen indstiller,"), point("at a"), point("at b"), point("")))).toEqual({ sender: "Direktionen", points: 2 });
    expect(readRecommendation(doc(p("Noget andet")))).toEqual({ sender: "", points: 0 });
  });

  it("is written as a first line, or in place of who stood there", () => {
    const empty = at(doc(p("")), 0);
    const first = run(empty, setSender(" Kommunaldirektøren "));
    expect(shape(first)).toEqual(["Kommunaldirektøren indstiller,"]);
    expect(shape(run(first, setSender("Direktionen")))).toEqual(["Direktionen indstiller,"]);
    expect(shape(run(at(doc(point("at a")), 0), setSender("Direktionen")))).toEqual(["Direktionen indstiller,", "0. at a"]);
    expect(setSender(" ")(first)).toBe(false);
  });

  it("is offered by role in the definite form, directors first, each once", () => {
    expect(asSender("Afdelingschef for Plan & Byg")).toBe("Afdelingschefen for Plan & Byg");
    expect(asSender("konst. digitaliseringschef")).toBe("Den konst. digitaliseringschef");
    expect(asSender("Formand")).toBe("Formanden");
    const members = [
      { title: "Afdelingschef for Økonomi + konst. chef for IT", roles: ["head_of_department" as const], active: true },
      { title: "Kommunaldirektør", roles: ["director" as const], active: true },
      { title: "Kommunaldirektør", roles: ["director" as const], active: false },
      { title: "Konsulent", roles: ["author" as const], active: true },
    ];
    expect(senders(members)).toEqual(["Kommunaldirektøren", "Afdelingschefen for Økonomi", "Den konst. chef for IT"]);
  });
});

describe("at-points", () => {
  it("begin with Enter after the sender, go on with Enter, and end with Enter in an empty one", () => {
    let state = at(doc(p("Direktionen indstiller,")), 0);
    state = run(state, enterInRecommendation);
    expect(shape(state)).toEqual(["Direktionen indstiller,", "0. at "]);
    state = state.apply(state.tr.insertText("sagen godkendes"));
    state = run(state, enterInRecommendation);
    expect(shape(state)).toEqual(["Direktionen indstiller,", "0. at sagen godkendes", "0. at "]);
    state = run(state, enterInRecommendation);
    expect(shape(state)).toEqual(["Direktionen indstiller,", "0. at sagen godkendes", ""]);
    expect(state.selection.$from.parent.type).toBe(nodes.paragraph);
  });

  it("are added after the last one and what is nested under it", () => {
    const state = at(doc(p("X indstiller,"), point("at a"), point("under", 1), p("Efter")), 0);
    expect(shape(run(state, addPoint))).toEqual(["X indstiller,", "0. at a", "1. under", "0. at ", "Efter"]);
    expect(shape(run(at(doc(p("X indstiller,"), p("")), 0), addPoint))).toEqual(["X indstiller,", "0. at "]);
    const added = run(at(doc(p("X indstiller,")), 0), addPoint);
    expect(added.selection.$from.parent.textContent).toBe("at ");
    expect(added.selection.$from.parentOffset).toBe(3);
  });

  it("leaves Enter alone elsewhere", () => {
    expect(enterInRecommendation(at(doc(p("Noget")), 0))).toBe(false);
    expect(enterInRecommendation(at(doc(point("uden at")), 0))).toBe(false);
  });
});

describe("moving an item", () => {
  const content = doc(p("Før"), point("a"), point("a1", 1), point("b"), point("c"));

  it("takes along what is nested, keeps the caret in it, and tells where it is now", () => {
    const down = run(at(content, 1), moveItem(1));
    expect(shape(down)).toEqual(["Før", "0. b", "0. a", "1. a1", "0. c"]);
    expect(down.selection.$from.parent.textContent).toBe("a");
    expect(said(down)).toEqual({ kind: "moved", number: 2, total: 3 });
    expect(shape(run(down, moveItem(-1)))).toEqual(shape(at(content, 1)));
  });

  it("stays where there is no neighbour on its level", () => {
    for (const [block, step] of [[1, -1], [4, 1], [2, 1]] as const) {
      expect(shape(run(at(content, block), moveItem(step)))).toEqual(shape(at(content, block)));
    }
    expect(moveItem(1)(at(content, 0))).toBe(false);
  });
});

it("tells a new list level and a new kind of block, once", () => {
  const state = at(doc(point("a"), point("b")), 1);
  const deeper = run(state, indent);
  expect(said(deeper)).toEqual({ kind: "item", ordered: true, level: 2 });
  const typed = deeper.apply(deeper.tr.insertText("x"));
  expect(said(typed)).toBe(said(deeper));
});
