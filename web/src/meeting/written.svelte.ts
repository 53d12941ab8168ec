// Texts as they are now, read again while people write: for pages that show them without an editor.
import { onMount, untrack } from "svelte";
import { documentText, texts } from "../api/client.ts";
import { Resource } from "../api/resource.svelte.ts";
import type { ItemText, SectionContent } from "../api/types.ts";
import type { LiveMeeting } from "./live.svelte.ts";

/** The texts of a whole meeting. */
export const writtenTexts = (live: LiveMeeting, meeting: string, pauseMs: number): Resource<ItemText[]> =>
  readAgain(live, (signal) => texts(meeting, signal), pauseMs);

/** One text. */
export const writtenText = (live: LiveMeeting, document: string, pauseMs: number): Resource<SectionContent[]> =>
  readAgain(live, (signal) => documentText(document, signal), pauseMs);

/**
 * To be called while a component is made; ends with it. While someone writes there is something new all
 * the time, and whoever reads needs not have it at once: it is read again at most every `pauseMs`.
 */
function readAgain<T>(live: LiveMeeting, read: (signal: AbortSignal) => Promise<T>, pauseMs: number): Resource<T> {
  const written = new Resource(read);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const reload = () => {
    waiting = undefined;
    void written.reload();
  };
  let shown = untrack(() => live.written);
  $effect(() => {
    if (live.written === shown) return;
    shown = live.written;
    waiting ??= setTimeout(reload, pauseMs);
  });
  onMount(() => {
    reload();
    return () => {
      clearTimeout(waiting);
      written.stop();
    };
  });
  return written;
}
