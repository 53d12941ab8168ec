// What follows from what happens to a connection.

import { describe, expect, it } from "vitest";
import { LONGEST_WAIT_MS, connecting, reduce } from "./connection.ts";
import type { ConnectionEvent, ConnectionState } from "./connection.ts";

const after = (...events: ConnectionEvent[]): ConnectionState => events.reduce(reduce, connecting);
const lost: ConnectionEvent = { type: "socket_closed", code: 1006 };

describe("connection", () => {
  it("is online once the server greets", () => {
    expect(after({ type: "greeted" })).toEqual({ kind: "online" });
  });

  it("waits longer after each failure, but not for ever longer", () => {
    const waits = [];
    let state: ConnectionState = connecting;
    for (let i = 0; i < 8; i++) {
      state = reduce(state, lost);
      waits.push(state.kind === "offline" ? state.waitMs : null);
      state = reduce(state, { type: "retry" });
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, LONGEST_WAIT_MS, LONGEST_WAIT_MS, LONGEST_WAIT_MS]);
  });

  it("forgets earlier failures once it was up", () => {
    expect(after(lost, { type: "retry" }, lost, { type: "retry" }, { type: "greeted" }, lost)).toEqual({
      kind: "offline",
      attempt: 0,
      waitMs: 1000,
    });
  });

  it("takes a new ticket at once when one runs out, but does not insist", () => {
    const expired: ConnectionEvent = { type: "socket_closed", code: 4401 };
    expect(after({ type: "greeted" }, expired)).toEqual(connecting);
    expect(after({ type: "greeted" }, expired, expired).kind).toBe("offline");
  });

  it.each([
    [{ type: "socket_closed", code: 4403 }, "forbidden"],
    [{ type: "socket_closed", code: 4404 }, "missing"],
    [{ type: "socket_closed", code: 4409 }, "moved"],
    [{ type: "ticket_refused", status: 401 }, "signed_out"],
    [{ type: "ticket_refused", status: 403 }, "forbidden"],
    [{ type: "moved" }, "moved"],
    [{ type: "left" }, "left"],
  ] as const)("stays closed after %o", (event, reason) => {
    const state = after({ type: "greeted" }, event);
    expect(state).toEqual({ kind: "closed", reason });
    expect(reduce(state, { type: "retry" })).toBe(state);
  });

  it.each([4400, 4408, 4429, 1001, 503])("tries again after close code %i", (code) => {
    expect(after({ type: "greeted" }, { type: "socket_closed", code }).kind).toBe("offline");
  });
});
