// The messages of our own that the server sends beside those of the automerge-repo protocol.
// They come from outside: each is checked for its shape, and what does not fit is nothing.

/** Why changes were not taken in. `frozen` is also said by this client, of edits it did not send. */
export type RefusalReason = "frozen" | "forbidden" | "builds_on_refused" | "invalid" | "settled";

export type Identity = { user: string; name: string; title: string };

export type ServerNotice =
  /** These changes (hex hashes) were not taken in; `serverHeads` (bs58check) is what the server has. */
  | { type: "agenda-reject"; reason: RefusalReason; hashes: string[]; serverHeads: string[] }
  /** `at`: milliseconds since 1970; `by`: a name. */
  | { type: "agenda-frozen"; heads: string[]; by: string; at: number }
  | { type: "agenda-moved"; to: string }
  /** Everyone who is connected now, by peer id. */
  | { type: "peer-identity"; peers: Record<string, Identity> };

const REASONS: readonly RefusalReason[] = ["frozen", "forbidden", "builds_on_refused", "invalid", "settled"];

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];

/** The notice that a message holds for this document, or null if it is none. */
export function noticeFrom(message: unknown, documentId: string): ServerNotice | null {
  if (!isFields(message) || message["documentId"] !== documentId) return null;
  switch (message["type"]) {
    case "agenda-reject": {
      // A reason that this version does not know is still a refusal.
      const reason = REASONS.find((known) => known === message["reason"]) ?? "invalid";
      return {
        type: "agenda-reject",
        reason,
        hashes: texts(message["hashes"]),
        serverHeads: texts(message["serverHeads"]),
      };
    }
    case "agenda-frozen":
      return {
        type: "agenda-frozen",
        heads: texts(message["heads"]),
        by: text(message["by"]),
        at: Number(message["at"]) || 0,
      };
    case "agenda-moved":
      return { type: "agenda-moved", to: text(message["to"]) };
    case "peer-identity":
      return { type: "peer-identity", peers: identities(message["peers"]) };
    default:
      return null;
  }
}

function identities(value: unknown): Record<string, Identity> {
  const found: Record<string, Identity> = {};
  for (const [peer, person] of Object.entries(isFields(value) ? value : {})) {
    if (isFields(person))
      found[peer] = { user: text(person["user"]), name: text(person["name"]), title: text(person["title"]) };
  }
  return found;
}
