// What the page says of saving and connection while one suggests.

import type { SessionState } from "../sync/session.ts";
import type { SuggestionDesk } from "./desk.svelte.ts";

/** The state of what one writes in; who is here is said of the case. */
export function deskState(desk: SuggestionDesk, ofCase: SessionState | undefined): SessionState | undefined {
  if (!desk.suggests || !ofCase) return ofCase;
  const own = desk.own?.status;
  const state: SessionState = own ? { ...own, peers: ofCase.peers, frozen: own.frozen ?? ofCase.frozen } : { ...ofCase, readOnly: false };
  // What is in no suggestion yet is not saved, whatever the documents say.
  return desk.alone && state.connection.kind === "online" ? { ...state, saved: { kind: "saving" } } : state;
}
