// Leave to open a socket for one document: asked for over HTTP, because a socket can carry no
// headers, and asked for anew for each connection, because it is good for minutes only.

import { Problem } from "../api/problem.ts";
import { request } from "../api/request.ts";

/** What the server gives: where to connect, and as whom. */
type Ticket = { url: string; document: string; user: string; expires: number };

/** No ticket: HTTP status, or 0 when the server could not be reached. */
export class TicketRefused extends Error {
  constructor(readonly status: number) {
    super(`no ticket: ${status}`);
  }
}

const SIGNED_OUT = 401;

/**
 * The socket address for one connection of `user` to the document. Throws `TicketRefused`, also when
 * somebody else has signed in meanwhile: one's text must not be sent under another's name.
 */
export async function ticketUrl(document: string, user: string): Promise<string> {
  const ticket = await ask(document);
  if (ticket.user !== user) throw new TicketRefused(SIGNED_OUT);
  const url = new URL(ticket.url, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

async function ask(document: string): Promise<Ticket> {
  try {
    return await request<Ticket>(`/api/documents/${encodeURIComponent(document)}/ticket`, {
      method: "POST",
    });
  } catch (thrown) {
    throw new TicketRefused(thrown instanceof Problem ? thrown.status : 0);
  }
}
