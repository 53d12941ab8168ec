// Finding words in a section: where they are, and the marking of them on the screen.

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey } from "prosemirror-state";
import type { EditorState, Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

/** What is looked for. `wholeWords`: not as a part of a longer word. */
export type Query = { words: string; wholeWords: boolean };
export type Match = { from: number; to: number };

/** More than anyone steps through; beyond it counting costs and helps nobody. */
export const MOST_MATCHES = 5_000;

/** The places of the words, whether in capitals or not, in one block each. */
export function findIn(doc: Node, query: Query): Match[] {
  const wanted = folded(query.words.trim());
  const found: Match[] = [];
  if (wanted === "") return found;
  doc.descendants((node, position) => {
    if (!node.isTextblock || found.length >= MOST_MATCHES) return !node.isTextblock;
    const text = folded(node.textBetween(0, node.content.size, "\n", "\n"));
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const end = at + wanted.length;
      if (query.wholeWords && !isWhole(text, at, end)) continue;
      found.push({ from: position + 1 + at, to: position + 1 + end });
    }
    return false;
  });
  return found.slice(0, MOST_MATCHES);
}

/** Small letters and plain spaces, with each character where it was. */
function folded(text: string): string {
  const small = text.toLocaleLowerCase("da");
  const even = small.length === text.length ? small : [...text].map(lowered).join("");
  return even.replace(/[\s\u00a0]/g, " ");
}

function lowered(character: string): string {
  const small = character.toLocaleLowerCase("da");
  return small.length === character.length ? small : character;
}

const LETTER_BEFORE = /[\p{L}\p{N}\p{M}]$/u;
const LETTER_AFTER = /^[\p{L}\p{N}\p{M}]/u;

const isWhole = (text: string, from: number, to: number): boolean =>
  !LETTER_BEFORE.test(text.slice(Math.max(0, from - 2), from)) && !LETTER_AFTER.test(text.slice(to, to + 2));

type Found = { query: Query | null; matches: readonly Match[]; current: Match | null; drawn: DecorationSet };
type Search = { query: Query | null; current: Match | null };

const key = new PluginKey<Found>("find");
const NOTHING: Found = { query: null, matches: [], current: null, drawn: DecorationSet.empty };

/** Marks what is found, and again after each edit. */
export const findPlugin = (): Plugin =>
  new Plugin<Found>({
    key,
    state: {
      init: () => NOTHING,
      apply: (tr, found) => {
        const search = tr.getMeta(key) as Search | undefined;
        if (search) return look(tr.doc, search);
        if (!found.query || !tr.docChanged) return found;
        const current = found.current && { from: tr.mapping.map(found.current.from, 1), to: tr.mapping.map(found.current.to, -1) };
        return look(tr.doc, { query: found.query, current });
      },
    },
    props: { decorations: (state) => key.getState(state)?.drawn },
  });

function look(doc: Node, { query, current }: Search): Found {
  if (!query) return NOTHING;
  const matches = findIn(doc, query);
  const here = matches.find(({ from }) => from === current?.from) ?? null;
  const drawn = matches.map((match) =>
    Decoration.inline(match.from, match.to, { class: match === here ? "found current" : "found" }),
  );
  return { query, matches, current: here, drawn: DecorationSet.create(doc, drawn) };
}

/** The transaction that looks for `query` (null: for nothing any more) and marks `current` as the one looked at. */
export const search = (state: EditorState, query: Query | null, current: Match | null): Transaction =>
  state.tr.setMeta(key, { query, current } satisfies Search).setMeta("addToHistory", false);

export const matchesOf = (state: EditorState): readonly Match[] => key.getState(state)?.matches ?? [];
export const currentOf = (state: EditorState): Match | null => key.getState(state)?.current ?? null;
