// Heads as the wire writes them (bs58check) and as Automerge wants them (hex).

import { decodeHeads } from "@automerge/automerge-repo";
import type { UrlHeads } from "@automerge/automerge-repo";

/** The hashes in hex. What is no hash is left out: it can be among no document's changes. */
export function hexHeads(heads: readonly string[]): string[] {
  return heads.flatMap((head) => {
    try {
      return decodeHeads([head] as UrlHeads);
    } catch {
      return [];
    }
  });
}
