// Texts for people: `t` gives the text of a key in the chosen language.
import { da } from "./da.ts";
import { en } from "./en.ts";
import { current, type Lang } from "./lang.svelte.ts";

export { current, lang, setLang, type Lang } from "./lang.svelte.ts";

type Catalogue = typeof da;
export type Key = keyof Catalogue;

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;
/** What a text wants filled in; texts not known letter by letter take anything. */
type Fill<Text extends string> = string extends Text
  ? [params?: Record<string, string | number>]
  : [Placeholder<Text>] extends [never]
    ? []
    : [params: Record<Placeholder<Text>, string | number>];

const catalogues: Record<Lang, Record<Key, string>> = { da, en };

/** The text of `key` with its `{placeholders}` filled in. */
export function t<K extends Key>(key: K, ...[params]: Fill<Catalogue[K]>): string {
  return fill(catalogues[current()][key], params ?? {});
}

/** A placeholder without a value stays visible, so that the mistake is seen. */
export function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

type Counted = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

/** "1 punkt", "2 punkter": the text of `key.one` or `key.other` with `{count}`. */
export function tn(key: Counted, count: number): string {
  return fill(catalogues[current()][`${key}.${count === 1 ? "one" : "other"}` as Key], { count });
}
