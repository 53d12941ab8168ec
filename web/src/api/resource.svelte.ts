// Something read from the server that a page shows: its value, its error, whether it is on
// its way. The latest read wins; a failed re-read keeps the value that is on the screen.
import { t } from "../i18n/index.ts";
import { keptSince } from "../offline/answers.ts";
import { asProblem, type Problem } from "./problem.ts";

export class Resource<Value> {
  value = $state.raw<Value>();
  problem = $state.raw<Problem>();
  loading = $state(false);
  /** When the value was read, if that was on an earlier visit and the net is away now. */
  keptSince = $state<number | null>(null);
  #read: (signal: AbortSignal) => Promise<Value>;
  #running: AbortController | undefined;

  constructor(read: (signal: AbortSignal) => Promise<Value>) {
    this.#read = read;
  }

  /** Reads (again). An earlier read that is still on its way is abandoned. */
  reload = async (): Promise<void> => {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.loading = true;
    try {
      const value = await this.#read(running.signal);
      if (this.#running === running) this.#settle(value, undefined);
    } catch (thrown) {
      const fallback = { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") };
      if (this.#running === running) this.#settle(this.value, asProblem(thrown, fallback));
    }
  };

  /** Abandons a read on its way; for a page that goes away. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  #settle(value: Value | undefined, problem: Problem | undefined): void {
    this.value = value;
    this.keptSince = keptSince(value);
    this.problem = problem;
    this.loading = false;
  }
}
