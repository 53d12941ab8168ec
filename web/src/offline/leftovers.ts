// When to send text that was left behind: a while after the page has opened, and after the net came
// back. The code for it comes with the editor's, which a page without unsent text does not need.

import { unsentPlaces } from "../sync/unsent.ts";

/** The open text sends its own words within this time. */
const AFTER_MS = 4_000;

/** Returns how to stop. */
export function sendWhatWasLeft(user: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void send(user), AFTER_MS);
  };
  soon();
  window.addEventListener("online", soon);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("online", soon);
  };
}

async function send(user: string): Promise<void> {
  if (unsentPlaces(localStorage, user).length === 0) return;
  try {
    const { sendLeftovers } = await import("../sync/leftovers.ts");
    await sendLeftovers(user);
  } catch (thrown) {
    console.error("text that was left behind could not be sent; it stays on this computer", thrown);
  }
}
