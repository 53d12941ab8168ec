// What signing out has to know and to do about the text on this computer.

import { databasesOf, refusedDatabase } from "./databases.ts";
import { deleteDatabase } from "./disk.ts";
import { allClosed } from "./open-sessions.ts";
import { samePlace, type Place } from "./place.ts";
import { RefusedStore } from "./refused-store.ts";
import { forgetUnsent, unsentPlaces } from "./unsent.ts";

/** Texts of the user that are on this computer only: not sent yet, or not taken in. */
export type OnlyHere = { unsent: Place[]; refused: Place[] };

export const isEmpty = ({ unsent, refused }: OnlyHere): boolean => unsent.length + refused.length === 0;

/** Sends what can be sent, and says what is left. */
export async function onlyHere(user: string): Promise<OnlyHere> {
  if (unsentPlaces(localStorage, user).length > 0) await (await import("./leftovers.ts")).sendLeftovers(user);
  return { unsent: unsentPlaces(localStorage, user), refused: distinct(await refusedPlaces(user)) };
}

async function refusedPlaces(user: string): Promise<Place[]> {
  const store = new RefusedStore(user);
  try {
    return (await store.all()).filter(({ dismissed }) => !dismissed).map(({ place }) => place);
  } finally {
    await store.close();
  }
}

/**
 * Deletes what this computer holds of the user; with `keep`, all but text that is nowhere else.
 * Every text must have been left: what is open is waited for.
 */
export async function clearComputer(user: string, keep: OnlyHere | null): Promise<void> {
  await allClosed();
  if (!keep) forgetUnsent(localStorage, user);
  const documents = keep?.unsent.map(({ document }) => document) ?? [];
  const names = databasesOf(user, await databaseNames(), documents);
  const spared = keep && keep.refused.length > 0 ? refusedDatabase(user) : "";
  await Promise.all(names.filter((name) => name !== spared).map(deleteDatabase));
}

const databaseNames = async (): Promise<string[]> =>
  (await indexedDB.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]));

const distinct = (places: readonly Place[]): Place[] =>
  places.filter((place, index) => places.findIndex((other) => samePlace(place, other)) === index);
