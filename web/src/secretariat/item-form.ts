// What a person types about an item, and what is sent. Pure.
import type { ItemFields, ItemType } from "../api/types.ts";

export type ItemForm = { title: string; journalNumber: string; minutes: string; itemType: ItemType | null };
export type Checked =
  | { ok: true; fields: ItemFields }
  | { ok: false; titleMissing: boolean; minutesInvalid: boolean };

const LONGEST_MINUTES = 600;

/** A journal number goes as it is, whatever its form: it is warned about, never refused. */
export function checkItemForm(form: ItemForm): Checked {
  const title = form.title.trim();
  const minutes = readMinutes(form.minutes);
  if (title === "" || minutes === undefined) {
    return { ok: false, titleMissing: title === "", minutesInvalid: minutes === undefined };
  }
  return { ok: true, fields: { title, minutes, journal_number: form.journalNumber.trim() || null, item_type: form.itemType } };
}

/** `null` for nothing written, `undefined` for something that is no number of minutes. */
function readMinutes(written: string): number | null | undefined {
  const text = written.trim();
  if (text === "") return null;
  const minutes = Number(text);
  return /^\d+$/.test(text) && minutes >= 1 && minutes <= LONGEST_MINUTES ? minutes : undefined;
}
