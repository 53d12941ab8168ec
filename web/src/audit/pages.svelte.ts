// A list that is read a page at a time, the newest first: the first page anew whenever the wish
// changes, the others when they are asked for.
import { Resource } from "../api/resource.svelte.ts";
import { Action } from "../ui/action.svelte.ts";

type Page<Line> = { lines: Line[]; next: number | null };

export class Pages<Line, View extends Page<Line>> {
  first: Resource<View>;
  more = new Action();
  #later = $state.raw<Line[]>([]);
  #next = $state<number | null>(null);
  #read: (before: number | undefined, signal?: AbortSignal) => Promise<View>;

  constructor(read: (before: number | undefined, signal?: AbortSignal) => Promise<View>) {
    this.#read = read;
    this.first = new Resource<View>(async (signal) => {
      const page = await read(undefined, signal);
      if (!signal.aborted) [this.#later, this.#next] = [[], page.next];
      return page;
    });
  }

  get lines(): Line[] {
    return [...(this.first.value?.lines ?? []), ...this.#later];
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Reads the next page; gives the place of its first line. */
  async readOn(): Promise<number> {
    const [place, before, of] = [this.lines.length, this.#next, this.first.value];
    await this.more.run(async () => {
      if (before === null) return;
      const page = await this.#read(before);
      // Another wish may have come meanwhile.
      if (this.first.value !== of) return;
      [this.#later, this.#next] = [[...this.#later, ...page.lines], page.next];
    });
    return place;
  }
}
