// Where a text stands: the document that it is in now, and the item that it belongs to.

import type { DocumentKind } from "../api/types.ts";

/** `title` and `meeting` are for people: to say which text it is, and to find it again. */
export type Place = { document: string; meeting: string; item: string; kind: DocumentKind; title: string };

export const samePlace = (one: Place, other: Place): boolean => one.item === other.item && one.kind === other.kind;
