// A link leads to the moment that it was made at.
import { describe, expect, it } from "vitest";
import { addressOf, type Looking, readAddress } from "./address.ts";

describe("the address of a moment", () => {
  it.each<Looking>([
    { position: undefined, from: undefined, view: "text" },
    { position: 12, from: undefined, view: "authors" },
    { position: 12, from: 0, view: "sides" },
    { position: undefined, from: 7, view: "changes" },
  ])("is read back", (looking) => expect(readAddress(addressOf(looking))).toEqual(looking));

  it("is nothing for the newest text", () => expect(addressOf(readAddress(""))).toBe(""));

  it.each(["?ved=-1&fra=x&vis=alt", "?ved=1e3", "?ved=", "?%"])("passes over %s", (search) =>
    expect(readAddress(search)).toEqual({ position: undefined, from: undefined, view: "text" }));
});
