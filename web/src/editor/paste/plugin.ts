// Copy and paste of a section: what comes in is cleaned and limited, what goes out is plain HTML.

import { DOMParser as SliceParser, Fragment, Slice } from "prosemirror-model";
import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { isInTable } from "prosemirror-tables";
import { children, isTable, schema } from "../schema.ts";
import { withoutTableId } from "../table-ids.ts";
import { clean } from "./clean.ts";
import { copySerializer, copyText } from "./copy.ts";
import { toHtml } from "./pasted.ts";
import { plainBlocks } from "./plain-text.ts";

/** The most that is taken in at once: characters of text, about 500 pages. */
export const MOST_PASTED = 1_000_000;
/** The most HTML that is looked at; office programs write many times as much as there are words. */
const MOST_HTML = 40 * MOST_PASTED;

/** What a person has to know about what they pasted. */
export type PasteNotice = { kind: "pictures"; count: number } | { kind: "tooLong" };

const parsePage = (html: string): Document => new DOMParser().parseFromString(html, "text/html");

export function pastePlugin(tell: (notice: PasteNotice) => void): Plugin {
  let tooMuchHtml = false;
  return new Plugin({
    props: {
      transformPastedHTML: (html) => {
        tooMuchHtml = html.length > MOST_HTML;
        if (tooMuchHtml) return "";
        const cleaned = clean(html, parsePage);
        if (cleaned.pictures > 0) tell({ kind: "pictures", count: cleaned.pictures });
        return cleaned.html;
      },
      clipboardTextParser: (text, context, plain) => {
        tooMuchHtml = false;
        const oneLine = text !== "" && !/[\r\n]/.test(text);
        // What is too long is not looked into: its length is told below.
        const asItIs = oneLine || text.length > MOST_PASTED;
        return asItIs ? new Slice(Fragment.from(schema.text(text, context.marks())), 0, 0) : parsePlain(text, plain);
      },
      transformPasted: (slice, view) => {
        const content = isInTable(view.state) ? withoutInnerTables(slice.content) : slice.content;
        if (content === slice.content) return new Slice(mapped(content, withoutTableId), slice.openStart, slice.openEnd);
        return new Slice(content, 0, 0);
      },
      handlePaste: (_view, _event, slice) => {
        if (!tooMuchHtml && slice.content.size <= MOST_PASTED) return false;
        tell({ kind: "tooLong" });
        return true;
      },
      clipboardSerializer: copySerializer,
      clipboardTextSerializer: copyText,
    },
  });
}

/** Several lines are blocks of their own. */
function parsePlain(text: string, plain: boolean): Slice {
  const page = parsePage(toHtml(plainBlocks(text, plain)));
  const { content } = SliceParser.fromSchema(schema).parse(page.body);
  return Slice.maxOpen(content, false);
}

/** A table alone fills the cells around the caret; one among other things becomes its paragraphs there. */
function withoutInnerTables(content: Fragment): Fragment {
  const blocks = content.content;
  if (blocks.length === 1 || !blocks.some(isTable)) return content;
  const flat = (node: Node): readonly Node[] => (node.isTextblock ? [node] : children(node).flatMap(flat));
  return Fragment.from(blocks.flatMap((block) => (isTable(block) ? flat(block) : [block])));
}

const mapped = (content: Fragment, change: (node: Node) => Node): Fragment =>
  Fragment.fromArray(content.content.map(change));
