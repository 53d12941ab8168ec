// What was said about one item: read from the server, read again with every news of the
// meeting, and what a person can do about it.
import { comments as readComments } from "../api/client.ts";
import { Resource } from "../api/resource.svelte.ts";
import type { Comment, CommentsView, DocumentKind, MeetingCommand, Thread } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import type { LiveMeeting } from "../meeting/live.svelte.ts";
import { announce } from "../ui/announcer.svelte.ts";
import type { Draft } from "./drafts.ts";
import { Drafts } from "./drafts.ts";
import { stillMentioned } from "./mentions.ts";
import { newOnes } from "./threads.ts";

export class ItemComments {
  readonly view: Resource<CommentsView>;
  readonly drafts: Drafts;
  readonly #live: LiveMeeting;
  /** The command that was tried last, so that another try of the same is carried out once. */
  #tried: { id: string; body: string } | undefined;

  constructor(live: LiveMeeting, readonly item: string, readonly me: string) {
    this.#live = live;
    this.view = new Resource((signal) => readComments(live.id, item, signal));
    this.drafts = new Drafts(me, item);
  }

  get threads(): readonly Thread[] {
    return this.view.value?.threads ?? [];
  }

  mayComment(document: DocumentKind): boolean {
    return this.view.value?.may_comment.includes(document) ?? false;
  }

  /** Reads again, and says what others have written meanwhile. */
  reload = async (): Promise<void> => {
    const before = this.view.value?.threads;
    await this.view.reload();
    const last = before && newOnes(before, this.threads, this.me).at(-1);
    if (last) announce(t(this.#calls(last) ? "comments.cameToYou" : "comments.came", { name: last.by.name, text: last.text }));
  };

  /** Begins a thread, or answers one. Rejects with a `Problem`. */
  async say(document: DocumentKind, thread: string | null, draft: Draft): Promise<string | null> {
    const mentions = stillMentioned(draft.text, draft.mentions).map(({ user }) => user);
    const { anchor, text } = draft;
    return this.#run({ type: "comment", item: this.item, document, thread, anchor, text, mentions });
  }

  async resolve(comment: string): Promise<void> {
    await this.#run({ type: "resolve_comment", item: this.item, comment });
  }

  async reopen(comment: string): Promise<void> {
    await this.#run({ type: "reopen_comment", item: this.item, comment });
  }

  /** The id of what was created, if something was. */
  async #run(command: MeetingCommand): Promise<string | null> {
    const body = JSON.stringify(command);
    if (this.#tried?.body !== body) this.#tried = { id: crypto.randomUUID(), body };
    const { created } = await this.#live.run(command, this.#tried.id);
    this.#tried = undefined;
    await this.reload();
    return created;
  }

  #calls(comment: Comment): boolean {
    return comment.mentions.some(({ user }) => user === this.me);
  }
}
