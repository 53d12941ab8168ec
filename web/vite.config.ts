// Build, development server and unit tests of the web client.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import wasm from "vite-plugin-wasm";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the server; the built client is served by it and needs no proxy. */
const SERVER = process.env["DAGSORDEN_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte(), wasm()],
  build: {
    target: "esnext",
    // No data: URLs: the content security policy allows files of our own only.
    assetsInlineLimit: 0,
    // The WebAssembly module is one file of about 3.6 MB.
    chunkSizeWarningLimit: 1500,
  },
  optimizeDeps: { exclude: ["@automerge/automerge"] },
  server: {
    proxy: {
      "/api": SERVER,
      "/dagsorden": SERVER,
      "/sync": { target: SERVER.replace(/^http/, "ws"), ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
