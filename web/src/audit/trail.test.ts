// What the server is asked for.
import { describe, expect, it } from "vitest";
import { NO_FILTER, accessQuery, startOf, trailQuery } from "./trail.ts";

describe("the trail's query", () => {
  it("says nothing of what is not chosen", () => {
    expect(trailQuery({ ...NO_FILTER, words: "  " })).toEqual({});
    expect(trailQuery({ ...NO_FILTER, checkpoints: true })).toEqual({ checkpoints: "true" });
    expect(accessQuery({ month: "2026-11", person: "", what: "", refused: false })).toEqual({ month: "2026-11" });
    expect(accessQuery({ month: "2026-11", person: "", what: "", refused: true })).toEqual({ month: "2026-11", refused: "true" });
  });

  it("takes both days whole, as the reader's clock has them", () => {
    const query = trailQuery({ ...NO_FILTER, person: "bo", from: "2026-10-25", to: "2026-10-25", words: " lås " });
    expect(query).toEqual({
      person: "bo",
      words: "lås",
      from: String(new Date(2026, 9, 25).getTime()),
      until: String(new Date(2026, 9, 26).getTime()),
    });
  });

  it.each(["", "2026", "2026-11", "x-y-z"])("%s is no day", (day) => expect(startOf(day)).toBeUndefined());
});
