// Which wish a key is while one looks back: playing, stepping, milestones. Pure.

export type Wish = "toggle" | "first" | "last" | "back" | "on" | "milestoneBack" | "milestoneOn";

const WISHES: Record<string, Wish> = {
  " ": "toggle",
  Home: "first",
  End: "last",
  ArrowLeft: "back",
  ArrowDown: "back",
  ArrowRight: "on",
  ArrowUp: "on",
  PageUp: "milestoneOn",
  PageDown: "milestoneBack",
};

/** Kinds of elements that have a use of their own for the keys. */
const OWN_KEYS = new Set(["SELECT", "TEXTAREA"]);
/** Those that only the space bar works. */
const PRESSED = new Set(["BUTTON", "SUMMARY", "A"]);

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">;

/** Undefined for a key that is the browser's or the focused control's own. */
export function wishOf({ key, ctrlKey, metaKey, altKey, target }: Key): Wish | undefined {
  const on = (target as Element | null)?.tagName ?? "";
  if (ctrlKey || metaKey || altKey || OWN_KEYS.has(on)) return undefined;
  if (key === " " && PRESSED.has(on)) return undefined;
  return WISHES[key];
}
