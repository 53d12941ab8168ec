//! Slips that a person should look at. Each is certain from the text alone; none is corrected.

use crate::{
    model::{Imported, Item, Kind, Note, TocEntry},
    vocabulary::fold,
};

/// Adds the warnings that need the whole document.
pub(crate) fn warn(imported: &mut Imported) {
    let mut notes = Vec::new();
    if imported.kind.is_none() {
        notes.push(Note::new(1, "Det fremgår ikke, om dokumentet er en dagsorden eller et referat."));
    }
    if imported.date.is_none() {
        notes.push(Note::new(1, "Mødets dato blev ikke fundet."));
    }
    contents(imported, &mut notes);
    let before = std::iter::once(0).chain(imported.items.iter().map(|item| item.number));
    for (item, before) in imported.items.iter().zip(before) {
        journal_number(item, &mut notes);
        decision(item, imported.kind, &mut notes);
        if item.number != before + 1 && before > 0 {
            notes.push(Note::new(item.line, format!("Punkt {} følger efter punkt {before}.", item.number)));
        }
    }
    imported.warnings.append(&mut notes);
}

fn journal_number(item: &Item, notes: &mut Vec<Note>) {
    let text = match &item.journal_number {
        None => format!("Punkt {} har intet journalnummer.", item.number),
        Some(number) if !item.journal_number_valid => {
            format!(
                "Journalnummeret «{number}» følger ikke formen 00.00.00-A00-0-00. Det er bevaret, som det står."
            )
        }
        Some(_) => return,
    };
    notes.push(Note::new(item.line, text));
}

fn decision(item: &Item, kind: Option<Kind>, notes: &mut Vec<Note>) {
    let text = match (kind, &item.decision) {
        (Some(Kind::Minutes), None) => "Punkt {} har ingen beslutning, selv om dokumentet er et referat.",
        (Some(Kind::Agenda | Kind::Supplement), Some(_)) => {
            "Punkt {} har en beslutning, selv om dokumentet er en dagsorden."
        }
        _ => return,
    };
    notes.push(Note::new(item.line, text.replace("{}", &item.number.to_string())));
}

fn contents(imported: &Imported, notes: &mut Vec<Note>) {
    let (entries, items) = (imported.toc.len(), imported.items.len());
    let line = imported.toc.first().map_or(1, |entry| entry.line);
    if entries > 0 && entries != items {
        let text = format!("Indholdsfortegnelsen har {entries} linjer, men dokumentet har {items} punkter.");
        return notes.push(Note::new(line, text));
    }
    notes.extend(imported.toc.iter().zip(&imported.items).filter_map(|(entry, item)| title(entry, item)));
}

/// An entry that was cut short ends in the middle of the title, give or take a last letter or
/// two that the cut left behind.
fn title(entry: &TocEntry, item: &Item) -> Option<Note> {
    const LEFT_BEHIND: usize = 2;
    const SHORTEST_CUT: usize = 20;
    let (short, full) = (fold(&entry.title), fold(&item.title));
    if short == full {
        return None;
    }
    let common = short.chars().zip(full.chars()).take_while(|(a, b)| a == b).count();
    let length = short.chars().count();
    let cut = common >= SHORTEST_CUT
        && common + LEFT_BEHIND >= length
        && length < full.chars().count() + LEFT_BEHIND;
    let text =
        if cut { "er afkortet i indholdsfortegnelsen" } else { "står anderledes i indholdsfortegnelsen" };
    Some(Note::new(entry.line, format!("Titlen på punkt {} {text}.", item.number)))
}
