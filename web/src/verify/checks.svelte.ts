// The files that somebody wants checked: one after the other, each with what came out of it.
import * as api from "../api/client.ts";
import { asProblem, Problem } from "../api/problem.ts";
import type { Verdict } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import { announce } from "../ui/announcer.svelte.ts";
import { namedHashes, sha256 } from "./hashes.ts";
import { standing } from "./standing.ts";

/** Most files in the list. */
export const MAX_FILES = 100;
/** Largest file: a browser hashes it in memory. Bytes. */
const MAX_BYTES = 500 * 1024 * 1024;

/** One file; checked when it has a verdict or a problem. */
export class Check {
  verdict = $state.raw<Verdict>();
  problem = $state.raw<Problem>();

  constructor(readonly id: number, readonly file: File) {}
}

export class Checks {
  list = $state.raw<readonly Check[]>([]);
  /** Files that did not fit in the list. */
  left = $state(0);
  #count = 0;
  #queue: Promise<void> = Promise.resolve();

  add(files: Iterable<File>): void {
    const wanted = [...files];
    const taken = wanted.slice(0, MAX_FILES - this.list.length).map((file) => new Check(++this.#count, file));
    this.left = wanted.length - taken.length;
    this.list = [...this.list, ...taken];
    for (const check of taken) this.#later(check);
  }

  again(check: Check): void {
    check.problem = undefined;
    this.#later(check);
  }

  clear(): void {
    this.list = [];
    this.left = 0;
  }

  /** One file at a time, so that only one is in memory. */
  #later(check: Check): void {
    this.#queue = this.#queue.then(() => (this.list.includes(check) ? carryOut(check) : undefined));
  }
}

async function carryOut(check: Check): Promise<void> {
  try {
    check.verdict = await verdictOn(check.file);
    announce(`${check.file.name}: ${t(`verify.is.${standing(check.verdict)}`)}`);
  } catch (thrown) {
    // What is shown about a problem is an alert, and so is read aloud.
    check.problem = asProblem(thrown, { title: t("verify.unreadable"), detail: t("verify.unreadable.detail") });
  }
}

async function verdictOn(file: File): Promise<Verdict> {
  if (file.size > MAX_BYTES) throw refused(t("verify.tooLarge"), t("verify.tooLarge.detail"));
  // Browsers hash only on pages that came over a safe connection.
  if (!window.isSecureContext) throw refused(t("verify.insecure"), t("verify.insecure.detail"));
  const bytes = new Uint8Array(await file.arrayBuffer());
  return api.verify(await sha256(bytes), namedHashes(bytes));
}

const refused = (title: string, detail: string) => new Problem("refused", 0, title, detail);
