// The shapes of the server's HTTP interface. They are generated from its own description
// (`make api`); every other file takes API types from here, by the names used in the client.
// Times named `at` are milliseconds since 1970; dates are "2026-06-17", times "09:00".

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type Access = Schemas["Access"];
export type Phase = Schemas["PhaseView"];
export type EditionKind = Schemas["EditionKind"];
export type ItemState = Schemas["ItemState"];
export type ItemType = Schemas["ItemType"];
export type Person = Schemas["Person"];
export type Member = Schemas["MemberView"];
export type You = Schemas["You"];
export type Me = Schemas["Me"];
export type TemplateSection = Schemas["TemplateSection"];
export type MeetingSummary = Schemas["MeetingSummary"];
export type ForumView = Schemas["ForumView"];
export type MeetingDetails = Pick<MeetingSummary, "date" | "time" | "place">;
export type Participant = Schemas["Participant"];
export type ForumCommand = Schemas["ForumCommand"];
/** The three documents of an item; `planning` is never published. */
export type DocumentKind = Schemas["DocumentKind"];
export type Mode = Schemas["Mode"];
export type SuggestionView = Schemas["SuggestionView"];
export type ItemSummary = Schemas["ItemSummary"];
/** A bilag: its title, the versions of its file, and whether it is closed. */
export type Attachment = Schemas["AttachmentView"];
export type Freeze = Schemas["FreezeView"];
export type Thaw = Schemas["ThawView"];
export type Publication = Schemas["PublicationView"];
export type ErasedView = Schemas["ErasedView"];
export type MeetingView = Schemas["MeetingView"];
export type ItemFields = Pick<ItemSummary, "title" | "journal_number" | "minutes" | "item_type">;
export type MeetingCommand = Schemas["MeetingCommand"];
/** An item that came to a meeting from another. */
export type ItemBrought = Schemas["ItemBrought"];
export type CommandAnswer = Schemas["MeetingCommandDone"];
/** One commit of the meeting, as the event stream tells of it. */
export type CommitNotice = Schemas["CommitNotice"];
export type HistoryKind = Schemas["HistoryKind"];
export type TrailView = Schemas["TrailView"];
export type TrailLine = Schemas["TrailLine"];
export type AccessView = Schemas["AccessView"];
export type AccessLine = Schemas["AccessLine"];
/** What somebody looked at, as the access log has it. */
export type Looked = Schemas["Looked"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type HistoryView = Schemas["HistoryView"];
/** "\n" inside `text` is a line break. */
export type Inline = Schemas["Inline"];
export type TableCell = Schemas["Cell"];
export type Block = Schemas["Block"];
export type SectionContent = Schemas["SectionContent"];
export type ItemAt = Schemas["ItemAt"];
export type DraftPolicy = Schemas["DraftPolicy"];
export type DraftPolicyView = Schemas["DraftPolicyView"];
export type RetentionPlan = Schemas["RetentionPlan"];
export type RetentionPlanView = Schemas["RetentionPlanView"];
/** What a retention plan has a time for. */
export type RetentionClass = Schemas["Class"];
/** What a plan would erase now. */
export type DryRun = Schemas["DryRunView"];
export type RetentionList = Schemas["RetentionList"];
export type RetentionItem = Schemas["RetentionItem"];
export type HoldView = Schemas["HoldView"];
export type AgendaAt = Schemas["AgendaAt"];
export type AgendaItemAt = Schemas["AgendaItemAt"];
/** The case text of one item as it is now. */
export type ItemText = Schemas["ItemText"];
export type Milestone = Schemas["Milestone"];
/** What changed between two moments, or the text of one moment with its authors. */
export type Diff = Schemas["DiffView"];
export type DiffSection = Schemas["DiffSectionView"];
export type DiffBlock = Schemas["DiffBlock"];
export type DiffRun = Schemas["DiffRun"];
export type DiffCell = Schemas["DiffCell"];
export type BlockKind = Schemas["BlockKind"];
export type Credit = Schemas["CreditView"];
export type Blame = Schemas["BlameView"];
export type BlameText = Schemas["BlameText"];
export type RefusalReason = Schemas["RefusalReason"];
export type Refused = Schemas["RefusedView"];
export type CommentAnchor = Schemas["CommentAnchor"];
/** A comment that began a thread, with its answers. */
export type Thread = Schemas["ThreadView"];
export type Comment = Schemas["CommentView"];
export type CommentsView = Schemas["CommentsView"];
/** Which departments had a hand in an item, and which feedback waits. */
export type Contribution = Schemas["ContributionView"];
export type WaitingFeedback = Schemas["WaitingView"];
export type Ticket = Schemas["TicketView"];
/** An error answer, RFC 9457; `detail` says what to do. */
export type ProblemBody = Schemas["Problem"];

/** Something about one line of an imported file; lines count from 1. */
export type Note = { line: number; text: string };
export type ImportedItem = {
  number: number;
  title: string;
  journal_number: string | null;
  journal_number_valid: boolean;
  minutes: number | null;
  sections: { key: string; heading: string; nothing: boolean }[];
  decision: object | null;
  attachments: string[];
};
export type Imported = {
  kind: "agenda" | "minutes" | null;
  forum: string | null;
  date: string | null;
  time: string | null;
  place: string | null;
  participants: Participant[];
  items: ImportedItem[];
  unplaced: Note[];
  warnings: Note[];
};
export type ImportAnswer = { imported: Imported; meeting: string | null };
/** What a file is that somebody holds against what was published. */
export type Verdict = Schemas["VerdictView"];
export type VerdictEdition = Schemas["VerdictEdition"];
