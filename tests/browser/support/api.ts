// The service's HTTP interface as a signed-in person uses it: to set the stage, and to compare
// what the pages say with what the service says.
import { type APIRequestContext, type APIResponse, expect } from "@playwright/test";
import { randomUUID } from "node:crypto";

export type Item = { id: string; number: number; title: string; documents: Record<"case" | "planning" | "decision", string> };
export type Meeting = {
  id: string;
  phase: string;
  round: number;
  items: Item[];
  freezes: { content_hash: string; position: number; round: number }[];
  publications: { edition: number; url: string; content_hash: string }[];
};

export class Api {
  constructor(private readonly request: APIRequestContext, private readonly origin: string) {}

  async signIn(user: string): Promise<void> {
    await this.post("/api/demo/session", { user });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.request.get(this.origin + path);
    expect(answer.ok(), `GET ${path}: ${answer.status()}`).toBe(true);
    return answer.json() as Promise<T>;
  }

  async post<T>(path: string, data: unknown): Promise<T> {
    const answer = await this.request.post(this.origin + path, { data, headers: { origin: this.origin } });
    expect(answer.ok(), `POST ${path}: ${answer.status()} ${answer.ok() ? "" : await answer.text()}`).toBe(true);
    return (answer.status() === 204 ? undefined : await answer.json()) as T;
  }

  async forum(): Promise<{ id: string; meetings: { id: string }[] }> {
    const me = await this.get<{ forums: { id: string }[] }>("/api/me");
    return this.get(`/api/forums/${me.forums[0]!.id}`);
  }

  meeting(id: string): Promise<Meeting> {
    return this.get(`/api/meetings/${id}`);
  }

  /** The meeting that the demonstration comes with. */
  async demoMeeting(): Promise<Meeting> {
    const forum = await this.forum();
    const meetings = await Promise.all(forum.meetings.map(({ id }) => this.meeting(id)));
    return meetings.find(({ items }) => items.some(({ title }) => title.includes("cykelstier")))!;
  }

  command(meeting: string, command: object): Promise<unknown> {
    return this.post(`/api/meetings/${meeting}/commands`, { id: randomUUID(), command });
  }

  /** Sends a file as a new attachment; the answer is what it is. */
  upload(meeting: string, item: string, file: { name: string; buffer: Buffer }): Promise<APIResponse> {
    const query = new URLSearchParams({ id: randomUUID(), file: file.name });
    return this.request.post(`${this.origin}/api/meetings/${meeting}/items/${item}/attachments?${query}`, {
      data: file.buffer,
      headers: { origin: this.origin, "content-type": "application/octet-stream" },
    });
  }

  /** A meeting out of an agenda in Markdown; needs the secretariat. */
  async importAgenda(text: string): Promise<Meeting> {
    const { id } = await this.forum();
    const answer = await this.request.post(`${this.origin}/api/forums/${id}/import?file=dagsorden.md`, {
      data: text,
      headers: { origin: this.origin, "content-type": "text/plain" },
    });
    expect(answer.ok(), `import: ${answer.status()} ${await answer.text()}`).toBe(true);
    return this.meeting(((await answer.json()) as { meeting: string }).meeting);
  }

  /** A new meeting with empty items of these titles; needs the secretariat. */
  async plan(...titles: string[]): Promise<Meeting> {
    const { id } = await this.forum();
    const details = { id: randomUUID(), date: "2030-03-06", time: "13:00", place: "Mødelokale Ulven" };
    const { meeting } = await this.post<{ meeting: string }>(`/api/forums/${id}/meetings`, details);
    for (const title of titles) await this.command(meeting, { type: "add_item", title, journal_number: null, minutes: 10 });
    return this.meeting(meeting);
  }
}
