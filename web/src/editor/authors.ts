// Who wrote each word, drawn into the text: the server's runs, and one's own words as they come.
// What others write meanwhile has no author on the screen until the server is asked again.

import type { Patch } from "@automerge/automerge";
import type { Node } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import type { EditorState, Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { hasMarker, placesOf } from "./blocks.ts";
import type { Path } from "./blocks.ts";
import { regionOf } from "./positions.ts";
import { FROM_SHARED } from "./remote.ts";

/** `look` picks colour and line from the theme; `told` says who and when. */
export type Author = { look: number; told: string };
/** Places `start` to `end` of a text, as the shared text counts. */
export type AuthorRun = { start: number; end: number; author: Author };
export type AuthorText = { path: Path; runs: AuthorRun[] };

/** `own` is null while no authors are shown. */
type Drawn = { set: DecorationSet; own: Author | null };

const key = new PluginKey<Drawn>("authors");
const nothing: Drawn = { set: DecorationSet.empty, own: null };

export const authorPlugin = (): Plugin =>
  new Plugin<Drawn>({
    key,
    state: {
      init: () => nothing,
      apply: (tr, drawn) => {
        const fresh = tr.getMeta(key) as Drawn | undefined;
        if (fresh) return fresh;
        if (!drawn.own || !tr.docChanged) return drawn;
        const set = drawn.set.map(tr.mapping, tr.doc);
        return { own: drawn.own, set: withNew(set, tr, tr.getMeta(FROM_SHARED) ? null : drawn.own) };
      },
    },
    props: { decorations: (state) => key.getState(state)?.set },
  });

/** The transaction that draws these authors and no others; with null it draws none. */
export function drawAuthors(state: EditorState, texts: AuthorText[], own: Author | null): Transaction {
  const list = own ? texts.flatMap((text) => decorationsOf(state.doc, text)) : [];
  const drawn: Drawn = own ? { own, set: DecorationSet.create(state.doc, list) } : nothing;
  return state.tr.setMeta(key, drawn).setMeta("addToHistory", false);
}

/** Who wrote the word before the caret, as far as that is drawn. */
export function authorAtCaret(state: EditorState): string | null {
  const { head } = state.selection;
  const found = key.getState(state)?.set.find(Math.max(head - 1, 0), head) ?? [];
  const covering = found.find((one) => one.from < head && head <= one.to);
  return (covering?.spec as Author | undefined)?.told ?? null;
}

const drawing = (from: number, to: number, author: Author): Decoration =>
  Decoration.inline(from, to, { class: `by person-${author.look}`, title: author.told }, author);

function decorationsOf(doc: Node, { path, runs }: AuthorText): Decoration[] {
  const region = regionOf(doc, path);
  if (!region) return [];
  const { siblings } = region;
  const found: Decoration[] = [];
  let index = 0;
  let position = region.start;
  let next = 0;
  siblings.forEach((node, at) => {
    const places = placesOf(siblings, at);
    const start = index + (hasMarker(siblings, at) ? 1 : 0);
    while ((runs[next]?.end ?? Infinity) <= start) next++;
    for (let one = next; node.isTextblock && (runs[one]?.start ?? Infinity) < index + places; one++) {
      const run = runs[one]!;
      const [from, to] = [Math.max(run.start, start), Math.min(run.end, index + places)];
      if (from < to) found.push(drawing(position + 1 + from - start, position + 1 + to - start, run.author));
    }
    index += places;
    position += node.nodeSize;
  });
  return found;
}

/** New words have one author at once, also in the middle of another's: oneself, or (null) nobody yet. */
function withNew(set: DecorationSet, tr: Transaction, author: Author | null): DecorationSet {
  let result = set;
  tr.mapping.maps.forEach((map, step) => {
    const rest = tr.mapping.slice(step + 1);
    map.forEach((_start, _end, newStart, newEnd) => {
      const [from, to] = [rest.map(newStart, -1), rest.map(newEnd, 1)];
      if (from < to) result = painted(result, tr.doc, { from, to }, author);
    });
  });
  return result;
}

type Range = { from: number; to: number };

function painted(set: DecorationSet, doc: Node, { from, to }: Range, author: Author | null): DecorationSet {
  const under = set.find(from, to).filter((one) => one.from < to && one.to > from);
  const rest = under.flatMap((one) =>
    [[one.from, from] as const, [to, one.to] as const]
      .filter(([start, end]) => start < end)
      .map(([start, end]) => drawing(start, end, one.spec as Author)));
  return set.remove(under).add(doc, author ? [...rest, drawing(from, to, author)] : rest);
}

/** The runs of a text after changes: the server answered of the text as it was a moment ago. */
export function shifted({ path, runs }: AuthorText, patches: readonly Patch[]): AuthorText {
  let result = runs;
  for (const patch of patches) {
    const at = patch.path[path.length];
    const here = patch.path.length === path.length + 1 && path.every((step, place) => patch.path[place] === step);
    if (!here || typeof at !== "number") continue;
    if (patch.action === "splice") result = inserted(result, at, patch.value.length);
    else if (patch.action === "insert") result = inserted(result, at, patch.values.length);
    else if (patch.action === "del") result = deleted(result, at, patch.length ?? 1);
  }
  return { path, runs: result };
}

function inserted(runs: AuthorRun[], at: number, length: number): AuthorRun[] {
  return runs.flatMap(({ start, end, author }) => {
    if (end <= at) return [{ start, end, author }];
    if (start >= at) return [{ start: start + length, end: end + length, author }];
    return [{ start, end: at, author }, { start: at + length, end: end + length, author }];
  });
}

function deleted(runs: AuthorRun[], at: number, length: number): AuthorRun[] {
  const moved = (place: number) => (place <= at ? place : Math.max(at, place - length));
  return runs
    .map(({ start, end, author }) => ({ start: moved(start), end: moved(end), author }))
    .filter(({ start, end }) => start < end);
}
