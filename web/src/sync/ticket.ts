// Leave to open a socket for one document: asked for over HTTP, because a socket can carry no
// headers, and asked for anew for each connection, because it is good for minutes only.

import { Problem } from "../api/problem.ts";
import { request } from "../api/request.ts";

/** What the server gives: where to connect. */
type Ticket = { url: string; document: string; expires: number };

/** No ticket: HTTP status, or 0 when the server could not be reached. */
export class TicketRefused extends Error {
  constructor(readonly status: number) {
    super(`no ticket: ${status}`);
  }
}

/** The socket address for one connection to the document. Throws `TicketRefused`. */
export async function ticketUrl(document: string): Promise<string> {
  try {
    const ticket = await request<Ticket>(`/api/documents/${encodeURIComponent(document)}/ticket`, {
      method: "POST",
    });
    const url = new URL(ticket.url, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  } catch (thrown) {
    throw new TicketRefused(thrown instanceof Problem ? thrown.status : 0);
  }
}
