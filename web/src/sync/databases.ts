// What is on this computer, by name: whose it is and what it holds can be told without opening it.

/** No dot is left in it, so that nobody's name is the beginning of another's. */
const part = (text: string): string => encodeURIComponent(text).replaceAll(".", "%2E");

/** All names of one user's databases begin so. */
const prefixOf = (user: string): string => `dagsorden.${part(user)}.`;

/** The copy of one document. */
export const documentDatabase = (user: string, document: string): string => `${prefixOf(user)}${document}`;

/** What is known about that copy: which heads the server has confirmed. */
export const confirmedDatabase = (user: string, document: string): string =>
  `${documentDatabase(user, document)}.kept`;

/** The user's texts that were not taken in, of all items. */
export const refusedDatabase = (user: string): string => `${prefixOf(user)}refused`;

/** The last answers of the server to this user. */
export const answersDatabase = (user: string): string => `${prefixOf(user)}answers`;

/** Of these names, those of the user's databases, but for the copies of `kept` documents. */
export function databasesOf(user: string, names: readonly string[], kept: readonly string[]): string[] {
  const spared = new Set(kept.flatMap((id) => [documentDatabase(user, id), confirmedDatabase(user, id)]));
  return names.filter((name) => name.startsWith(prefixOf(user)) && !spared.has(name));
}
