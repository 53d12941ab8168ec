// Every call to the server, by name. Commands carry a random id, so that a retry is
// carried out once.
import { request } from "./request.ts";
import type {
  CommandAnswer, ForumCommand, ForumView, HistoryKind, HistoryView, ImportAnswer, ItemAt, ItemText, Me,
  MeetingCommand, MeetingDetails, MeetingView, Member, Refused, Ticket,
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

export const planMeeting = (forumId: string, details: MeetingDetails) =>
  command<{ meeting: string; position: number }>(`/api/forums/${part(forumId)}/meetings`, details);

export const changeForum = (forumId: string, change: ForumCommand) =>
  command<CommandAnswer>(`/api/forums/${part(forumId)}/commands`, { command: change });

export const meeting = (id: string, signal?: AbortSignal) =>
  request<MeetingView>(`/api/meetings/${part(id)}`, { signal });

export const changeMeeting = (id: string, change: MeetingCommand) =>
  command<CommandAnswer>(`/api/meetings/${part(id)}/commands`, { command: change });

export const meetingEventsUrl = (id: string) => `/api/meetings/${part(id)}/events`;

export const draftUrl = (meetingId: string) => `/dagsorden/${part(meetingId)}/udkast`;

export const refused = (meetingId: string, signal?: AbortSignal) =>
  request<Refused[]>(`/api/meetings/${part(meetingId)}/refused`, { signal });

/** The case texts of all items as they are now, in agenda order. */
export const texts = (meetingId: string, signal?: AbortSignal) =>
  request<ItemText[]>(`/api/meetings/${part(meetingId)}/texts`, { signal });

export const itemAt = (meetingId: string, item: string, position: number, signal?: AbortSignal) =>
  request<ItemAt>(`/api/meetings/${part(meetingId)}/items/${part(item)}/at/${position}`, { signal });

export const ticket = (document: string) =>
  request<Ticket>(`/api/documents/${part(document)}/ticket`, { method: "POST" });

export type HistoryFilter = { person: string; kind: HistoryKind | ""; item?: string; lang: "da" | "en" };

/** The history of one item. */
export function history(meetingId: string, item: string, filter: HistoryFilter, signal?: AbortSignal) {
  const path = `/api/meetings/${part(meetingId)}/items/${part(item)}/history`;
  return request<HistoryView>(`${path}?${historyQuery(filter)}`, { signal });
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
