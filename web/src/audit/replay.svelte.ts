// The content of an item at one position of the log: asked for with a short pause, the latest
// wish wins, and what was once fetched is kept, because the past does not change.
import { itemAt } from "../api/client.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { ItemAt } from "../api/types.ts";
import { t } from "../i18n/index.ts";

/** The scrubber passes many stops on its way; only where it rests is fetched. */
const PAUSE_MS = 120;
/** Contents kept in memory. */
const KEPT = 200;

export class Replay {
  shown = $state.raw<ItemAt>();
  problem = $state.raw<Problem>();
  loading = $state(false);
  #meeting: string;
  #item: string;
  #kept = new Map<number, ItemAt>();
  #wanted: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(meeting: string, item: string) {
    this.#meeting = meeting;
    this.#item = item;
  }

  /** Shows the item as it was after the commit at `position`. */
  show(position: number): void {
    if (this.#wanted === position) return;
    this.stop();
    this.#wanted = position;
    const kept = this.#kept.get(position);
    if (kept) return this.#settle(kept);
    this.loading = true;
    this.#timer = setTimeout(() => void this.#fetch(position), PAUSE_MS);
  }

  retry = (): void => {
    const position = this.#wanted;
    this.#wanted = undefined;
    if (position !== undefined) this.show(position);
  };

  /** Abandons what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
  }

  async #fetch(position: number): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const content = await itemAt(this.#meeting, this.#item, position, running.signal);
      this.#keep(position, content);
      if (this.#wanted === position) this.#settle(content);
    } catch (thrown) {
      if (this.#running !== running) return;
      this.loading = false;
      this.problem = asProblem(thrown, { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") });
    }
  }

  #keep(position: number, content: ItemAt): void {
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(position, content);
  }

  #settle(content: ItemAt): void {
    this.shown = content;
    this.problem = undefined;
    this.loading = false;
  }
}
