// What of the status is read aloud, and who is said to have come and left.
import { expect, it } from "vitest";
import { moves } from "./here.ts";
import { spokenStatus, type StatusMessage } from "./status.ts";

const message = (text: string, tone: StatusMessage["tone"], about: string): StatusMessage => ({ text, tone, about });
const saved = message("Gemt", "good", "saved");
const offline = (count: number) => message(`${count} venter`, "bad", "offline");

it("speaks of trouble when it begins and when it is over, not of each keystroke", () => {
  expect(spokenStatus(undefined, saved)).toBeNull();
  expect(spokenStatus(saved, message("Gemmer", "passing", "saving"))).toBeNull();
  expect(spokenStatus(saved, offline(1))).toBe("1 venter");
  expect(spokenStatus(offline(1), offline(2))).toBeNull();
  expect(spokenStatus(offline(2), message("Afvist", "bad", "refused"))).toBe("Afvist");
  expect(spokenStatus(offline(2), saved)).toBe("Gemt");
});

it("tells who came and who left, but never oneself", () => {
  const person = (user: string) => ({ user, name: user.toUpperCase(), title: "" });
  expect(moves([person("a"), person("b")], [person("a"), person("c")], "a")).toEqual({ came: ["C"], left: ["B"] });
  expect(moves([], [person("a")], "a")).toEqual({ came: [], left: [] });
});
