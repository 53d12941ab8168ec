// The service worker: opens the client without a net. It keeps the files of one build and the page
// that goes with them, and nothing else: never an answer of the server's interface. A version has a
// cache of its own, and takes over when no page of another version is open; until then each page
// has the files that it was built with.

import { allRunOn, handling, isAway } from "./routing.ts";

declare const self: ServiceWorkerGlobalScope;
/** Filled in by scripts/service-worker.mjs: the build's name, its files, and the page's SHA-256. */
declare const BUILD: string;
declare const FILES: readonly string[];
declare const PAGE_DIGEST: string;

const CACHES = "dagsorden-files-";
const CACHE = CACHES + BUILD;
const PAGE = "/";
/** A net that has not answered by then is as good as none. */
const PAGE_LIMIT_MS = 5_000;

self.addEventListener("install", (event) => event.waitUntil(keepBuild()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => event.waitUntil(takeOverIfAlone()));
self.addEventListener("fetch", (event) => {
  const kind = handling(event.request, self.location.origin);
  if (kind === "page") event.respondWith(page(event.request));
  if (kind === "file") event.respondWith(file(event.request));
});

/** All or nothing: a file that is missing means that the server has changed meanwhile, and the browser tries again later. */
async function keepBuild(): Promise<void> {
  const cache = await caches.open(CACHE);
  const answer = await whole(PAGE, "no-cache");
  if ((await digest(answer.clone())) !== PAGE_DIGEST) throw new Error("the page is of another build");
  await cache.put(PAGE, answer);
  await Promise.all(FILES.map(async (path) => cache.put(path, (await kept(path)) ?? (await whole(path, "default")))));
}

async function whole(path: string, caching: RequestCache): Promise<Response> {
  const answer = await fetch(path, { cache: caching });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function digest(answer: Response): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(CACHES) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** Asked by a page of this version. Pages of others still need their files. */
async function takeOverIfAlone(): Promise<void> {
  const { held = [] } = await self.navigator.locks.query();
  if (allRunOn(FILES, held.map(({ name = "" }) => name))) await self.skipWaiting();
}

async function page(request: Request): Promise<Response> {
  const mine = async () => (await caches.open(CACHE)).match(PAGE);
  try {
    const answer = await Promise.race([fetch(request), late(PAGE_LIMIT_MS)]);
    return isAway(answer.status) ? ((await mine()) ?? answer) : answer;
  } catch (thrown) {
    const answer = await mine();
    if (answer) return answer;
    throw thrown;
  }
}

const late = (afterMs: number): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error("the net is too slow")), afterMs));

const file = async (request: Request): Promise<Response> => (await kept(request.url)) ?? fetch(request);

/** From any version's cache: the name says what is in it. */
const kept = (url: string): Promise<Response | undefined> => caches.match(url, { ignoreVary: true });
