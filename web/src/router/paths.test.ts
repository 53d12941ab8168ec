// Paths and routes: both ways, and what is not a page.
import { describe, expect, it } from "vitest";
import { parsePath, pathOf, type Route } from "./paths.ts";

const routes: Route[] = [
  { name: "home" },
  { name: "forum", forum: "f1" },
  { name: "forumSettings", forum: "f1" },
  { name: "retention", forum: "f1" },
  { name: "meeting", meeting: "m 1/2" },
  { name: "item", meeting: "m1", item: "æ%" },
  { name: "meetingHistory", meeting: "m1" },
  { name: "meetingTrail", meeting: "m1" },
  { name: "forumTrail", forum: "f1" },
  { name: "access", forum: "f1" },
  { name: "replay", meeting: "m1" },
  { name: "reading", meeting: "m1" },
  { name: "verify" },
  { name: "decisions", meeting: "m1" },
  { name: "history", meeting: "m1", item: "i1" },
];

describe("paths", () => {
  it.each(routes)("reads back $name", (route) => {
    expect(parsePath(pathOf(route))).toEqual(route);
  });

  it("does not mind a slash at the end", () => {
    expect(parsePath("/moede/m1/")).toEqual({ name: "meeting", meeting: "m1" });
  });

  it.each(["/x", "/forum", "/forum/f/x", "/verificer/x", "/moede/m/punkt", "/moede/m/punkt/i/x", "/moede/m/punkt/i/historik/x", "/moede/%"])(
    "knows no page at %s",
    (path) => expect(parsePath(path)).toEqual({ name: "unknown" }),
  );
});
