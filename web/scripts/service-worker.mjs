// After the build: compiles the service worker and gives it the list of the files that were built.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";

const root = process.argv[2];
if (root === undefined) {
  console.error("usage: node scripts/service-worker.mjs FOLDER");
  process.exit(2);
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

const assets = (await readdir(join(root, "assets"))).filter((name) => !/\.(br|gz)$/.test(name)).sort();
const files = [...assets.map((name) => `/assets/${name}`), "/favicon.svg"];
const page = sha256(await readFile(join(root, "index.html")));

await build({
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  define: {
    BUILD: JSON.stringify(sha256(page, ...files).slice(0, 16)),
    FILES: JSON.stringify(files),
    PAGE_DIGEST: JSON.stringify(page),
  },
  build: {
    target: "esnext",
    outDir: root,
    emptyOutDir: false,
    lib: { entry: "src/offline/worker.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
  },
});
