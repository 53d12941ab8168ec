// What is said of a change in the text, in words.

import { t } from "../i18n/index.ts";
import type { Spoken } from "./spoken.ts";

export function saidOf(spoken: Spoken): string {
  switch (spoken.kind) {
    case "paragraph":
      return t("said.paragraph");
    case "heading":
      return t("said.heading", { level: spoken.level });
    case "item":
      return t(spoken.ordered ? "said.numbers" : "said.bullets", { level: spoken.level });
    case "table":
      return t("said.table", { rows: spoken.rows, columns: spoken.columns });
    case "noTable":
      return t("said.noTable");
    case "moved":
      return t("said.moved", { number: spoken.number, total: spoken.total });
  }
}
