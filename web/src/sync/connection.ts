// How the connection to the server stands, as a value: what can happen to it, and what follows.
// Nothing here knows sockets or clocks; adapter.ts does what the state says.

/** Why a connection is over for good, until the page does something about it. */
export type CloseReason = "forbidden" | "missing" | "moved" | "signed_out" | "left";

export type ConnectionState =
  /** `attempt` counts from 1 since the connection was last up. */
  | { kind: "connecting"; attempt: number }
  | { kind: "online" }
  /** Tried again after `waitMs` from now on. */
  | { kind: "offline"; attempt: number; waitMs: number }
  | { kind: "closed"; reason: CloseReason };

export type ConnectionEvent =
  /** The server greeted us. */
  | { type: "greeted" }
  /** The socket closed with this code, or never opened (1006). */
  | { type: "socket_closed"; code: number }
  /** No ticket was given: HTTP status, or 0 when the server could not be reached. */
  | { type: "ticket_refused"; status: number }
  /** The wait is over, the browser says it is back on the net, or a person asked. */
  | { type: "retry" }
  /** The agenda goes on under a new document. */
  | { type: "moved" }
  /** The server has no such document for us. */
  | { type: "unavailable" }
  /** The person left the page. */
  | { type: "left" };

export const FIRST_WAIT_MS = 1_000;
export const LONGEST_WAIT_MS = 30_000;

/** The server's close codes that mean more than "try again later". */
const CLOSE_TICKET = 4401;
const CLOSED_FOR_GOOD: Record<number, CloseReason> = { 4403: "forbidden", 4404: "missing", 4409: "moved" };
const REFUSED_FOR_GOOD: Record<number, CloseReason> = { 401: "signed_out", 403: "forbidden", 404: "missing" };

export const connecting: ConnectionState = { kind: "connecting", attempt: 1 };

export function reduce(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  if (state.kind === "closed") return state;
  switch (event.type) {
    case "greeted":
      return { kind: "online" };
    case "socket_closed":
      return afterClose(state, event.code);
    case "ticket_refused":
      return afterRefusal(state, event.status);
    case "retry":
      return state.kind === "offline" ? { kind: "connecting", attempt: state.attempt + 1 } : state;
    case "moved":
      return closed("moved");
    case "unavailable":
      return closed("missing");
    case "left":
      return closed("left");
  }
}

const closed = (reason: CloseReason): ConnectionState => ({ kind: "closed", reason });

function afterClose(state: ConnectionState, code: number): ConnectionState {
  const reason = CLOSED_FOR_GOOD[code];
  if (reason) return closed(reason);
  // An expired ticket costs no wait, but only when the last one had worked.
  if (code === CLOSE_TICKET && state.kind === "online") return connecting;
  return offline(state);
}

function afterRefusal(state: ConnectionState, status: number): ConnectionState {
  const reason = REFUSED_FOR_GOOD[status];
  return reason ? closed(reason) : offline(state);
}

/** Doubles the wait with each attempt that failed, up to a limit. */
function offline(state: ConnectionState): ConnectionState {
  const attempt = state.kind === "connecting" || state.kind === "offline" ? state.attempt : 0;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempt - 1));
  return { kind: "offline", attempt, waitMs };
}
