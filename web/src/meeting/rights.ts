// What the reader may do with a meeting. The server decides; this only leaves out buttons that
// it would refuse. Pure.
import type { ItemSummary, MeetingView } from "../api/types.ts";

type Known = Pick<MeetingView, "phase" | "work" | "you">;
type Reader = Pick<MeetingView, "you">;
type Item = Pick<ItemSummary, "open">;

const writes = ({ you }: Reader): boolean => you.roles.some((role) => role !== "reader" && role !== "reviewer");

/** Every role but the reader's and the reviewer's changes items, their state, contributors and attachments. */
export const mayWrite = (meeting: Reader, item: Item): boolean => item.open && writes(meeting);

/** A correction has the items of what it corrects, no others. */
export const mayAdd = (meeting: Known): boolean =>
  meeting.phase === "open" && meeting.work.corrects === null && writes(meeting);

/** The secretariat decides what is closed, and changes items from the list. */
export const mayArrange = ({ you }: Reader, item: Item): boolean => item.open && you.may_plan;

/** The secretariat orders and withdraws items, but none that was published. */
export const mayPlace = (meeting: Known, item: Item): boolean =>
  mayArrange(meeting, item) && meeting.work.corrects === null;

/** The secretariat erases what is published or withdrawn; what is being written is withdrawn first, and a hold is
 * released. */
export const mayErase = (meeting: Known, item: Item & Pick<ItemSummary, "held">): boolean =>
  meeting.you.may_plan && item.held === null && meeting.phase !== "frozen" && meeting.work.corrects === null && !item.open;

/** At any time, as long as there are words to be kept. */
export const mayHold = (meeting: Reader, item: Pick<ItemSummary, "held" | "erased">): boolean =>
  meeting.you.may_plan && item.held === null && item.erased === null;
