// What a verdict comes to for the person who has the file. Pure.
import type { Verdict } from "../api/types.ts";

export type Standing = "current" | "superseded" | "altered" | "unknown";

/** An unchanged file holds if one of the editions that it is part of does. */
export function standing({ verdict, editions }: Verdict): Standing {
  if (verdict !== "unchanged") return verdict;
  return editions.some(({ superseded_by }) => superseded_by === null) ? "current" : "superseded";
}

/** The name and id of a public key, which is written `name+id+base64`. */
export function keyName(key: string): string {
  return key.split("+", 2).join("+");
}
