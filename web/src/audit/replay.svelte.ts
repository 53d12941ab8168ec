// Something of an item's past, an earlier text or a difference: asked for with a short pause, the
// latest wish wins, and what was once fetched is kept, because the past does not change.
import { asProblem, type Problem } from "../api/problem.ts";
import { t } from "../i18n/index.ts";

/** The scrubber passes many stops on its way; only where it rests is fetched. */
const PAUSE_MS = 120;
/** Contents kept in memory. */
const KEPT = 200;

export class Replay<Wish extends string | number, Content> {
  shown = $state.raw<Content>();
  problem = $state.raw<Problem>();
  loading = $state(false);
  #read: (wish: Wish, signal: AbortSignal) => Promise<Content>;
  #kept = new Map<Wish, Content>();
  #wanted: Wish | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;

  constructor(read: (wish: Wish, signal: AbortSignal) => Promise<Content>) {
    this.#read = read;
  }

  show(wish: Wish): void {
    if (this.#wanted === wish) return;
    this.stop();
    this.#wanted = wish;
    const kept = this.#kept.get(wish);
    if (kept) return this.#settle(kept);
    this.loading = true;
    this.#timer = setTimeout(() => void this.#fetch(wish), PAUSE_MS);
  }

  retry = (): void => {
    const wish = this.#wanted;
    this.#wanted = undefined;
    if (wish !== undefined) this.show(wish);
  };

  /** Abandons what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
  }

  async #fetch(wish: Wish): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const content = await this.#read(wish, running.signal);
      this.#keep(wish, content);
      if (this.#wanted === wish) this.#settle(content);
    } catch (thrown) {
      if (this.#running !== running) return;
      this.loading = false;
      this.problem = asProblem(thrown, { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") });
    }
  }

  #keep(wish: Wish, content: Content): void {
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(wish, content);
  }

  #settle(content: Content): void {
    this.shown = content;
    this.problem = undefined;
    this.loading = false;
  }
}
