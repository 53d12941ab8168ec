// People who are called to a comment by "@" and their name. Pure.
import type { Member, Person } from "../api/types.ts";

/** Most people that are suggested at a time. */
const MAX_SUGGESTIONS = 8;
/** A name that is being typed after "@": up to four words of letters. */
const BEGUN = /(?:^|[\s("])@((?:[\p{L}\p{M}.'-]+ ){0,3}[\p{L}\p{M}.'-]*)$/u;

/** What stands behind an "@" before the caret; `start` is the place of the "@". */
export type Begun = { start: number; query: string };

export function begunMention(text: string, caret: number): Begun | null {
  const query = BEGUN.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

/** The people whose name, or a part of it, begins like that. */
export function suggestions(people: readonly Member[], query: string): Member[] {
  const begins = (text: string) => text.toLocaleLowerCase("da").startsWith(query.toLocaleLowerCase("da"));
  const whole = people.filter(({ name }) => begins(name));
  const part = people.filter(({ name }) => !begins(name) && name.split(/[\s-]+/).some(begins));
  return [...whole, ...part].slice(0, MAX_SUGGESTIONS);
}

/** The text with the name in place of what was typed, and where the caret goes. */
export function completed(text: string, begun: Begun, caret: number, name: string) {
  const before = `${text.slice(0, begun.start)}@${name} `;
  return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length };
}

/** Of the people that were chosen, those whose name still stands in the text. */
export const stillMentioned = <P extends { name: string }>(text: string, chosen: readonly P[]): P[] =>
  chosen.filter(({ name }) => text.includes(`@${name}`));

/** A part of a comment's text; `person` for the name of one who is mentioned. */
export type Piece = { text: string; person: Person | null };

export function pieces(text: string, mentioned: readonly Person[]): Piece[] {
  // The longest name first, for one may begin like another.
  const names = [...mentioned].sort((a, b) => b.name.length - a.name.length);
  const found: Piece[] = [];
  let rest = text;
  while (rest !== "") {
    const places = names.map((person) => ({ person, at: rest.indexOf(`@${person.name}`) })).filter(({ at }) => at >= 0);
    const first = places.reduce((a, b) => (b.at < a.at ? b : a), { person: null as Person | null, at: rest.length });
    if (first.at > 0) found.push({ text: rest.slice(0, first.at), person: null });
    const length = first.person ? first.person.name.length + 1 : 0;
    if (first.person) found.push({ text: rest.slice(first.at, first.at + length), person: first.person });
    rest = rest.slice(first.at + length);
  }
  return found;
}

/** Who may be called: members who may read the text, other than oneself. */
export function callable(members: readonly Member[], me: string, onPlanning: boolean): Member[] {
  const sees = ({ roles }: Member) => !onPlanning || roles.some((role) => role !== "reader");
  return members.filter((member) => member.active && member.user !== me && sees(member));
}
