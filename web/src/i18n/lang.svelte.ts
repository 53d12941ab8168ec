// The language a person has chosen. Danish unless they say otherwise; kept in the browser.
import { toStore } from "svelte/store";

export type Lang = "da" | "en";

const KEY = "dagsorden.lang";

function remembered(): Lang {
  if (typeof localStorage === "undefined") return "da";
  return localStorage.getItem(KEY) === "en" ? "en" : "da";
}

let chosen = $state<Lang>(remembered());

/** The language now; a component that reads it follows it. */
export const current = (): Lang => chosen;

export function setLang(lang: Lang): void {
  chosen = lang;
  if (typeof localStorage !== "undefined") localStorage.setItem(KEY, lang);
}

/** The same as a store, for code outside components. */
export const lang = toStore(current, setLang);
