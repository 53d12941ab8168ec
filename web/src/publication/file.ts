// A file from the server to the disk of whoever asked for it.
import { requestFile } from "../api/request.ts";

/** Longest time that a browser needs to begin with what it was given. */
const KEPT_MS = 60_000;

/** Fetches the file and hands it to the browser to be saved; resolves to its name. Rejects with a `Problem`. */
export async function saveFile(url: string): Promise<string> {
  const { content, name } = await requestFile(url);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
  return name;
}
