// What may be uploaded, as far as a browser can tell from a name and a size, and how a size is
// said. The server looks into the file and decides. Pure.
import { decimal, formatNumber } from "../i18n/format.ts";

/** Largest file, in bytes. */
export const MAX_BYTES = 50 * 1024 * 1024;

const EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "png", "jpg", "jpeg", "txt", "csv"];

/** For `<input accept>`. */
export const ACCEPTED = EXTENSIONS.map((extension) => `.${extension}`).join(",");

export type Objection = "wrongKind" | "tooLarge" | "empty";

/** Why a file cannot be uploaded; a folder that was dragged here has no bytes either. */
export function objection(file: Pick<File, "name" | "size">): Objection | undefined {
  if (file.size === 0) return "empty";
  const extension = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  if (!file.name.includes(".") || !EXTENSIONS.includes(extension)) return "wrongKind";
  return file.size > MAX_BYTES ? "tooLarge" : undefined;
}

const KILO = 1_000;
const MEGA = 1_000 * KILO;

/** "820 kB", "1,3 MB". */
export function sizeText(bytes: number): string {
  if (bytes < KILO) return `${formatNumber(bytes)} byte`;
  if (bytes < MEGA) return `${formatNumber(Math.ceil(bytes / KILO))} kB`;
  return `${decimal(Math.ceil(bytes / (MEGA / 10)) / 10)} MB`;
}

const QUARTERS = 4;

/** The quarter that was passed between two shares of a whole, in percent; `undefined` when none was. */
export function quarterPassed(before: number, now: number): number | undefined {
  const quarter = Math.floor(now * QUARTERS);
  return quarter > Math.floor(before * QUARTERS) && quarter < QUARTERS ? (quarter * 100) / QUARTERS : undefined;
}
