// One meeting as its pages share it: read once, kept current by the event stream.
import { changeMeeting, meeting as readMeeting, refused as readRefused } from "../api/client.ts";
import { followMeeting } from "../api/events.ts";
import { Resource } from "../api/resource.svelte.ts";
import type { CommandAnswer, CommitNotice, MeetingCommand, MeetingView, Refused } from "../api/types.ts";
import { isNews } from "./nudge.ts";

/** Commits that come close together make one re-read. */
const NUDGE_MS = 300;

export class LiveMeeting {
  readonly id: string;
  readonly view: Resource<MeetingView>;
  readonly refused: Resource<Refused[]>;
  /** Counts up when words were, or may have been, written. */
  written = $state(0);
  #stopFollowing: (() => void) | undefined;
  #nudge: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    this.id = id;
    this.view = new Resource((signal) => readMeeting(id, signal));
    this.refused = new Resource((signal) => readRefused(id, signal));
  }

  /** Reads the meeting and follows it while the page can be seen; returns how to stop. */
  start(): () => void {
    this.reload();
    const onVisibility = () => (document.visibilityState === "visible" ? this.#follow() : this.#unfollow());
    document.addEventListener("visibilitychange", onVisibility);
    onVisibility();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      this.#unfollow();
      clearTimeout(this.#nudge);
      this.view.stop();
      this.refused.stop();
    };
  }

  /** For anything that says that the meeting has changed. */
  reload = (): void => {
    void this.view.reload();
    void this.refused.reload();
  };

  /** Carries out a command and shows its result. Rejects with a `Problem`. `attempt`: see the client. */
  async run(command: MeetingCommand, attempt?: string): Promise<CommandAnswer> {
    const answer = await changeMeeting(this.id, command, attempt);
    await this.view.reload();
    return answer;
  }

  #onCommit(notice: CommitNotice): void {
    if (notice.kinds.includes("ChangesRecorded")) this.written++;
    if (!isNews(notice, this.view.value?.position ?? 0)) return;
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#nudge);
    this.#nudge = setTimeout(this.reload, NUDGE_MS);
  }

  // A browser keeps few connections to one server, and each stream holds one: tabs in the
  // background let go of theirs.
  #follow(): void {
    this.#unfollow();
    this.#stopFollowing = followMeeting(this.id, {
      onCommit: (notice) => this.#onCommit(notice),
      onGap: () => {
        this.written++;
        this.#soon();
      },
    });
  }

  #unfollow(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
  }
}
