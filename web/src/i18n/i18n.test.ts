// The two catalogues agree in what they want filled in; the keys agree by their types.
import { describe, expect, it } from "vitest";
import { da } from "./da.ts";
import { en } from "./en.ts";
import { fill, type Key } from "./index.ts";

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("texts", () => {
  it.each(Object.keys(da) as Key[])("%s wants the same in both languages", (key) => {
    expect(placeholders(en[key])).toEqual(placeholders(da[key]));
  });

  it("fills in every placeholder and leaves an unknown one visible", () => {
    expect(fill("{a}, {b}, {a}", { a: 1 })).toBe("1, {b}, 1");
  });
});
