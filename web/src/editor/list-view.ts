// Items on the screen: nested as they will be published, numbered by their place in their list,
// and with their level and place for assistive technology, as each stands in a list of its own.

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { NodeView, NodeViewConstructor } from "prosemirror-view";
import { placesIn } from "./lists.ts";
import type { ItemPlace } from "./lists.ts";
import { nodes } from "./schema.ts";

/** `shape`: all that the places depend on, to see whether they are the same after an edit. */
type Places = { shape: string; drawn: DecorationSet };

const key = new PluginKey<Places>("list-places");

export const listPlugin = (): Plugin =>
  new Plugin<Places>({
    key,
    state: {
      init: (_, state) => draw(state.doc),
      apply: (tr, places) => {
        if (!tr.docChanged) return places;
        if (shapeOf(tr.doc) !== places.shape) return draw(tr.doc);
        return { shape: places.shape, drawn: places.drawn.map(tr.mapping, tr.doc) };
      },
    },
    props: { decorations: (state) => key.getState(state)?.drawn, nodeViews: { list_item: itemView } },
  });

function draw(doc: Node): Places {
  const items = placesIn(doc).map(({ position, node, place }) =>
    Decoration.node(position, position + node.nodeSize, {}, { place }),
  );
  return { shape: shapeOf(doc), drawn: DecorationSet.create(doc, items) };
}

/** Letters for the kinds of blocks in order; typing changes none. */
function shapeOf(doc: Node): string {
  let shape = "";
  doc.descendants((node) => {
    if (node.type === nodes.list_item) shape += `${node.attrs["ordered"] ? "o" : "u"}${node.attrs["indent"]}`;
    else if (!node.isText) shape += node.isTextblock ? "p" : "t";
    return !node.isTextblock;
  });
  return shape;
}

const itemView: NodeViewConstructor = (node, _view, _getPos, decorations) => new ItemView(node, decorations);

class ItemView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;

  constructor(
    private node: Node,
    decorations: readonly Decoration[],
  ) {
    this.dom = document.createElement(node.attrs["ordered"] ? "ol" : "ul");
    this.dom.className = "item";
    this.contentDOM = this.dom.appendChild(document.createElement("li"));
    this.show(decorations);
  }

  update(node: Node, decorations: readonly Decoration[]): boolean {
    if (node.type !== nodes.list_item || node.attrs["ordered"] !== this.node.attrs["ordered"]) return false;
    this.node = node;
    this.show(decorations);
    return true;
  }

  private show(decorations: readonly Decoration[]): void {
    const drawn = decorations.find(({ spec }) => (spec as { place?: ItemPlace }).place);
    const place = (drawn?.spec as { place: ItemPlace } | undefined)?.place ?? {
      depth: Number(this.node.attrs["indent"]),
      number: 1,
      count: 1,
    };
    set(this.dom, "data-indent", String(place.depth));
    if (this.node.attrs["ordered"]) set(this.dom, "start", String(place.number));
    set(this.contentDOM, "aria-level", String(place.depth + 1));
    set(this.contentDOM, "aria-posinset", String(place.number));
    set(this.contentDOM, "aria-setsize", String(place.count));
  }
}

/** Only what changes is set, so that a screen reader is told no more than that. */
function set(element: HTMLElement, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
