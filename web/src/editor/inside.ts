// What ProseMirror has no public names for. Tied to the pinned version of prosemirror-view;
// `inside.test.ts` fails when a later one has other names.

import type { EditorView } from "prosemirror-view";

type Inside = { domObserver: { flush(): void }; input: { lastFocus: number } };
const inside = (view: EditorView) => view as unknown as Inside;

/**
 * Takes in what the browser has done and not yet told, as a key that moved the caret: drawing puts
 * the caret where it was last known to be.
 */
export const takeIn = (view: EditorView): void => inside(view).domObserver.flush();

/**
 * For a fifth of a second after a focus ProseMirror takes a caret that comes to the start of the text
 * for a browser that has lost it, and puts it back. It was a person's key.
 */
export const trustCaret = (view: EditorView): void => void (inside(view).input.lastFocus = 0);
