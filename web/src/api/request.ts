// One HTTP call: JSON in and out, errors as `Problem`, a time limit, the rule for retries, and what is
// shown when the net is away.
import { current, t } from "../i18n/index.ts";
import { isKept, keepAnswer, keptAnswer } from "../offline/answers.ts";
import { isAway } from "../offline/routing.ts";
import { Problem, problemFrom } from "./problem.ts";

/** Longest wait for an answer. */
const TIMEOUT_MS = 20_000;
/** Longest wait for a file that may have to be made first. */
const FILE_TIMEOUT_MS = 60_000;
/** Pause before the single retry of a call that is safe to repeat. */
const RETRY_PAUSE_MS = 600;

export type Call = {
  method?: "GET" | "POST" | "DELETE";
  /** Sent as JSON unless it is a `Blob`. */
  body?: unknown;
  signal?: AbortSignal;
  /** Carries a command id, so the server carries it out once however often it arrives. */
  repeatable?: boolean;
  /** Longest wait, where it is not the usual one. */
  timeoutMs?: number;
};

const signedOutListeners = new Set<() => void>();

/** Calls `listener` whenever the server answers that nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Resolves to the decoded answer, or to `undefined` for an answer without a body. */
export async function request<Answer>(path: string, call: Call = {}): Promise<Answer> {
  if ((call.method ?? "GET") !== "GET" || !isKept(path)) return fresh(path, call);
  try {
    const answer = await fresh<Answer>(path, call);
    void keepAnswer(path, answer);
    return answer;
  } catch (thrown) {
    if (!isNetAway(thrown)) throw thrown;
    const kept = (await keptAnswer(path)) as Answer | undefined;
    if (kept === undefined) throw thrown;
    return kept;
  }
}

/** A file, and what the server calls it. */
export async function requestFile(path: string): Promise<{ content: Blob; name: string }> {
  const response = await send(path, { timeoutMs: FILE_TIMEOUT_MS });
  if (!response.ok) throw await refusal(response);
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return { content: await response.blob(), name: decodeURIComponent(name ?? path.slice(path.lastIndexOf("/") + 1)) };
}

const isNetAway = (thrown: unknown): boolean =>
  thrown instanceof Problem && (thrown.reason === "unreachable" || isAway(thrown.status));

async function fresh<Answer>(path: string, call: Call): Promise<Answer> {
  const response = await send(path, call);
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

async function send(path: string, call: Call): Promise<Response> {
  try {
    return await attempt(path, call);
  } catch (thrown) {
    if (call.signal?.aborted) throw thrown;
    if (!call.repeatable) throw unreachable();
  }
  await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
  try {
    return await attempt(path, call);
  } catch {
    throw unreachable();
  }
}

function attempt(path: string, call: Call): Promise<Response> {
  const limit = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  return fetch(path, {
    method: call.method ?? "GET",
    headers: headersOf(call.body),
    body: encoded(call.body),
    signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit,
    credentials: "same-origin",
  });
}

function headersOf(body: unknown): Headers {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": current() });
  if (body instanceof Blob) headers.set("Content-Type", body.type);
  else if (body !== undefined) headers.set("Content-Type", "application/json");
  return headers;
}

function encoded(body: unknown): BodyInit | null {
  if (body === undefined) return null;
  return body instanceof Blob ? body : JSON.stringify(body);
}

async function refusal(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  return refusalFrom(response.status, body, response.headers.get("x-request-id"));
}

/** An error answer as a `Problem`; tells whoever listens when it is that nobody is signed in. */
export function refusalFrom(status: number, body: unknown, requestId: string | null): Problem {
  if (status === 401) signedOutListeners.forEach((listener) => listener());
  const fallback = { title: t("problem.unexpected.title"), detail: t("problem.unexpected.detail") };
  return problemFrom(status, body, fallback, requestId ?? undefined);
}

function unreachable(): Problem {
  return new Problem("unreachable", 0, t("problem.unreachable.title"), t("problem.unreachable.detail"));
}
