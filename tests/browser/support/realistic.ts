// A case as an official would write it, invented: long names, long words, a table, nested lists.
import type { Api, Meeting } from "./api.ts";

type Inline = { text: string; bold?: boolean; italic?: boolean; link?: string };
type Block =
  | { type: "paragraph"; text: Inline[] }
  | { type: "heading"; level: number; text: Inline[] }
  | { type: "list_item"; ordered: boolean; indent: number; text: Inline[] }
  | { type: "table"; rows: { cells: { header?: boolean; blocks: Block[] }[] }[] };

const words = (text: string): Inline[] => [{ text }];
export const paragraph = (text: string): Block => ({ type: "paragraph", text: words(text) });
export const heading = (level: number, text: string): Block => ({ type: "heading", level, text: words(text) });
export const item = (ordered: boolean, indent: number, text: string): Block => ({ type: "list_item", ordered, indent, text: words(text) });
export const table = (...rows: string[][]): Block => ({
  type: "table",
  rows: rows.map((row, index) => ({ cells: row.map((text) => ({ header: index === 0, blocks: [paragraph(text)] })) })),
});

const CASE: Record<string, Block[]> = {
  indstilling: [
    paragraph("Direktøren for Børn & Velfærd indstiller,"),
    item(true, 0, "at den fælles indgang til familierådgivningen åbner den 1. august, og at bemandingen følger model B,"),
    item(true, 0, "at Forebyggelsesenheden afholder udgiften i forsøgsåret inden for sin ramme,"),
    item(true, 0, "at forummet får en status efter et halvt år."),
  ],
  resume: [
    paragraph("Familier skal i dag henvende sig tre steder, før de får hjælp. Sagen foreslår én fælles indgang med faste åbningstider og én medarbejder, der følger familien hele vejen."),
  ],
  sagsfremstilling: [
    paragraph("Formålet er, at en familie møder den samme medarbejder fra den første samtale, til en indsats er i gang. En gennemgang af 120 henvendelser viser, at hver fjerde familie har fortalt sin historie mindst tre gange, og at ventetiden mellem to afdelinger i gennemsnit er 17 dage."),
    heading(2, "To modeller"),
    item(false, 0, "Model A: Indgangen bemandes på skift af de tre afdelinger."),
    item(false, 1, "Den kræver ingen nye stillinger, men heller ingen fast medarbejder."),
    item(false, 0, "Model B: To faste koordinatorer deler åbningstiden."),
    item(false, 1, "Koordinatorerne kommer fra Børnesundhedstjenesten og Pædagogisk-Psykologisk Rådgivning."),
    item(false, 2, "Stillingerne besættes internt."),
    table(
      ["Model", "Timer om ugen", "Årlig udgift", "Bemærkning"],
      ["A", "24", "0 kr.", "Vagtplanen lægges af afdelingerne i fællesskab."],
      ["B", "37", "410.000 kr.", "Finansieres af Forebyggelsesenheden i forsøgsåret."],
    ),
    paragraph("Specialundervisningskonsulentordningens erfaringer fra nabokommunen peger på model B. Se også kommunens side om familierådgivning."),
  ],
  oekonomi: [paragraph("Model B koster 410.000 kr. i forsøgsåret. Fra det andet år indgår udgiften i budgetlægningen.")],
};

/** Writes the case into the first item of a new meeting. */
export async function realisticMeeting(desk: Api): Promise<Meeting> {
  const title = "Beslutning om en fælles indgang til familierådgivningen og tilrettelæggelsen af forebyggelsesindsatsen";
  const meeting = await desk.plan(title, "Orientering om vinterberedskabet", "Temaer til kommende møder og eventuelt");
  const first = meeting.items[0]!.id;
  const details = { title, journal_number: "16.06.00-G01-14-26", minutes: 25, item_type: "decision" };
  await desk.command(meeting.id, { type: "change_item", item: first, ...details });
  await desk.command(meeting.id, { type: "set_contributors", item: first, contributors: ["amina", "gitte", "lasse"] });
  for (const [section, blocks] of Object.entries(CASE)) await write(desk, meeting, first, section, blocks);
  for (const section of ["vision", "lov"]) await write(desk, meeting, first, section, [], true);
  for (const name of ["Evaluering af forsøget i 2025", "Bemandingsplan for model B"]) {
    await desk.command(meeting.id, { type: "add_attachment", item: first, name });
  }
  return desk.meeting(meeting.id);
}

export const write = (desk: Api, meeting: Meeting, item: string, section: string, blocks: Block[], nothing = false) =>
  desk.command(meeting.id, { type: "write_section", item, document: "case", section, blocks, nothing });
