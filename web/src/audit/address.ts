// The moment that the history page shows, in its address, so that a link leads to it. Pure.

export const VIEWS = ["text", "authors", "changes", "sides"] as const;
export type View = (typeof VIEWS)[number];

/** `position`: undefined is the newest; `from`: what to compare with, undefined is the stop before. */
export type Looking = { position: number | undefined; from: number | undefined; view: View };

const WORDS: Record<View, string> = { text: "tekst", authors: "forfattere", changes: "rettelser", sides: "foer-og-efter" };

/** Reads the part of an address after "?"; what it does not know is as if it was not there. */
export function readAddress(search: string): Looking {
  const query = new URLSearchParams(search);
  const view = VIEWS.find((one) => WORDS[one] === query.get("vis")) ?? "text";
  return { position: positionOf(query.get("ved")), from: positionOf(query.get("fra")), view };
}

/** The part of the address from "?" on; empty for the newest text. */
export function addressOf({ position, from, view }: Looking): string {
  const query = new URLSearchParams();
  if (position !== undefined) query.set("ved", String(position));
  if (from !== undefined) query.set("fra", String(from));
  if (view !== "text") query.set("vis", WORDS[view]);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function positionOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
