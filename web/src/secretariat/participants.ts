// Participants as lines of a form: several positions of a person stand with "+" between them,
// as in the printed agenda. Pure.
import type { Participant } from "../api/types.ts";

export type Line = { name: string; roles: string };

export const lineOf = (participant: Participant): Line => ({
  name: participant.name,
  roles: participant.roles.join(" + "),
});

/** The participants of the lines that have a name; empty lines are left out. */
export function participantsOf(lines: Line[]): Participant[] {
  return lines
    .map(({ name, roles }) => ({ name: name.trim(), roles: positions(roles) }))
    .filter((participant) => participant.name !== "");
}

const positions = (roles: string): string[] =>
  roles.split("+").map((role) => role.trim()).filter((role) => role !== "");
