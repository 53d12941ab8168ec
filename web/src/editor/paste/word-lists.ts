// Word's lists. On the clipboard they are paragraphs that say "mso-list:l0 level2 lfo1" and carry
// their bullet or number as words, in a span that says "mso-list:Ignore".

import type { StyleSheet, Styles } from "./styles.ts";
import { stylesOf } from "./styles.ts";

export type WordItem = { ordered: boolean; level: number };

/** The item that a paragraph of Word is, counted from level 0; null if it is none. */
export function wordItem(element: Element, styles: Styles, sheet: StyleSheet): WordItem | null {
  const listed = /(l\d+)\s+level(\d+)/.exec(styles.get("mso-list") ?? "");
  if (listed) {
    const known = sheet.numbered.get(`${listed[1]} level${listed[2]}`);
    return { ordered: known ?? isNumber(markerOf(element)), level: Number(listed[2]) - 1 };
  }
  const named = /\bMsoList(Bullet|Number)(\d?)(?:Cxsp\w+)?\b/i.exec(element.className);
  if (!named || styles.get("mso-list") === "none") return null;
  return { ordered: named[1]?.toLowerCase() === "number", level: Number(named[2] || 1) - 1 };
}

/** Whether the element is the bullet or number in front of an item. */
export const isMarker = (styles: Styles): boolean => styles.get("mso-list") === "ignore";

/** The words of the bullet or number of a paragraph. */
export function markerOf(element: Element): string {
  const marker = [...element.querySelectorAll("span")].find((span) => isMarker(stylesOf(span)));
  return (marker?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
}

/** "1.", "a)", "(iv)" are numbers. A lone "o" is the bullet of Word's second level. */
const isNumber = (marker: string): boolean => /^\(?(\d+|[a-zæøå]|[ivxlc]+)[.):]|^\d+(\.\d+)*$/i.test(marker);
