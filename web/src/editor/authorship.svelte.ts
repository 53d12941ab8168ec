// Asks the server who wrote each word while somebody wants to see it, and again some seconds
// after the text has changed.

import * as A from "@automerge/automerge";
import type { Blame, BlameText } from "../api/types.ts";
import { fromWhere, nameOf } from "../audit/marked.ts";
import { moment } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import { shifted } from "./authors.ts";
import type { Author, AuthorRun, AuthorText } from "./authors.ts";
import type { Path } from "./blocks.ts";
import { bodyPath, cellPath } from "./table-model.ts";
import type { Doc } from "./table-model.ts";

/** How long after an edit the server is asked again; also the pause while its answer is ahead of us. */
const REFRESH_MS = 2_500;

/** What the open text does for this: the document, a colour for a person, and the drawing. */
export type AuthoredText = {
  doc: () => Doc;
  colourOf: (user: string) => number;
  draw: (texts: AuthorText[], own: Author | null) => void;
};

export type LegendEntry = { user: string; name: string; look: number };

export class Authorship {
  /** Everyone who wrote some of the text; empty while it is not shown. */
  legend = $state.raw<LegendEntry[]>([]);
  wanted = $state(false);
  failed = $state(false);
  #text: AuthoredText | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(
    private readonly me: { user: string; name: string },
    private readonly ask: (signal: AbortSignal) => Promise<Blame>,
  ) {}

  /** The text to draw in; undefined while there is none. */
  attach(text: AuthoredText | undefined): void {
    this.#text = text;
    if (this.wanted) void this.#refresh();
  }

  toggle(): void {
    this.wanted = !this.wanted;
    if (this.wanted) return void this.#refresh();
    this.stop();
    this.legend = [];
    this.failed = false;
    this.#text?.draw([], null);
  }

  /** The text has changed. */
  changed(): void {
    if (this.wanted) this.#timer ??= setTimeout(() => void this.#refresh(), REFRESH_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running?.abort();
  }

  async #refresh(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    try {
      const blame = await this.ask(running.signal);
      if (running.signal.aborted || !this.wanted) return;
      this.failed = false;
      this.#show(blame);
    } catch (thrown) {
      if (running.signal.aborted) return;
      this.failed = true;
      console.error("who wrote the text could not be fetched", thrown);
      this.changed();
    }
  }

  #show(blame: Blame): void {
    const text = this.#text;
    if (!text) return;
    // The server is ahead of us: what it says is of words that are not here yet.
    if (!A.hasHeads(text.doc(), blame.heads)) return this.changed();
    const look = (user: string) => text.colourOf(user);
    const patches = A.diff(text.doc(), blame.heads, A.getHeads(text.doc()));
    const texts = authorTexts(blame, look).map((one) => shifted(one, patches));
    this.legend = blame.people.map(({ user, name }) => ({ user, name, look: look(user) }));
    text.draw(texts, { look: look(this.me.user), told: this.me.name });
  }
}

/** The server's runs, those of one person in a row, from one place, as one that tells of the latest. */
export function authorTexts(blame: Blame, look: (user: string) => number): AuthorText[] {
  return blame.texts.map(({ path, runs }) => {
    const found: (AuthorRun & { whose: string; at: number })[] = [];
    for (const { start, end, credit } of runs) {
      const known = credit === null ? undefined : blame.credits[credit];
      const person = known && blame.people[known.person];
      if (!known || !person) continue;
      const last = found.at(-1);
      const { brought, source } = known;
      const whose = JSON.stringify([person.user, brought?.meeting, brought?.item, source]);
      const joins = last?.end === start && last.whose === whose;
      const at = Math.max(known.at, joins ? last.at : 0);
      const name = nameOf(blame, credit) ?? person.name;
      const told = fromWhere(t("authors.latest", { name, at: moment(at) }), known);
      const author = { look: look(person.user), told };
      if (joins) Object.assign(last, { end, at, author });
      else found.push({ start, end, author, whose, at });
    }
    return { path: pathOf(path), runs: found.map(({ start, end, author }) => ({ start, end, author })) };
  });
}

const pathOf = (path: BlameText["path"]): Path =>
  path.type === "section" ? bodyPath(path.section) : cellPath(path.table, path.key);
