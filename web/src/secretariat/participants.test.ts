// Positions with commas stay whole; two positions are two.
import { expect, it } from "vitest";
import { lineOf, participantsOf } from "./participants.ts";

it("reads back what it writes", () => {
  const people = [
    { name: "Ada", roles: ["Afdelingschef, Børn", "konstitueret chef for HR"] },
    { name: "Bo", roles: [] },
  ];
  expect(participantsOf(people.map(lineOf))).toEqual(people);
});

it("leaves out empty lines", () => {
  expect(participantsOf([{ name: " ", roles: "Chef" }])).toEqual([]);
});
