// Failed calls as one type: what the server refused, or that it could not be reached.
import type { ProblemBody } from "./types.ts";

export type Cause = "refused" | "unreachable";

/** `message` is the short title and `detail` the next step, both for the person to read. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly reason: Cause;

  constructor(reason: Cause, status: number, title: string, detail: string, requestId?: string) {
    super(title);
    this.reason = reason;
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
  }
}

/** What to say when the answer carries no explanation of its own. */
export type Fallback = { title: string; detail: string };

/** Reads an error answer; anything that is not a problem document gives `fallback`. */
export function problemFrom(status: number, body: unknown, fallback: Fallback, requestId?: string): Problem {
  const said: Partial<ProblemBody> = typeof body === "object" && body !== null ? body : {};
  return new Problem(
    "refused",
    status,
    text(said.title) ?? fallback.title,
    text(said.detail) ?? fallback.detail,
    requestId,
  );
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Turns anything that was thrown into a `Problem`, so that nothing fails in silence. */
export function asProblem(thrown: unknown, fallback: Fallback): Problem {
  if (thrown instanceof Problem) return thrown;
  const detail = thrown instanceof Error ? `${fallback.detail} (${thrown.message})` : fallback.detail;
  return new Problem("refused", 0, fallback.title, detail);
}
