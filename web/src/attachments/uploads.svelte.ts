// The files of one item that are on their way: one is sent at a time, in the order in which they
// were chosen. Each can be cancelled and tried again; what failed stays until it is taken away.
import { uploadUrl } from "../api/client.ts";
import { asProblem, Problem } from "../api/problem.ts";
import { t } from "../i18n/index.ts";
import { announce } from "../ui/announcer.svelte.ts";
import { objection, quarterPassed } from "./files.ts";
import { transfer } from "./transfer.ts";

export type Standing = "waiting" | "sending" | "checking" | "failed" | "cancelled";

/** Answers about the file or the person, which asking again does not change; 0 is our own. */
const FINAL = [0, 403, 404, 413, 422];

export class Upload {
  readonly id = crypto.randomUUID();
  readonly file: File;
  /** The attachment that it is a new version of. */
  readonly replaces: string | undefined;
  standing = $state<Standing>("waiting");
  /** 0 to 1. */
  sent = $state(0);
  problem = $state.raw<Problem>();
  readonly stop = { now: new AbortController() };

  constructor(file: File, replaces: string | undefined) {
    this.file = file;
    this.replaces = replaces;
  }

  /** Whether the same bytes may fare better another time: not when it is the file that was refused. */
  get mayRetry(): boolean {
    return this.problem === undefined || this.problem.reason === "unreachable" || !FINAL.includes(this.problem.status);
  }

  get name(): string {
    return this.file.name;
  }
}

export class Uploads {
  list = $state.raw<readonly Upload[]>([]);
  readonly #meeting: string;
  readonly #item: string;
  readonly #arrived: () => void;
  #sending = false;

  /** `arrived` is called after each file that the server has taken in. */
  constructor(meeting: string, item: string, arrived: () => void) {
    this.#meeting = meeting;
    this.#item = item;
    this.#arrived = arrived;
  }

  get underWay(): boolean {
    return this.list.some(({ standing }) => standing === "waiting" || standing === "sending" || standing === "checking");
  }

  add(files: Iterable<File>, replaces?: string): void {
    const added = [...files].map((file) => new Upload(file, replaces));
    for (const upload of added) refuse(upload);
    this.list = [...this.list, ...added];
    void this.#next();
  }

  cancel(upload: Upload): void {
    upload.standing = "cancelled";
    upload.stop.now.abort(upload);
    announce(t("attachment.cancelledSaid", { name: upload.name }));
  }

  retry(upload: Upload): void {
    upload.standing = "waiting";
    upload.sent = 0;
    upload.problem = undefined;
    upload.stop.now = new AbortController();
    refuse(upload);
    void this.#next();
  }

  dismiss(upload: Upload): void {
    this.list = this.list.filter((one) => one !== upload);
  }

  /** Stops whatever is on its way; for a page that goes away. */
  stop(): void {
    for (const upload of this.list) upload.stop.now.abort(upload);
    this.list = [];
  }

  async #next(): Promise<void> {
    const upload = this.list.find(({ standing }) => standing === "waiting");
    if (this.#sending || !upload) return;
    this.#sending = true;
    await this.#send(upload);
    this.#sending = false;
    void this.#next();
  }

  async #send(upload: Upload): Promise<void> {
    upload.standing = "sending";
    const path = uploadUrl(this.#meeting, this.#item, upload.replaces, upload.file.name, upload.id);
    const { signal } = upload.stop.now;
    try {
      await transfer(path, upload.file, { signal, onSent: (share) => heard(upload, share) });
      this.dismiss(upload);
      announce(t(upload.replaces ? "attachment.replaced" : "attachment.added", { name: upload.name }));
      this.#arrived();
    } catch (thrown) {
      if (signal.aborted) return;
      const fallback = { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") };
      upload.problem = asProblem(thrown, fallback);
      upload.standing = "failed";
    }
  }
}

/** What the browser can see is said before anything is sent. */
function refuse(upload: Upload): void {
  const why = objection(upload.file);
  if (!why) return;
  upload.problem = new Problem("refused", 0, t(`attachment.${why}.title`), t(`attachment.${why}`));
  upload.standing = "failed";
}

function heard(upload: Upload, share: number): void {
  if (upload.standing !== "sending") return;
  const percent = quarterPassed(upload.sent, share);
  if (percent !== undefined) announce(t("attachment.sendingSaid", { name: upload.name, percent }));
  upload.sent = share;
  if (share < 1) return;
  upload.standing = "checking";
  announce(t("attachment.checkingSaid", { name: upload.name }));
}
