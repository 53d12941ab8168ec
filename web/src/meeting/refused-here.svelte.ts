// The signed-in person's texts of one item that were not taken in, as this computer has kept them.
import type { StoredRefusal } from "../sync/refused-store.ts";
import { RefusedStore } from "../sync/refused-store.ts";

export class RefusedHere {
  texts = $state.raw<readonly StoredRefusal[]>([]);
  readonly #store: RefusedStore;
  readonly #item: string;

  constructor(user: string, item: string) {
    this.#store = new RefusedStore(user);
    this.#item = item;
  }

  /** Reads them, and again whenever one is added; returns how to stop. */
  start(): () => void {
    this.#store.onChange(this.#item, () => void this.#read());
    void this.#read();
    return () => void this.#store.close();
  }

  async dismiss(text: StoredRefusal): Promise<void> {
    await this.#store.dismiss(text);
    await this.#read();
  }

  async #read(): Promise<void> {
    try {
      this.texts = await this.#store.of(this.#item);
    } catch (thrown) {
      // The editor, which has the same disk, says so to the person.
      console.error("the refused texts on this computer could not be read", thrown);
    }
  }
}
