// Sends a file and tells how far it is: `fetch` cannot, so this is an `XMLHttpRequest`.
import { Problem } from "../api/problem.ts";
import { refusalFrom } from "../api/request.ts";
import { current, t } from "../i18n/index.ts";

type Listeners = {
  /** The share of the bytes that has been sent, 0 to 1. */
  onSent: (share: number) => void;
  signal: AbortSignal;
};

/** Resolves when the server has taken the file in. Rejects with a `Problem`, or with the signal's reason. */
export function transfer(path: string, file: File, { onSent, signal }: Listeners): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = new XMLHttpRequest();
  request.open("POST", path);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Accept-Language", current());
  request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
  request.upload.onload = () => onSent(1);
  request.onload = () => {
    if (request.status >= 200 && request.status < 300) resolve();
    else reject(refusalFrom(request.status, read(request.responseText), request.getResponseHeader("x-request-id")));
  };
  request.onerror = () => reject(new Problem("unreachable", 0, t("attachment.cut.title"), t("attachment.cut")));
  request.onabort = () => reject(signal.reason);
  const stop = () => request.abort();
  signal.addEventListener("abort", stop);
  request.onloadend = () => signal.removeEventListener("abort", stop);
  request.send(file);
  return promise;
}

/** What is no JSON says nothing, so the answer's status speaks for it. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
