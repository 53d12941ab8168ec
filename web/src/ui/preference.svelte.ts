// A choice of how pages look that one person has made in this browser, and that is kept there.

export class Preference<Choice extends string> {
  #value = $state<Choice>() as Choice;
  readonly #key: string;

  /** What was kept and is no choice (any more) counts as none: then `otherwise` it is. */
  constructor(user: string, name: string, choices: readonly Choice[], otherwise: Choice) {
    this.#key = `dagsorden.${user}.${name}`;
    const kept = localStorage.getItem(this.#key);
    this.#value = choices.find((choice) => choice === kept) ?? otherwise;
  }

  get value(): Choice {
    return this.#value;
  }

  set value(choice: Choice) {
    this.#value = choice;
    localStorage.setItem(this.#key, choice);
  }
}
