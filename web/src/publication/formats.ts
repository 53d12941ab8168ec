// The formats that an agenda can be had in, and where each file lies. The server's list, in its order.
import { draftUrl } from "../api/client.ts";
import type { MeetingView } from "../api/types.ts";

/** What the name of each file ends with. */
const ENDINGS = {
  pdf: ".pdf",
  samlet: "-samlet.pdf",
  html: ".html",
  docx: ".docx",
  markdown: ".md",
  json: ".json",
  oparl: ".oparl.json",
  "akoma-ntoso": ".akn.xml",
  sbsys: ".sbsys.xml",
  zip: ".zip",
} as const;

export type Format = keyof typeof ENDINGS;
export type File = { format: Format; url: string };

const OF_ITEMS: Format[] = ["html", "docx", "json"];

const files = (formats: Format[], start: string): File[] =>
  formats.map((format) => ({ format, url: `${start}${ENDINGS[format]}` }));

/** All files below the address of an edition, or of the draft. */
export const agendaFiles = (address: string): File[] => files(Object.keys(ENDINGS) as Format[], `${address}/dagsorden`);

/** One item by itself, out of the newest edition that has it; out of the draft, before there is one. */
export function itemFiles(meeting: MeetingView, item: string): File[] {
  const editions = meeting.publications.filter(({ items }) => items.includes(item));
  const newest = editions.sort((a, b) => a.edition - b.edition).at(-1);
  const { url, items } = newest ?? { url: draftUrl(meeting.id), items: meeting.work.items };
  return files(OF_ITEMS, `${url}/punkter/punkt-${items.indexOf(item) + 1}`);
}
