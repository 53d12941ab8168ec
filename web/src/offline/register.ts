// Installs the service worker, and lets a new version of it take over when it may.

import { pageLock } from "./routing.ts";

/** Pages stay open for days: how often they look for a new version. */
const LOOK_EVERY_MS = 60 * 60 * 1000;

/** The development server has no service worker, and browsers give none to a page without https. */
const offered = import.meta.env.PROD && "serviceWorker" in navigator;

/** Call once, when the page has loaded: what the page needs comes first. */
export async function startServiceWorker(): Promise<void> {
  if (!offered) return;
  void navigator.locks.request(pageLock(new URL(import.meta.url).pathname), { mode: "shared" }, untilThePageIsGone);
  try {
    const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    registration.waiting?.postMessage("take over");
    registration.addEventListener("updatefound", () => {
      const installing = registration.installing;
      installing?.addEventListener("statechange", () => {
        if (installing.state === "installed") installing.postMessage("take over");
      });
    });
    setInterval(() => void look(registration), LOOK_EVERY_MS);
  } catch (thrown) {
    console.error("the page cannot be opened without a net: no service worker", thrown);
  }
}

const untilThePageIsGone = (): Promise<never> => new Promise(() => {});

async function look(registration: ServiceWorkerRegistration): Promise<void> {
  try {
    await registration.update();
  } catch (thrown) {
    console.info("no look for a new version: the net is away", thrown);
  }
}
