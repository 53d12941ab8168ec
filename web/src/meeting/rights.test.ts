// Readers change nothing, and nobody changes what is frozen.
import { expect, it } from "vitest";
import type { Phase, Role } from "../api/types.ts";
import { mayArrange, mayWrite } from "./rights.ts";

const seen = (phase: Phase, roles: Role[]) => ({
  phase, you: { user: "u", name: "U", roles, may_plan: roles.includes("secretariat") },
});

it.each<[Phase, Role[], boolean, boolean]>([
  ["open", ["secretariat"], true, true],
  ["open", ["reader", "author"], true, false],
  ["open", ["reader"], false, false],
  ["open", [], false, false],
  ["frozen", ["secretariat"], false, false],
  ["published", ["director"], false, false],
])("%s, %s: writes %s, arranges %s", (phase, roles, writes, arranges) => {
  expect(mayWrite(seen(phase, roles))).toBe(writes);
  expect(mayArrange(seen(phase, roles))).toBe(arranges);
});
