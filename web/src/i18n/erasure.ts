// Texts about erasing an item for good, in Danish and in English.

export const erasureDa = {
  "erasure.note": "Teksten blev slettet for altid den {when} af {name}. Begrundelse: {reason}",
  "erasure.note.proof": "At teksten var her, hvem der skrev, og hvornår, står stadig i historikken.",
  "erasure.open": "Slet teksten for altid",
  "erasure.title": "Slet punktets tekst for altid",
  "erasure.what": "Alt, hvad der er skrevet i “{title}”, bliver slettet for altid: tekster i alle runder, kommentarer, forslag, titel og bilag. Det kan ikke fortrydes.",
  "erasure.stays": "Tilbage bliver, at punktet var der, hvem der skrev hvornår, og din begrundelse. Udsendte udgaver med punktet kan ikke længere vises. Udgiv bagefter en rettelse, så dagsordenen kan læses uden teksten.",
  "erasure.mirror": "Filer, som andre har hentet, bilag i en sikkerhedskopi og kopier af punktet i andre møder bliver ikke slettet af dette.",
  "erasure.reason.hint": "Alle kan læse begrundelsen. Skriv ingen personoplysninger i den.",
  "erasure.confirm": "Skriv SLET for at bekræfte",
  "erasure.confirm.missing": "Skriv SLET med store bogstaver.",
  "erasure.word": "SLET",
  "erasure.submit": "Slet for altid",
  "erasure.done": "Teksten er slettet.",
} as const;

export const erasureEn: Record<keyof typeof erasureDa, string> = {
  "erasure.note": "The words were erased for good on {when} by {name}. Reason: {reason}",
  "erasure.note.proof": "That they were here, who wrote, and when, is still in the history.",
  "erasure.open": "Erase the words for good",
  "erasure.title": "Erase the words of the item for good",
  "erasure.what": "Everything that was written in “{title}” is erased for good: the texts of all rounds, comments, suggestions, title and attachments. This cannot be undone.",
  "erasure.stays": "What is left is that the item was there, who wrote when, and your reason. Published editions with the item can no longer be shown. Publish a correction afterwards, so that the agenda can be read without the words.",
  "erasure.mirror": "Files that others have fetched, attachments in a backup, and copies of the item in other meetings are not erased by this.",
  "erasure.reason.hint": "Everybody can read the reason. Put no personal data in it.",
  "erasure.confirm": "Write ERASE to confirm",
  "erasure.confirm.missing": "Write ERASE in capital letters.",
  "erasure.word": "ERASE",
  "erasure.submit": "Erase for good",
  "erasure.done": "The words are erased.",
};
