// The texts of a whole meeting, read again while people write: for pages that show all items.
import { onMount, untrack } from "svelte";
import { texts } from "../api/client.ts";
import { Resource } from "../api/resource.svelte.ts";
import type { ItemText } from "../api/types.ts";
import type { LiveMeeting } from "./live.svelte.ts";

/**
 * To be called while a component is made; ends with it. While someone writes there is something new all
 * the time, and whoever reads needs not have it at once: it is read again at most every `pauseMs`.
 */
export function writtenTexts(live: LiveMeeting, meeting: string, pauseMs: number): Resource<ItemText[]> {
  const written = new Resource((signal) => texts(meeting, signal));
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
