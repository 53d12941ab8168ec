// What the editor of a case must know to show its suggestions.

import type { ItemSummary } from "../api/types.ts";
import type { LiveMeeting } from "../meeting/live.svelte.ts";

/** `isOpen`: the agenda is not frozen. */
export type Suggesting = { live: LiveMeeting; item: ItemSummary; isOpen: boolean };
