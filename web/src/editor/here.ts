// Who came and who left, between two looks at who is here. Pure.

import type { Identity } from "../sync/wire.ts";

export type Moves = { came: string[]; left: string[] };

/** Names of others; oneself neither comes nor goes. */
export function moves(before: readonly Identity[], now: readonly Identity[], me: string): Moves {
  const missingIn = (others: readonly Identity[]) => (person: Identity) =>
    person.user !== me && !others.some(({ user }) => user === person.user);
  return {
    came: now.filter(missingIn(before)).map(({ name }) => name),
    left: before.filter(missingIn(now)).map(({ name }) => name),
  };
}
