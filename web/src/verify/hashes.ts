// What is asked about a file instead of sending it: its own SHA-256, and the hashes that stand in its
// bytes. A published file names the hash of its content, so one that was altered still says which edition
// it was.

/** Most hashes that are looked for in one file; the server takes no more. */
const MAX_NAMED = 64;
/** A SHA-256 in hexadecimal. */
const HASH_DIGITS = 64;

/** The SHA-256 of these bytes, as lower-case hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66));

/** The hashes that a file names in its own bytes, without repeats, in their order. */
export function namedHashes(bytes: Uint8Array): string[] {
  const found = new Set<string>();
  let start = 0;
  for (let at = 0; at <= bytes.length && found.size < MAX_NAMED; at++) {
    if (isDigit(bytes[at])) continue;
    if (at - start === HASH_DIGITS) found.add(String.fromCharCode(...bytes.subarray(start, at)));
    start = at + 1;
  }
  return [...found];
}
