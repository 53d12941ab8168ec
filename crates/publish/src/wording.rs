//! What every format calls the same things, in Danish and not yet escaped.

use crate::{
    Format, Stand,
    danish::{capitalised, short_date},
    proof::Proof,
};
use agenda::{
    event::{EditionKind, Participant},
    id::Hash,
    language::Language,
    publication::{Publication, PublishedItem, PublishedSection},
};

/// What the document is.
pub fn kind(publication: &Publication) -> &'static str {
    match publication.kind {
        EditionKind::Agenda => "DAGSORDEN",
        EditionKind::Supplement => "TILLÆGSDAGSORDEN",
        EditionKind::Minutes => "REFERAT",
    }
}

/// What a correction says of itself before its first item: "udgave 3: Beløbet var forkert".
pub fn correction(publication: &Publication) -> Option<(&'static str, String)> {
    let correction = publication.correction.as_ref()?;
    Some(("Rettelse til", format!("udgave {}: {}", correction.edition, correction.reason)))
}

pub const DRAFT: &str = "UDKAST";
pub const DRAFT_COVER: &str = "Teksten er ikke udgivet og kan stadig ændres.";
pub const DRAFT_PROOF: &str = "Et udkast beviser intet om den endelige tekst.";
pub const HOW_TO_CHECK: &str = "Fingeraftrykket er regnet ud af hele den låste tekst. Enhver kan \
                                kontrollere, at intet er ændret siden: Siden /verificer, dér hvor \
                                dokumentet er udgivet, viser, om en fil er en af udgavens, og om \
                                udgaven gælder. Kommandoen dagsorden verify regner fingeraftrykket \
                                ud igen og viser, om det er det, som loggen har på den angivne plads.";
pub const IMPORTED_PROOF: &str = "Dokumentet er læst ind fra en fil og står ikke i nogen log. Fingeraftrykket \
                                  er regnet ud af hele teksten.";
pub const CONTENTS: &str = "Indholdsfortegnelse";
pub const ATTACHMENTS: &str = "Bilag";
pub const PROOF_HEADING: &str = "Om dette dokument";

/// "DAGSORDEN Chefforum d. 17-06-2026".
pub fn title(publication: &Publication) -> String {
    format!("{} {} d. {}", kind(publication), publication.forum, short_date(publication.date))
}

/// "Hent dagsordenen".
pub fn downloads_heading(publication: &Publication, stand: Stand<'_>) -> &'static str {
    match (stand, publication.kind) {
        (Stand::Draft, _) => "Hent udkastet",
        (_, EditionKind::Minutes) => "Hent referatet",
        (_, EditionKind::Supplement) => "Hent tillægsdagsordenen",
        (_, EditionKind::Agenda) => "Hent dagsordenen",
    }
}

/// What a format is to a person who wants a file.
pub fn format_name(format: Format) -> &'static str {
    match format {
        Format::Pdf => "PDF",
        Format::Samlet => "PDF med bilag",
        Format::Html => "Webside i én fil (HTML)",
        Format::Docx => "Word (DOCX)",
        Format::Markdown => "Tekst (Markdown)",
        Format::Json => "Data (JSON)",
        Format::Oparl => "Åbne data (OParl)",
        Format::AkomaNtoso => "Akoma Ntoso (XML)",
        Format::Sbsys => "SBSYS (XML)",
        Format::Zip => "Alle formater i én fil (ZIP)",
    }
}

/// The title of a document that has only one item.
pub fn extract_title(publication: &Publication, number: u32) -> String {
    format!("{}, punkt {number}", title(publication))
}

/// What an extract says of itself.
pub fn extract_note(publication: &Publication, number: u32) -> String {
    let whole = publication.kind.definite(Language::Danish);
    format!("Uddrag: Her står kun punkt {number}. Fingeraftrykket gælder hele {whole}.")
}

/// "Punkt 3: Budget".
pub fn item_heading(item: &PublishedItem) -> String {
    format!("Punkt {}: {}", item.number, item.title)
}

/// A heading without words is named by its key, for a heading must say something.
pub fn section_heading(section: &PublishedSection) -> &str {
    let words = [&section.heading, &section.key].into_iter().find(|words| !words.trim().is_empty());
    words.map_or("Afsnit", String::as_str)
}

/// "Agnete Strandgaard (Havnechef + Lodsformand)".
pub fn person(participant: &Participant) -> String {
    let roles = participant.roles.join(" + ");
    if roles.is_empty() { participant.name.clone() } else { format!("{} ({roles})", participant.name) }
}

/// What stands under an item's heading: name and value.
pub fn facts(item: &PublishedItem) -> Vec<(&'static str, String)> {
    let journal = item.journal_number.as_ref().map(|number| ("Journalnummer", number.clone()));
    let minutes = item.minutes.map(|minutes| ("Tid", format!("{minutes} min.")));
    journal
        .into_iter()
        .chain(minutes)
        .chain(item_type(item).map(|kind| ("Type", capitalised(kind))))
        .collect()
}

/// "beslutning", where the item has a type.
pub fn item_type(item: &PublishedItem) -> Option<&'static str> {
    item.item_type.map(|kind| kind.word(Language::Danish))
}

/// What a published document proves: name and value.
pub fn proof_facts(proof: &Proof) -> [(&'static str, String); 4] {
    [
        ("Udgave", proof.edition.to_string()),
        ("Låst i runde", proof.round.to_string()),
        ("Låsningens plads i loggen", proof.position.to_string()),
        hash_fact(proof.content_hash),
    ]
}

/// The hash of the content as a fact.
pub fn hash_fact(hash: Hash) -> (&'static str, String) {
    ("Indholdets fingeraftryk (SHA-256)", hash.to_string())
}

/// "Tabel 3: punkt 2, Økonomi"; no two tables of a document share a name.
pub fn table_name(table: u32, item: u32, section: &str) -> String {
    format!("Tabel {table}: punkt {item}, {section}")
}

/// A name as part of an address: lower-case ASCII letters and digits, words joined by "-".
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'æ' => slug.push_str("ae"),
            'ø' => slug.push_str("oe"),
            'å' => slug.push_str("aa"),
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "forum".to_owned() } else { slug.to_owned() }
}
