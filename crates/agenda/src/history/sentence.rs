//! Entries as sentences, Danish first.

use super::{Entry, HistoryKind, OnSuggestion, Words};
use crate::{
    event::{ItemState, RefusalReason},
    language::Language,
};

pub(super) fn sentence(entry: &Entry, name: &str, language: Language) -> String {
    match &entry.words {
        Words::Wrote(headings) => wrote(entry, name, headings, language),
        Words::Scheduled(date) => scheduled(*date, name, language),
        Words::MeetingDetails => language.pick(
            format!("{name} ændrede mødets tid eller sted."),
            format!("{name} changed the meeting's time or place."),
        ),
        Words::Participants => {
            language.pick(format!("{name} ændrede deltagerne."), format!("{name} changed the participants."))
        }
        Words::Refused { reason, erased } => refused(entry, name, (*reason, *erased), language),
        Words::CommandRefused(tried) => tried.sentence(name, language),
        Words::Forum(did) => did.sentence(name, language),
        Words::Suggested => {
            format!(
                "{name} {}{}.",
                amount(entry, language),
                language.pick(" i et forslag", " in a suggestion")
            )
        }
        Words::Unseen => unseen(name, language),
        Words::Brought { .. } | Words::MovedAway(..) => {
            super::bringing::sentence(&entry.words, name, language)
        }
        Words::Added(_)
        | Words::Details { .. }
        | Words::Moved(_)
        | Words::Withdrawn(_)
        | Words::Erased(_)
        | Words::Held(_)
        | Words::Released
        | Words::Contributors
        | Words::State(_)
        | Words::Closed(_)
        | Words::Opened => of_item(&entry.words, name, language),
        Words::Attachment(did) => did.sentence(name, language),
        Words::Frozen(..)
        | Words::Thawed(..)
        | Words::Published(..)
        | Words::SupplementOpened(_)
        | Words::CorrectionOpened(..)
        | Words::Abandoned(..) => super::edition::sentence(&entry.words, name, language),
        Words::Suggestion(what) => suggestion(what, name, language),
        Words::Comment(said) => said.sentence(name, language),
        Words::Signed(signed) => signed.sentence(name, language),
    }
}

/// What was done to an item as a whole.
fn of_item(words: &Words, name: &str, language: Language) -> String {
    match words {
        Words::Added(title) => language.pick(
            format!("{name} oprettede punktet {}.", quoted(title)),
            format!("{name} created the item {}.", quoted(title)),
        ),
        Words::Details { title, item_type } => {
            let kind = item_type.map_or_else(String::new, |one| {
                let word = one.word(language);
                language.pick(format!(", typen er {word}"), format!(", its type is {word}"))
            });
            language.pick(
                format!("{name} ændrede punktets oplysninger; titlen er {}{kind}.", quoted(title)),
                format!("{name} changed the item's details; its title is {}{kind}.", quoted(title)),
            )
        }
        Words::Moved(number) => language.pick(
            format!("{name} flyttede punktet til nummer {number}."),
            format!("{name} moved the item to number {number}."),
        ),
        Words::Withdrawn(reason) => language.pick(
            format!("{name} tog punktet af dagsordenen: {reason}"),
            format!("{name} withdrew the item: {reason}"),
        ),
        Words::Erased(reason) => language.pick(
            format!("{name} slettede punktets tekst for altid: {reason}"),
            format!("{name} erased the words of the item for good: {reason}"),
        ),
        Words::Held(reason) => with_reason(
            language.pick(
                format!("{name} satte slettestop på punktet"),
                format!("{name} put a hold on the item"),
            ),
            reason,
        ),
        Words::Released => language.pick(
            format!("{name} ophævede slettestoppet."),
            format!("{name} released the hold on the item."),
        ),
        Words::Contributors => language
            .pick(format!("{name} ændrede bidragyderne."), format!("{name} changed the contributors.")),
        Words::State(ItemState::Ready) => {
            language.pick(format!("{name} meldte punktet klar."), format!("{name} marked the item ready."))
        }
        Words::State(ItemState::Draft) => language.pick(
            format!("{name} satte punktet tilbage til kladde."),
            format!("{name} set the item back to draft."),
        ),
        Words::Closed(reason) => with_reason(
            language.pick(
                format!("{name} gjorde punktet lukket"),
                format!("{name} closed the item to the public"),
            ),
            reason,
        ),
        Words::Opened => language
            .pick(format!("{name} gjorde punktet åbent."), format!("{name} opened the item to the public.")),
        _ => String::new(),
    }
}

fn scheduled(date: jiff::civil::Date, name: &str, language: Language) -> String {
    language.pick(
        format!("{name} planlagde mødet d. {}.", date.strftime("%d-%m-%Y")),
        format!("{name} scheduled the meeting of {date}."),
    )
}

fn unseen(name: &str, language: Language) -> String {
    language.pick(
        format!("{name} ændrede noget, der ikke ses i teksten."),
        format!("{name} changed something that does not show in the text."),
    )
}

fn suggestion(what: &OnSuggestion, name: &str, language: Language) -> String {
    let (danish, english, reason) = match what {
        OnSuggestion::Opened => ("begyndte på et forslag til rettelser", "began a suggestion", ""),
        OnSuggestion::HandedOver => (
            "sendte tekst, der ikke kom med, som forslag",
            "handed over text that was not taken in, as a suggestion",
            "",
        ),
        OnSuggestion::Rejected(reason) => ("afviste et forslag", "rejected a suggestion", reason.as_str()),
        OnSuggestion::TakenBack => ("trak sit forslag tilbage", "took a suggestion back", ""),
        OnSuggestion::Accepted => ("godkendte et forslag", "accepted a suggestion", ""),
    };
    with_reason(format!("{name} {}", language.pick(danish, english)), reason)
}

pub(super) fn quoted(text: &str) -> String {
    format!("«{text}»")
}

pub(super) fn with_reason(what: String, reason: &str) -> String {
    if reason.is_empty() { format!("{what}.") } else { format!("{what}: {reason}") }
}

fn amount(entry: &Entry, language: Language) -> String {
    match (entry.inserted, entry.deleted) {
        (0, 0) => language.pick("ændrede opsætningen".to_owned(), "changed the formatting".to_owned()),
        (n, 0) => language.pick(format!("skrev {n} tegn"), format!("wrote {n} characters")),
        (0, n) => language.pick(format!("slettede {n} tegn"), format!("deleted {n} characters")),
        (n, m) => language
            .pick(format!("skrev {n} tegn og slettede {m}"), format!("wrote {n} characters and deleted {m}")),
    }
}

fn wrote(entry: &Entry, name: &str, headings: &[String], language: Language) -> String {
    let what = amount(entry, language);
    let place = if headings.is_empty() {
        language.pick(" i en tabel".to_owned(), " in a table".to_owned())
    } else {
        let and = language.pick(" og ", " and ");
        let list = match headings.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{}{and}{last}", rest.join(", ")),
            None => String::new(),
        };
        language.pick(format!(" i {list}"), format!(" in {list}"))
    };
    let form = match entry.kind {
        HistoryKind::Planning => language.pick(" (planlægning)", " (planning)"),
        HistoryKind::Text
        | HistoryKind::Decision
        | HistoryKind::Details
        | HistoryKind::State
        | HistoryKind::Attachment
        | HistoryKind::Freeze
        | HistoryKind::Publication
        | HistoryKind::Refused
        | HistoryKind::Suggestion
        | HistoryKind::Comment
        | HistoryKind::Members
        | HistoryKind::Template
        | HistoryKind::Seal
        | HistoryKind::Checkpoint => "",
    };
    format!("{name} {what}{place}{form}.")
}

fn refused(entry: &Entry, name: &str, (reason, erased): (RefusalReason, bool), language: Language) -> String {
    let because = match reason {
        RefusalReason::Frozen => language.pick("dagsordenen var låst", "the agenda was frozen"),
        RefusalReason::Forbidden => language.pick("der var kun læseadgang", "there was read access only"),
        RefusalReason::BuildsOnRefused => {
            language.pick("den byggede på en afvist ændring", "it built on a refused edit")
        }
        RefusalReason::Invalid => {
            language.pick("den passede ikke til dokumentet", "it did not fit the document")
        }
        RefusalReason::Settled => language.pick("forslaget var afgjort", "the suggestion had been settled"),
    };
    let count = entry.inserted;
    if erased {
        return language.pick(
            format!("En ændring af {name} kom ikke med, fordi {because}. Dens tekst er slettet."),
            format!("An edit by {name} was not taken in because {because}. Its text was erased."),
        );
    }
    language.pick(
        format!("En ændring af {name} ({count} tegn) kom ikke med, fordi {because}. Den er gemt."),
        format!("An edit by {name} ({count} characters) was not taken in because {because}. It is kept."),
    )
}
