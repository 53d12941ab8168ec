// Calling people by "@" and their name.
import { describe, expect, it } from "vitest";
import type { Member } from "../api/types.ts";
import { begunMention, callable, completed, pieces, stillMentioned, suggestions } from "./mentions.ts";

const member = (user: string, name: string, roles: Member["roles"] = ["author"], active = true): Member => ({
  user, name, title: "", roles, active,
});
const people = [member("bo", "Bo Ærø"), member("aa", "Åse Bo-Juul"), member("per", "Per Lund", ["reader"]), member("x", "Bo Gammel", ["author"], false)];

describe("mentions", () => {
  it.each([
    ["Hej @", "", 4],
    ["Hej @bo æ", "bo æ", 4],
    ["(@Åse Bo-Ju", "Åse Bo-Ju", 1],
  ])("%s is begun", (text, query, start) => {
    expect(begunMention(text, text.length)).toEqual({ start, query });
  });

  it.each(["bo@lindeby.dk", "Hej @bo, ", "@\n"])("%s is none", (text) => {
    expect(begunMention(text, text.length)).toBeNull();
  });

  it("suggests by the beginning of the name, then of its parts", () => {
    expect(suggestions(people, "bo").map(({ name }) => name)).toEqual(["Bo Ærø", "Bo Gammel", "Åse Bo-Juul"]);
    expect(suggestions(people, "bo æ").map(({ name }) => name)).toEqual(["Bo Ærø"]);
    expect(suggestions(people, "niels")).toEqual([]);
  });

  it("takes the place of what was typed", () => {
    const begun = begunMention("Se @bo tak", 6)!;
    expect(completed("Se @bo tak", begun, 6, "Bo Ærø")).toEqual({ text: "Se @Bo Ærø tak", caret: 11 });
  });

  it("counts only those whose name still stands there", () => {
    expect(stillMentioned("Hej @Bo Ærø", people).map(({ user }) => user)).toEqual(["bo"]);
  });

  it("finds the names in the text again, the longest first", () => {
    const named = [{ user: "a", name: "Bo", title: "" }, { user: "b", name: "Bo Ærø", title: "" }];
    expect(pieces("Hej @Bo Ærø og @Bo!", named).map(({ text, person }) => [text, person?.user])).toEqual([
      ["Hej ", undefined], ["@Bo Ærø", "b"], [" og ", undefined], ["@Bo", "a"], ["!", undefined],
    ]);
    expect(pieces("<b>@Ingen</b>", named)).toEqual([{ text: "<b>@Ingen</b>", person: null }]);
  });

  it("calls members who may read the text, and not oneself", () => {
    expect(callable(people, "bo", false).map(({ user }) => user)).toEqual(["aa", "per"]);
    expect(callable(people, "bo", true).map(({ user }) => user)).toEqual(["aa"]);
  });
});
