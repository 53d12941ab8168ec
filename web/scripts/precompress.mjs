// After the build: writes a .br and a .gz beside each text and WebAssembly asset,
// so that the server sends compressed files without compressing anything itself.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const COMPRESSIBLE = new Set([".html", ".js", ".css", ".svg", ".json", ".wasm", ".txt", ".webmanifest"]);
/** Below this a compressed file is not worth its own entry on disk; bytes. */
const MIN_BYTES = 512;
/** Highest setting: 3.6 MB of WebAssembly take seconds, once per build. */
const BROTLI_QUALITY = 11;
const GZIP_LEVEL = 9;

async function* filesUnder(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

async function compress(path) {
  const bytes = await readFile(path);
  if (bytes.length < MIN_BYTES) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const brotli = await promisify(brotliCompress)(bytes, { params });
  const gzipped = await promisify(gzip)(bytes, { level: GZIP_LEVEL });
  await writeFile(`${path}.br`, brotli);
  await writeFile(`${path}.gz`, gzipped);
  console.log(`${path}: ${bytes.length} bytes, br ${brotli.length}, gz ${gzipped.length}`);
}

const root = process.argv[2];
if (root === undefined) {
  console.error("usage: node scripts/precompress.mjs FOLDER");
  process.exit(2);
}
const paths = [];
for await (const path of filesUnder(root)) paths.push(path);
for (const path of paths) {
  if (COMPRESSIBLE.has(extname(path))) await compress(path);
}
