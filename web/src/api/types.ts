// The shapes of the server's HTTP interface. Every other file takes API types from here.
// Times named `at` are milliseconds since 1970; dates are "2026-06-17", times "09:00".

export type Role = "secretariat" | "director" | "head_of_department" | "coordinator" | "author" | "reader";
export type Access = "none" | "read" | "write";
export type Phase = "open" | "frozen" | "published";
export type ItemState = "draft" | "ready";

export type Person = { user: string; name: string; title: string };
export type Member = Person & { roles: Role[]; active: boolean };
export type You = { user: string; name: string; roles: Role[]; may_plan: boolean };

export type Me = {
  user: string;
  name: string;
  demo: boolean;
  forums: { id: string; name: string; title: string; roles: Role[] }[];
};

export type TemplateSection = { key: string; heading: string; guidance: string };

export type MeetingSummary = {
  id: string;
  date: string;
  time: string;
  place: string;
  phase: Phase;
  items: number;
};

export type ForumView = {
  id: string;
  name: string;
  template: TemplateSection[];
  members: Member[];
  meetings: MeetingSummary[];
  you: You;
};

export type MeetingDetails = { date: string; time: string; place: string };
export type Participant = { name: string; roles: string[] };

export type ForumCommand =
  | { type: "add_member"; user: string; name: string; title: string; roles: Role[] }
  | { type: "change_member_role"; user: string; title: string; roles: Role[] }
  | { type: "remove_member"; user: string }
  | { type: "change_template"; template: TemplateSection[] };

/** The three documents of an item; `planning` is never published. */
export type DocumentKind = "case" | "planning" | "decision";

export type ItemSummary = {
  id: string;
  number: number;
  title: string;
  journal_number: string | null;
  journal_number_valid: boolean;
  minutes: number | null;
  state: ItemState;
  /** User ids. */
  contributors: string[];
  documents: Record<DocumentKind, string>;
  access: Record<DocumentKind, Access>;
  attachments: { id: string; name: string }[];
};

export type Freeze = {
  round: number;
  at: number;
  by: Person;
  reason: string;
  content_hash: string;
  position: number;
};
export type Thaw = { round: number; at: number; by: Person; reason: string; position: number };
export type Publication = {
  edition: number;
  round: number;
  at: number;
  by: Person;
  content_hash: string;
  url: string;
};

export type MeetingView = {
  id: string;
  forum: { id: string; name: string };
  date: string;
  time: string;
  place: string;
  phase: Phase;
  round: number;
  participants: Participant[];
  items: ItemSummary[];
  withdrawn: { id: string; title: string; reason: string }[];
  freezes: Freeze[];
  publications: Publication[];
  thaws: Thaw[];
  template: TemplateSection[];
  members: Member[];
  you: You;
  position: number;
};

export type ItemFields = { title: string; journal_number: string | null; minutes: number | null };

export type MeetingCommand =
  | ({ type: "change_details" } & MeetingDetails)
  | { type: "change_participants"; participants: Participant[] }
  | ({ type: "add_item" } & ItemFields)
  | ({ type: "change_item"; item: string } & ItemFields)
  | { type: "move_item"; item: string; index: number }
  | { type: "withdraw_item"; item: string; reason: string }
  | { type: "set_item_state"; item: string; state: ItemState }
  | { type: "set_contributors"; item: string; contributors: string[] }
  | { type: "add_attachment"; item: string; name: string }
  | { type: "remove_attachment"; item: string; attachment: string }
  | { type: "freeze"; reason: string }
  | { type: "thaw"; reason: string }
  | { type: "publish" };

export type CommandAnswer = { position: number; created?: string | null };

/** One commit of the meeting, as the event stream tells of it. */
export type CommitNotice = {
  position: number;
  at: number;
  by: Person;
  kinds: string[];
  items: string[];
  documents: string[];
};

export type HistoryKind =
  | "text"
  | "planning"
  | "decision"
  | "details"
  | "state"
  | "attachment"
  | "freeze"
  | "publication"
  | "refused";

export type HistoryEntry = {
  position: number;
  first_position: number;
  at: number;
  by: Person;
  kind: HistoryKind;
  section: string | null;
  sentence: string;
  inserted: number;
  deleted: number;
};

export type HistoryView = { entries: HistoryEntry[]; people: Person[]; kinds: HistoryKind[] };

/** "\n" inside `text` is a line break. */
export type Inline = { text: string; bold?: boolean; italic?: boolean; link?: string | null };
export type TableCell = {
  header?: boolean;
  colspan?: number;
  rowspan?: number;
  blocks: Block[];
};
export type Block =
  | { type: "paragraph"; text: Inline[] }
  | { type: "heading"; level: number; text: Inline[] }
  | { type: "list_item"; ordered: boolean; indent: number; text: Inline[] }
  | { type: "table"; rows: { cells: TableCell[] }[] };

export type SectionContent = { key: string; heading: string; nothing: boolean; blocks: Block[] };

export type ItemAt = {
  position: number;
  at: number;
  by: Person;
  title: string;
  journal_number: string | null;
  minutes: number | null;
  state: ItemState;
  sections: SectionContent[];
};

export type RefusalReason = "frozen" | "forbidden" | "builds_on_refused" | "invalid";
export type Refused = {
  position: number;
  at: number;
  by: Person;
  document: string;
  item: string | null;
  reason: RefusalReason;
  text: string;
};

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

export type Ticket = { url: string; document: string; expires: number };

/** An error answer, RFC 9457; `detail` says what to do. */
export type ProblemBody = {
  type: string;
  title: string;
  detail: string;
  status: number;
};
