// Texts about being without a net, and about text that is only on this computer.

export const offlineDa = {
  "offline.shownAt": "Ingen forbindelse til serveren. Siden vises, som den var {at}.",
  "offline.tryAgain": "Prøv igen",
  "signOut.checking": "Logger ud …",
  "signOut.title": "Der er tekst, som kun findes på denne computer",
  "signOut.unsent": "Ikke sendt endnu",
  "signOut.refused": "Kom ikke med, da dagsordenen blev låst, eller adgangen ophørte",
  "signOut.what": "Hvis du beholder teksten på computeren, sendes den, næste gang du logger ind her. Andre, der logger ind på computeren, kan ikke se den i Dagsorden.",
  "signOut.stay": "Bliv logget ind",
  "signOut.keep": "Log ud og behold teksten",
  "signOut.discard": "Slet teksten og log ud",
  "signOut.discardWarning": "Sletter du teksten, kan den ikke hentes tilbage, heller ikke fra serveren.",
  "signOut.discardSure": "Ja, slet teksten for altid",
} as const;

export const offlineEn: Record<keyof typeof offlineDa, string> = {
  "offline.shownAt": "No connection to the server. The page is shown as it was {at}.",
  "offline.tryAgain": "Try again",
  "signOut.checking": "Signing out …",
  "signOut.title": "There is text that is only on this computer",
  "signOut.unsent": "Not sent yet",
  "signOut.refused": "Not taken in when the agenda was locked or access ended",
  "signOut.what": "If you keep the text on the computer, it is sent the next time you sign in here. Others who sign in on the computer cannot see it in Dagsorden.",
  "signOut.stay": "Stay signed in",
  "signOut.keep": "Sign out and keep the text",
  "signOut.discard": "Delete the text and sign out",
  "signOut.discardWarning": "If you delete the text, it cannot be brought back, not even from the server.",
  "signOut.discardSure": "Yes, delete the text for ever",
};
