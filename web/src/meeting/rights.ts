// What the reader may do with a meeting. The server decides; this only leaves out buttons that
// it would refuse. Pure.
import type { MeetingView } from "../api/types.ts";

type Known = Pick<MeetingView, "phase" | "you">;

/** Every role but the reader's and the reviewer's writes: items, their state, contributors and attachments. */
export const mayWrite = ({ phase, you }: Known): boolean =>
  phase === "open" && you.roles.some((role) => role !== "reader" && role !== "reviewer");

/** The secretariat orders and withdraws items. */
export const mayArrange = ({ phase, you }: Known): boolean => phase === "open" && you.may_plan;
