// What a verdict comes to.
import { describe, expect, it } from "vitest";
import type { Verdict } from "../api/types.ts";
import { keyName, standing } from "./standing.ts";

const edition = (superseded_by: number | null): Verdict["editions"][number] => ({
  meeting: "m", edition: 1, kind: "agenda", forum: "Chefforum", date: "2026-06-17", url: "/dagsorden/m/1",
  path: "dagsorden.pdf", key: "navn+0011aabb+AQ+/==", superseded_by,
});

describe("standing", () => {
  it("tells what holds from what was superseded", () => {
    expect(standing({ verdict: "unchanged", editions: [edition(null)] })).toBe("current");
    expect(standing({ verdict: "unchanged", editions: [edition(2)] })).toBe("superseded");
  });

  it("an attachment of two editions holds as long as one of them does", () => {
    expect(standing({ verdict: "unchanged", editions: [edition(2), edition(null)] })).toBe("current");
  });

  it("a file that is none of an edition's is altered or unknown, whatever it names", () => {
    expect(standing({ verdict: "altered", editions: [edition(null)] })).toBe("altered");
    expect(standing({ verdict: "unknown", editions: [] })).toBe("unknown");
  });

  it("names a key by its name and id", () => {
    expect(keyName("navn+0011aabb+AQ+/==")).toBe("navn+0011aabb");
  });
});
