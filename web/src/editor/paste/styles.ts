// What the style of a pasted element says that matters to us. Office programs write properties
// of their own ("mso-..."), which browsers do not keep, so the attribute is read as it was written.

export type Styles = ReadonlyMap<string, string>;

/** "font-weight:700; mso-list:l0 level1 lfo1" by property, in small letters. */
export function parseStyles(text: string): Styles {
  const styles = new Map<string, string>();
  for (const part of text.split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) styles.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim().toLowerCase());
  }
  return styles;
}

export const stylesOf = (element: Element): Styles => parseStyles(element.getAttribute("style") ?? "");

/** The weight from which letters are bold. */
const BOLD_WEIGHT = 600;

/** Whether the style makes words bold (true) or takes that off (false); undefined if it says nothing. */
export function boldIn(styles: Styles): boolean | undefined {
  const weight = styles.get("font-weight");
  if (!weight || weight === "inherit") return undefined;
  return weight.startsWith("bold") || Number(weight) >= BOLD_WEIGHT;
}

export function italicIn(styles: Styles): boolean | undefined {
  const style = styles.get("font-style");
  if (!style || style === "inherit") return undefined;
  return style.startsWith("italic") || style.startsWith("oblique");
}

export const isHidden = (styles: Styles): boolean =>
  styles.get("display") === "none" || styles.get("mso-hide") === "all";

/** What the style sheets of the pasted page say: of classes, and of the levels of Word's lists. */
export type StyleSheet = {
  classes: ReadonlyMap<string, Styles>;
  /** Whether "l0 level2" is numbered. */
  numbered: ReadonlyMap<string, boolean>;
};

export function readStyleSheets(page: Document): StyleSheet {
  const classes = new Map<string, Styles>();
  const numbered = new Map<string, boolean>();
  const text = [...page.querySelectorAll("style")].map((sheet) => sheet.textContent ?? "").join("\n");
  for (const [, selectors = "", body = ""] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const styles = parseStyles(body);
    const level = /@list\s+(l\d+):(level\d+)/.exec(selectors);
    if (level) numbered.set(`${level[1]} ${level[2]}`, isNumbered(styles));
    for (const selector of selectors.split(",")) {
      const name = /^(?:[a-z]+\d?)?\.([\w-]+)$/i.exec(selector.trim().replace(/^<!--\s*/, ""))?.[1];
      if (name) classes.set(name, new Map([...(classes.get(name) ?? []), ...styles]));
    }
  }
  return { classes, numbered };
}

/** Word leaves the format out where it is 1, 2, 3. */
function isNumbered(level: Styles): boolean {
  const format = level.get("mso-level-number-format");
  return format !== "bullet" && format !== "none";
}
