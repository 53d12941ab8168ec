// The current page, and the way to another: History API, one click listener for all links.
import { parsePath, type Route } from "./paths.ts";

type Location = { path: string; route: Route };

const read = (): Location => ({
  path: window.location.pathname,
  route: parsePath(window.location.pathname),
});

let location = $state.raw<Location>(read());
/** Set by a navigation and taken by the next page heading, which then takes the focus. */
let focusWanted = false;

export const route = (): Route => location.route;

/** Goes to `path`. The heading of the new page takes the focus. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (path === window.location.pathname) return;
  if (options.replace) window.history.replaceState(null, "", path);
  else window.history.pushState(null, "", path);
  arrive();
  window.scrollTo(0, 0);
}

function arrive(): void {
  // A jump within the page (the skip link) is no new page.
  if (window.location.pathname === location.path) return;
  focusWanted = true;
  location = read();
}

/** The next heading takes the focus although the address stays (after signing in or out). */
export function wishFocus(): void {
  focusWanted = true;
}

/** True once after each navigation. */
export function takeFocusWish(): boolean {
  const wanted = focusWanted;
  focusWanted = false;
  return wanted;
}

/** Starts listening to links and to the browser's back and forward; returns how to stop. */
export function startRouter(): () => void {
  const onClick = (event: MouseEvent) => {
    const path = ownPath(event);
    if (path === undefined) return;
    event.preventDefault();
    navigate(path);
  };
  document.addEventListener("click", onClick);
  window.addEventListener("popstate", arrive);
  return () => {
    document.removeEventListener("click", onClick);
    window.removeEventListener("popstate", arrive);
  };
}

/** The path of a plain click on a link to a page of ours; all else is the browser's. */
function ownPath(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target !== "" || link.hasAttribute("download")) return undefined;
  if (link.origin !== window.location.origin || link.hash !== "") return undefined;
  return parsePath(link.pathname).name === "unknown" ? undefined : link.pathname;
}
