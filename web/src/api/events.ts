// Follows a meeting's event stream. The browser reconnects by itself where it can; where it
// gives up (the server answered with an error) this tries again, ever more slowly.
import { meetingEventsUrl } from "./client.ts";
import type { CommitNotice } from "./types.ts";

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

type Listeners = {
  onCommit: (notice: CommitNotice) => void;
  /** The stream was opened, or the server would not open it: something may have been missed. */
  onGap: () => void;
};

/** Calls the listeners until the returned function is called. */
export function followMeeting(meeting: string, listeners: Listeners): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_RETRY_MS;

  function open() {
    source = new EventSource(meetingEventsUrl(meeting));
    source.addEventListener("commit", (event: MessageEvent<string>) => {
      const notice = readNotice(event.data);
      if (notice) listeners.onCommit(notice);
    });
    source.onopen = () => {
      pause = FIRST_RETRY_MS;
      listeners.onGap();
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      listeners.onGap();
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_RETRY_MS);
    };
  }

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function readNotice(data: string): CommitNotice | undefined {
  try {
    return JSON.parse(data) as CommitNotice;
  } catch (thrown) {
    console.error("the event stream sent something that is not JSON", thrown);
    return undefined;
  }
}
