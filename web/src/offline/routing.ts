// What the service worker does with a request. Pure.

export type Handling =
  /** A page of the client: from the net, or the kept one when the net is away. */
  | "page"
  /** A file of the build: its name says what is in it, so the kept one is as good. */
  | "file"
  /** Not ours: the browser goes on as if there were no service worker. */
  | "net";

/** Paths that the server answers itself; everything else without an extension is a page of the client. */
const SERVED = ["/api/", "/dagsorden/", "/sync", "/healthz", "/readyz"];

type Asked = { method: string; mode: string; url: string };

export function handling({ method, mode, url }: Asked, origin: string): Handling {
  const address = new URL(url);
  if (method !== "GET" || address.origin !== origin) return "net";
  if (mode === "navigate") return isPage(address.pathname) ? "page" : "net";
  return isFile(address.pathname) ? "file" : "net";
}

const isPage = (path: string): boolean =>
  !SERVED.some((served) => path.startsWith(served)) && !path.slice(path.lastIndexOf("/")).includes(".");

const isFile = (path: string): boolean => path.startsWith("/assets/") || path === "/favicon.svg";

/** Answers of something in front of a server that is not there. */
const NOBODY_HOME = [502, 503, 504];

export const isAway = (status: number): boolean => NOBODY_HOME.includes(status);

const PAGE_LOCK = "dagsorden-page:";

/** Held by every open page, with the script that it runs: by it a new version knows which pages are open. */
export const pageLock = (script: string): string => PAGE_LOCK + script;

/** Whether all pages that hold one of these locks run on `files`, so that older files may go. */
export const allRunOn = (files: readonly string[], locks: readonly string[]): boolean =>
  locks.every((lock) => !lock.startsWith(PAGE_LOCK) || files.includes(lock.slice(PAGE_LOCK.length)));
