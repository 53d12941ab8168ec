// Something that a button starts and that can fail: whether it is under way, and its problem.
import { asProblem, type Problem } from "../api/problem.ts";
import { t } from "../i18n/index.ts";

export class Action {
  working = $state(false);
  problem = $state.raw<Problem>();

  /** Runs `act` unless a run is under way. True when it was carried out. */
  async run(act: () => Promise<unknown>): Promise<boolean> {
    if (this.working) return false;
    this.working = true;
    this.problem = undefined;
    try {
      await act();
      return true;
    } catch (thrown) {
      const fallback = { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") };
      this.problem = asProblem(thrown, fallback);
      return false;
    } finally {
      this.working = false;
    }
  }
}
