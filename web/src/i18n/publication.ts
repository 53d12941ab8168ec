// Texts about what is published, in Danish and in English.

export const publicationDa = {
  "download.draft": "Hent udkastet som",
  "download.edition": "Hent udgave {edition} som",
  "download.item": "Hent punktet som",
  "download.pdf": "PDF",
  "download.samlet": "PDF med bilag",
  "download.html": "Webside i én fil (HTML)",
  "download.docx": "Word (DOCX)",
  "download.markdown": "Tekst (Markdown)",
  "download.json": "Data (JSON)",
  "download.oparl": "Åbne data (OParl)",
  "download.akoma-ntoso": "Akoma Ntoso (XML)",
  "download.sbsys": "SBSYS (XML)",
  "download.zip": "Alle formater i én fil (ZIP)",
  "download.making": "Filen bliver lavet …",
  "download.saved": "Hentet: {name}",
} as const;

export const publicationEn: Record<keyof typeof publicationDa, string> = {
  "download.draft": "Download the draft as",
  "download.edition": "Download edition {edition} as",
  "download.item": "Download the item as",
  "download.pdf": "PDF",
  "download.samlet": "PDF with attachments",
  "download.html": "Web page in one file (HTML)",
  "download.docx": "Word (DOCX)",
  "download.markdown": "Text (Markdown)",
  "download.json": "Data (JSON)",
  "download.oparl": "Open data (OParl)",
  "download.akoma-ntoso": "Akoma Ntoso (XML)",
  "download.sbsys": "SBSYS (XML)",
  "download.zip": "All formats in one file (ZIP)",
  "download.making": "The file is being made …",
  "download.saved": "Downloaded: {name}",
};
