// One polite live region for the whole client: what happened, said to readers of screens.

let text = $state("");
let flip = false;

export const announcement = (): string => text;

/** Says `message`. The same message twice in a row is said twice. */
export function announce(message: string): void {
  flip = !flip;
  // A no-break space makes a repeated message a new one without being read aloud.
  text = flip ? message : `${message}\u00a0`;
}
