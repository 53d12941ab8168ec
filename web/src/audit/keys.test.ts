// The keys of the replay leave to a control what is its own.
import { expect, it } from "vitest";
import { wishOf } from "./keys.ts";

const press = (key: string, target: EventTarget | null = null, held = {}) =>
  wishOf({ key, target, ctrlKey: false, metaKey: false, altKey: false, ...held });

it.each([[" ", "toggle"], ["ArrowLeft", "back"], ["ArrowRight", "on"], ["Home", "first"], ["End", "last"], ["PageUp", "milestoneOn"]])(
  "%j is %s", (key, wish) => expect(press(key)).toBe(wish));

it.each(["a", "Tab", "Enter", "Escape"])("%s is the browser's", (key) => expect(press(key)).toBeUndefined());

it("leaves keys with a modifier to the browser", () => {
  expect(press("ArrowLeft", null, { altKey: true })).toBeUndefined();
});

it("leaves to a control what is its own", () => {
  const on = (tagName: string) => ({ tagName }) as unknown as EventTarget;
  expect(press(" ", on("BUTTON"))).toBeUndefined();
  expect(press(" ", on("INPUT"))).toBe("toggle");
  expect(press("ArrowRight", on("BUTTON"))).toBe("on");
  expect(press("ArrowRight", on("SELECT"))).toBeUndefined();
});
