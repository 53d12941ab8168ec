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

/** One item by itself. */
export const itemFiles = (address: string, number: number): File[] => files(OF_ITEMS, `${address}/punkter/punkt-${number}`);

/** The newest edition; the draft, before there is one. */
export function newestAddress(meeting: MeetingView): string {
  const editions = [...meeting.publications].sort((a, b) => a.edition - b.edition);
  return editions.at(-1)?.url ?? draftUrl(meeting.id);
}
