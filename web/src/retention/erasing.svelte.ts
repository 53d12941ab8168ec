// Erasing what a plan says is due: one command for each item, one after the other, so that it can be stopped and
// gone on with. What the server refuses is kept with its reason; what interrupts it ends it.
import { changeMeeting } from "../api/client.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import type { RetentionItem, RetentionPlan } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import { reasonOf } from "./plan.ts";

/** Answers to a command that was refused for what it asks; any other says that the next would fare no better. */
const REFUSALS = [403, 404, 409, 422];

type Refused = { item: RetentionItem; problem: Problem };

export class Erasing {
  running = $state(false);
  total = $state(0);
  erased = $state(0);
  refused = $state.raw<readonly Refused[]>([]);
  /** Stopped by the person. */
  stopped = $state(false);
  interrupted = $state.raw<Problem>();

  get done(): number {
    return this.erased + this.refused.length;
  }

  stop(): void {
    this.stopped = true;
  }

  async run(items: readonly RetentionItem[], plan: RetentionPlan): Promise<void> {
    if (this.running) return;
    this.running = true;
    [this.total, this.erased, this.refused, this.stopped, this.interrupted] = [items.length, 0, [], false, undefined];
    for (const item of items) {
      if (this.stopped || this.interrupted) break;
      await this.#erase(item, plan);
    }
    this.running = false;
  }

  async #erase(item: RetentionItem, plan: RetentionPlan): Promise<void> {
    try {
      await changeMeeting(item.meeting, { type: "erase_item", item: item.item, reason: reasonOf(item.class, plan), planned: true });
      this.erased++;
    } catch (thrown) {
      const problem = asProblem(thrown, { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") });
      if (REFUSALS.includes(problem.status)) this.refused = [...this.refused, { item, problem }];
      else this.interrupted = problem;
    }
  }
}
