// Whose database is whose, by its name.
import { expect, test } from "vitest";
import { answersDatabase, confirmedDatabase, databasesOf, documentDatabase, refusedDatabase } from "./databases.ts";

const all = (user: string) => [
  documentDatabase(user, "one"), confirmedDatabase(user, "one"), documentDatabase(user, "two"), refusedDatabase(user), answersDatabase(user),
];
const names = [...all("bo"), ...all("bo.holm"), ...all("bo@kommune.dk"), "another.program"];

test("a user has those of that name, not those of a name that begins with it", () => {
  for (const user of ["bo", "bo.holm", "bo@kommune.dk"]) expect(databasesOf(user, names, [])).toEqual(all(user));
});

test("the copies that are kept are spared, with what is known about them", () => {
  expect(databasesOf("bo", names, ["one"])).toEqual([documentDatabase("bo", "two"), refusedDatabase("bo"), answersDatabase("bo")]);
});
