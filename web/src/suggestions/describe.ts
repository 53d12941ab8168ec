// Hunks in words, for the list of changes.

import type { Node } from "prosemirror-model";
import type { Token } from "../editor/write.ts";
import { isTable, nodes } from "../editor/schema.ts";
import { t } from "../i18n/index.ts";
import type { Hunk } from "./hunks.ts";

/** Longest piece of text that the list shows, in characters. */
const MAX_SHOWN = 240;

/** What a block is called in the toolbar. */
export function describeBlock(node: Node): string {
  if (isTable(node)) return t("suggestion.table");
  if (node.type === nodes.heading) return t(`editor.heading${Number(node.attrs["level"]) as 1 | 2 | 3}`);
  if (node.type === nodes.list_item) return t(node.attrs["ordered"] ? "editor.numbers" : "editor.bullets");
  return t("editor.paragraph");
}

/** Each part is what happens and to which words. */
export type Described = { what: string; old: string; fresh: string };

export function describe(hunk: Hunk): Described {
  if (hunk.kind === "table") return { what: t("suggestion.tableChanged"), old: "", fresh: "" };
  if (hunk.kind === "nothing")
    return { what: t(hunk.fresh ? "suggestion.nothingOn" : "suggestion.nothingOff"), old: "", fresh: "" };
  const [old, fresh] = [shown(hunk.old), shown(hunk.fresh)];
  if (old === fresh && old.trim() !== "") return { what: t("suggestion.marks"), old: "", fresh };
  if (old.trim() !== "" && fresh.trim() !== "") return { what: t("suggestion.replaced"), old, fresh };
  if (fresh.trim() !== "") return { what: t("suggestion.inserted"), old: "", fresh };
  if (old.trim() !== "") return { what: t("suggestion.deleted"), old, fresh: "" };
  return { what: blockChange(hunk.old, hunk.fresh), old: "", fresh: "" };
}

/** Only blocks came, went or became others. */
function blockChange(old: readonly Token[], fresh: readonly Token[]): string {
  const block = fresh.find((token) => "block" in token);
  if (block && "block" in block && old.some((token) => "block" in token))
    return t("suggestion.kind", { kind: describeBlock(block.block) });
  return t(fresh.length > 0 ? "suggestion.split" : "suggestion.joined");
}

function shown(tokens: readonly Token[]): string {
  const words = tokens
    .map((token) => ("unit" in token ? token.unit : isTable(token.block) ? `[${describeBlock(token.block)}]` : " ¶ "))
    .join("")
    .replace(/^( ¶ )+|( ¶ )+$/g, "");
  return words.length > MAX_SHOWN ? `${words.slice(0, MAX_SHOWN)} …` : words;
}
