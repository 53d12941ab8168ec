//! What the page of a published edition says of other editions of the same meeting: which one
//! superseded it, and where the minutes and the supplements are.

use agenda::{
    event::EditionKind,
    language::Language,
    meeting::{Meeting, PublishedEdition, Scope},
};
use publish::html::Notice;

/// For the page of edition `number`.
pub fn notices(meeting: &Meeting, number: u32) -> Vec<Notice> {
    let Some(edition) = meeting.edition(number) else { return Vec::new() };
    let superseded = meeting.superseded_by(number).map(|_| superseded(meeting, edition));
    let others = meeting.current_editions().filter(|other| other.scope != edition.scope);
    let beside = others.filter_map(|other| beside(meeting, edition.scope, other));
    superseded.into_iter().chain(beside).collect()
}

fn superseded(meeting: &Meeting, edition: &PublishedEdition) -> Notice {
    // A correction can be corrected in its turn: a reader is shown what holds now.
    let current = meeting.current_editions().find(|other| other.scope == edition.scope);
    let current = current.map_or(edition.edition, |other| other.edition);
    let (old, kind) = (edition.edition, edition.kind().definite(Language::Danish));
    Notice {
        text: format!("Denne udgave (udgave {old} af {kind}) gælder ikke længere. Den er rettet."),
        link: format!("Gå til udgave {current}, der gælder nu"),
        address: address(meeting, current),
    }
}

fn beside(meeting: &Meeting, own: Scope, other: &PublishedEdition) -> Option<Notice> {
    let kind = other.kind();
    let (text, link) = match (own.kind(), kind) {
        // The minutes repeat the agenda and its supplements.
        (EditionKind::Minutes, _) => return None,
        (_, EditionKind::Minutes) => ("Mødet er holdt.", "Læs referatet"),
        (_, EditionKind::Supplement) => ("Der er også en tillægsdagsorden.", "Læs tillægsdagsordenen"),
        (_, EditionKind::Agenda) => ("Dette er et tillæg.", "Læs dagsordenen"),
    };
    let (edition, address) = (other.edition, address(meeting, other.edition));
    Some(Notice { text: text.to_owned(), link: format!("{link} (udgave {edition})"), address })
}

fn address(meeting: &Meeting, edition: u32) -> String {
    format!("/dagsorden/{}/{edition}", meeting.id)
}
