// Links that run code, or lead nowhere, are not followed.
import { expect, it } from "vitest";
import { safeLink } from "./links.ts";

it.each(["https://example.org/a?b#c", "http://example.org", "mailto:a@example.org", "tel:+4512345678"])("keeps %s", (link) =>
  expect(safeLink(link)).toBe(link));

it.each(["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "#", "", "/x", "vbscript:x", null, undefined])(
  "drops %s", (link) => expect(safeLink(link)).toBeUndefined());
