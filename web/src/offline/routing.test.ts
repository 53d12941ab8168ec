// Which requests the service worker answers, and when a new version may take over.
import { expect, test } from "vitest";
import { allRunOn, handling, pageLock } from "./routing.ts";

const ORIGIN = "https://dagsorden.example";
const get = (path: string, mode = "cors") => handling({ method: "GET", mode, url: ORIGIN + path }, ORIGIN);

test.each(["/", "/moede/m1", "/moede/m1/punkt/i1?x=1", "/forum/f.1/x"])("%s is a page", (path) => {
  expect(get(path, "navigate")).toBe("page");
});

test.each(["/dagsorden/m1/1", "/dagsorden/m1/udkast", "/api/openapi.json", "/healthz", "/favicon.svg"])("%s is the server's", (path) => {
  expect(get(path, "navigate")).toBe("net");
});

test("files of the build are ours; answers, streams and other sites are not", () => {
  expect(["/assets/a-1.js", "/favicon.svg"].map((path) => get(path))).toEqual(["file", "file"]);
  expect(["/api/me", "/sync?ticket=x", "/sw.js", "/index.html"].map((path) => get(path))).toEqual(["net", "net", "net", "net"]);
  expect(handling({ method: "GET", mode: "cors", url: "https://other.example/assets/a-1.js" }, ORIGIN)).toBe("net");
  expect(handling({ method: "POST", mode: "cors", url: `${ORIGIN}/assets/a-1.js` }, ORIGIN)).toBe("net");
});

test("a version takes over once no page of another is open", () => {
  const files = ["/assets/index-2.js", "/assets/other-2.js"];
  expect(allRunOn(files, [pageLock("/assets/index-2.js"), "another lock"])).toBe(true);
  expect(allRunOn(files, [pageLock("/assets/index-2.js"), pageLock("/assets/index-1.js")])).toBe(false);
});
