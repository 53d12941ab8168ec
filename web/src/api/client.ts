// Every call to the server, by name. Commands carry a random id, so that a retry is
// carried out once.
import { request } from "./request.ts";
import type {
  AccessView, AgendaAt, Blame, CommandAnswer, CommentsView, Contribution, Diff, DocumentKind, DraftPolicyView, ForumCommand, ForumView, HistoryKind, HistoryView, ImportAnswer, ItemAt,
  ItemBrought, ItemText, Me,
  MeetingCommand, MeetingDetails, MeetingView, Member, Refused, SectionContent, Ticket, TrailView, Verdict,
} from "./types.ts";

/** Largest file the server imports; bytes. */
export const MAX_UPLOAD_BYTES = 900 * 1024;

const part = encodeURIComponent;

export const me = (signal?: AbortSignal) => request<Me>("/api/me", { signal });

export const demoPeople = (signal?: AbortSignal) => request<Member[]>("/api/demo/people", { signal });

export const signInAs = (user: string) =>
  request<void>("/api/demo/session", { method: "POST", body: { user } });

export const signOut = () => request<void>("/api/session", { method: "DELETE" });

export const forum = (id: string, signal?: AbortSignal) =>
  request<ForumView>(`/api/forums/${part(id)}`, { signal });

/** How drafts may be looked back at in the forum, with every version of that. */
export const draftPolicy = (id: string, signal?: AbortSignal) =>
  request<DraftPolicyView>(`/api/forums/${part(id)}/draft-policy`, { signal });

export const planMeeting = (forumId: string, details: MeetingDetails) =>
  command<{ meeting: string; position: number }>(`/api/forums/${part(forumId)}/meetings`, details);

export const changeForum = (forumId: string, change: ForumCommand) =>
  command<CommandAnswer>(`/api/forums/${part(forumId)}/commands`, { command: change });

export const meeting = (id: string, signal?: AbortSignal) =>
  request<MeetingView>(`/api/meetings/${part(id)}`, { signal });

/** `attempt` names the command, for one that may be asked again: it is carried out once. */
export const changeMeeting = (id: string, change: MeetingCommand, attempt: string = crypto.randomUUID()) =>
  command<CommandAnswer>(`/api/meetings/${part(id)}/commands`, { id: attempt, command: change });

/** Copies an item of another meeting to the end of this one's agenda. */
export const copyItem = (id: string, from: string, item: string) =>
  command<ItemBrought>(`/api/meetings/${part(id)}/copied-items`, { from, item });

/** Moves an item to another meeting; the answer names it there. */
export const moveItem = (id: string, item: string, to: string, reason: string) =>
  command<ItemBrought>(`/api/meetings/${part(id)}/items/${part(item)}/move`, { to, reason });

/** Of every item on the agenda; the secretariat's. */
export const contributions = (id: string, signal?: AbortSignal) =>
  request<Contribution[]>(`/api/meetings/${part(id)}/contributions`, { signal });

export const comments = (meetingId: string, item: string, signal?: AbortSignal) =>
  request<CommentsView>(`/api/meetings/${part(meetingId)}/items/${part(item)}/comments`, { signal });

export const meetingEventsUrl = (id: string) => `/api/meetings/${part(id)}/events`;

export const draftUrl = (meetingId: string) => `/dagsorden/${part(meetingId)}/udkast`;

export const refused = (meetingId: string, signal?: AbortSignal) =>
  request<Refused[]>(`/api/meetings/${part(meetingId)}/refused`, { signal });

/** What one document says now, for those from whom it is withheld how it came about. */
export const documentText = (document: string, signal?: AbortSignal) =>
  request<SectionContent[]>(`/api/documents/${part(document)}/text`, { signal });

/** The case texts of all items as they are now, in agenda order. */
export const texts = (meetingId: string, signal?: AbortSignal) =>
  request<ItemText[]>(`/api/meetings/${part(meetingId)}/texts`, { signal });

export const itemAt = (meetingId: string, item: string, position: number, signal?: AbortSignal) =>
  request<ItemAt>(`/api/meetings/${part(meetingId)}/items/${part(item)}/at/${position}`, { signal });

/** The whole agenda as it was. */
export const agendaAt = (meetingId: string, position: number, signal?: AbortSignal) =>
  request<AgendaAt>(`/api/meetings/${part(meetingId)}/at/${position}`, { signal });

/** How many pages the item takes in the PDF as it is now; null if that cannot be told. */
export const pagesOf = async (meetingId: string, item: string, signal?: AbortSignal): Promise<number | null> =>
  (await request<{ pages: number | null }>(`/api/meetings/${part(meetingId)}/items/${part(item)}/pages`, { signal })).pages;

/** What changed from one position to another; without `from` the text at `to` with its authors. */
export function diff(meetingId: string, item: string, from: number | undefined, to: number | undefined, signal?: AbortSignal) {
  const query = new URLSearchParams();
  if (from !== undefined) query.set("from", String(from));
  if (to !== undefined) query.set("to", String(to));
  return request<Diff>(`/api/meetings/${part(meetingId)}/items/${part(item)}/diff?${query}`, { signal });
}

/** Who wrote each character of one of an item's documents, as it is now. */
export const blame = (meetingId: string, item: string, kind: DocumentKind, signal?: AbortSignal) =>
  request<Blame>(`/api/meetings/${part(meetingId)}/items/${part(item)}/blame?document=${kind}`, { signal });

/** Where a file is sent: as a new attachment, or as a new version of one. `id` names the command. */
export function uploadUrl(meetingId: string, item: string, replaces: string | undefined, file: string, id: string): string {
  const attachments = `/api/meetings/${part(meetingId)}/items/${part(item)}/attachments`;
  const path = replaces === undefined ? attachments : `${attachments}/${part(replaces)}/versions`;
  return `${path}?${new URLSearchParams({ id, file })}`;
}

export const ticket = (document: string) =>
  request<Ticket>(`/api/documents/${part(document)}/ticket`, { method: "POST" });

export type HistoryFilter = { person: string; kind: HistoryKind | ""; item?: string; lang: "da" | "en" };

/** The history of one item. */
export function history(meetingId: string, item: string, filter: HistoryFilter, signal?: AbortSignal) {
  const path = `/api/meetings/${part(meetingId)}/items/${part(item)}/history`;
  return request<HistoryView>(`${path}?${historyQuery(filter)}`, { signal });
}

/** The single things done to an item from one position to another. */
export function steps(meetingId: string, item: string, [first, last]: readonly [number, number], lang: "da" | "en", signal?: AbortSignal) {
  const query = new URLSearchParams({ lang, first: String(first), last: String(last) });
  return request<HistoryView>(`/api/meetings/${part(meetingId)}/items/${part(item)}/history?${query}`, { signal });
}

/** The history of the whole agenda. */
export function meetingHistory(meetingId: string, filter: HistoryFilter, signal?: AbortSignal) {
  return request<HistoryView>(`/api/meetings/${part(meetingId)}/history?${historyQuery(filter)}`, { signal });
}

function historyQuery(filter: HistoryFilter): URLSearchParams {
  const query = new URLSearchParams({ lang: filter.lang });
  if (filter.person !== "") query.set("person", filter.person);
  if (filter.kind !== "") query.set("kind", filter.kind);
  if (filter.item) query.set("item", filter.item);
  return query;
}

/** Where the audit trail of a meeting, of a forum, and the access log are read; their files stand under them. */
export const meetingTrailPath = (meetingId: string) => `/api/meetings/${part(meetingId)}/trail`;
export const forumTrailPath = (forumId: string) => `/api/forums/${part(forumId)}/trail`;
export const accessLogPath = (forumId: string) => `/api/forums/${part(forumId)}/access`;

/** A page of an audit trail: the newest, or what is before a position. */
export function trail(path: string, filter: Record<string, string>, before: number | undefined, lang: "da" | "en", signal?: AbortSignal) {
  return request<TrailView>(`${path}?${paged(filter, before, lang)}`, { signal });
}

/** A page of the access log. */
export function accessLog(forumId: string, filter: Record<string, string>, before: number | undefined, lang: "da" | "en", signal?: AbortSignal) {
  return request<AccessView>(`${accessLogPath(forumId)}?${paged(filter, before, lang)}`, { signal });
}

export const fileUrl = (path: string, filter: Record<string, string>, format: "csv" | "jsonl", lang: "da" | "en") =>
  `${path}/file?${new URLSearchParams({ ...filter, format, lang })}`;

const paged = (filter: Record<string, string>, before: number | undefined, lang: "da" | "en") =>
  new URLSearchParams({ ...filter, lang, ...(before === undefined ? {} : { before: String(before) }) });

/** What a file is that has this SHA-256 and names these hashes. */
export function verify(sha256: string, named: readonly string[]) {
  return request<Verdict>(`/api/verify?${new URLSearchParams({ sha256, named: named.join(",") })}`);
}

/** With `dryRun` nothing is created: the answer says what would be. */
export function importDocument(forumId: string, file: File, dryRun: boolean) {
  const query = new URLSearchParams({ file: file.name, dry_run: String(dryRun) });
  const type = file.name.endsWith(".md") ? "text/markdown" : "text/plain";
  const body = new Blob([file], { type: `${type};charset=utf-8` });
  return request<ImportAnswer>(`/api/forums/${part(forumId)}/import?${query}`, { method: "POST", body });
}

function command<Answer>(path: string, content: object): Promise<Answer> {
  const body = { id: crypto.randomUUID(), ...content };
  return request<Answer>(path, { method: "POST", body, repeatable: true });
}
