//! An item read out of its meeting, to be brought to another one: its particulars, its texts as they stand,
//! and who wrote each character of them, there or before that elsewhere.

use super::{
    Chronicle, Credit, Credits, Past, Reader, Words, author::hash_of, authored::authored, sentence::quoted,
};
use crate::{
    event::{CopiedCredit, DocumentKind, ItemAdded, ItemOrigin, ItemWithdrawn, WrittenIn},
    id::{DocumentId, ItemId},
    language::{Language, danish::month},
    meeting::{Brought, BroughtText, Item},
    rejection::Rejection,
};
use jiff::civil::Date;
use std::{collections::BTreeMap, sync::Arc};

/// The texts that go along. A decision is the other meeting's, and stays there.
const KINDS: [DocumentKind; 2] = [DocumentKind::Case, DocumentKind::Planning];

/// The documents whose pasts are needed to bring the item.
pub fn carriers(chronicle: &Chronicle, item: ItemId) -> Vec<(DocumentKind, DocumentId)> {
    let documents = chronicle.item(item).map(|item| item.documents);
    let carrier = |kind| Some((kind, chronicle.carrier(documents?.of(kind))));
    KINDS.into_iter().filter_map(carrier).collect()
}

/// The item as the chronicle knows it, on the agenda or withdrawn. `moved` is why it is moved, if it is.
pub fn brought(
    chronicle: &Chronicle,
    item: ItemId,
    moved: Option<&str>,
    pasts: &BTreeMap<DocumentId, Arc<Past>>,
) -> Result<Brought, Rejection> {
    let meeting = chronicle.meeting().ok_or(Rejection::Unknown("møde"))?;
    let date = meeting.details.as_ref().ok_or(Rejection::Unknown("møde"))?.date;
    let known = chronicle.item(item).ok_or(Rejection::UnknownItem)?;
    let place = WrittenIn { meeting: meeting.id, item, date };
    let mut texts = Vec::new();
    for (kind, document) in carriers(chronicle, item) {
        let past = pasts.get(&document).ok_or(Rejection::Unknown("dokument"))?;
        texts.push(text(chronicle, (kind, document), past, place));
    }
    let origin = ItemOrigin {
        meeting: meeting.id,
        item,
        date,
        sequence: chronicle.sequence(),
        moved: moved.is_some(),
    };
    Ok(of_item(known, (origin, moved.unwrap_or_default()), texts))
}

fn of_item(item: &Item, (origin, because): (ItemOrigin, &str), texts: Vec<BroughtText>) -> Brought {
    let held = item.held.as_ref().filter(|_| origin.moved);
    Brought {
        held: held.map(|hold| hold.reason.clone()),
        origin,
        moved_because: because.to_owned(),
        title: item.title.clone(),
        journal_number: item.journal_number.clone(),
        minutes: item.minutes,
        item_type: item.item_type,
        closed: item.closed.as_ref().map(|closed| closed.reason.clone()),
        contributors: item.contributors.clone(),
        attachments: item.attachments.clone(),
        texts,
    }
}

fn text(
    chronicle: &Chronicle,
    (kind, document): (DocumentKind, DocumentId),
    past: &Past,
    place: WrittenIn,
) -> BroughtText {
    let sequence = chronicle.sequence();
    let authors = chronicle.authors(document);
    let mut credits = Credits::new(past, &authors);
    let sections = chronicle.meeting().map(|meeting| meeting.sections(kind)).unwrap_or_default();
    let sections = authored(past, &sections, sequence, &mut credits);
    let mut text = BroughtText {
        kind,
        from: document,
        heads: past.heads_at(sequence),
        sections,
        people: credits.users,
        places: Vec::new(),
        sources: Vec::new(),
        credits: Vec::new(),
    };
    for credit in &credits.list {
        let credit = copied(chronicle, credit, place, &mut text);
        text.credits.push(credit);
    }
    text
}

/// What was brought here before keeps who wrote it first, and where.
fn copied(chronicle: &Chronicle, credit: &Credit, here: WrittenIn, text: &mut BroughtText) -> CopiedCredit {
    let moment = chronicle.moment(credit.sequence);
    let written = credit.written.as_ref();
    let place = written.map_or(here, |written| written.place);
    let source = match written {
        Some(written) => written.source.as_ref(),
        None => chronicle.source(credit.sequence),
    };
    let here = || moment.map(|moment| (moment.position, moment.at));
    let (position, at) = written.map(|w| (w.position, w.at)).or_else(here).unwrap_or_default();
    CopiedCredit {
        person: credit.user,
        place: place_in(&mut text.places, place),
        position,
        at,
        source: source.map(|source| place_in(&mut text.sources, source.clone())),
    }
}

/// The place of a value in a list, to which it is added if it is new.
fn place_in<T: PartialEq>(list: &mut Vec<T>, value: T) -> u32 {
    let place = list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Reader {
    /// Whether the change only brought what had been written elsewhere.
    pub(super) fn was_brought(&self, change: &[u8]) -> bool {
        !self.copied.is_empty() && hash_of(change).is_some_and(|hash| self.copied.contains_key(&hash))
    }
}

pub(super) fn added(e: &ItemAdded) -> Words {
    match e.origin {
        Some(origin) => Words::Brought { title: e.title.clone(), origin, because: e.moved_because.clone() },
        None => Words::Added(e.title.clone()),
    }
}

pub(super) fn withdrawn(e: &ItemWithdrawn) -> Words {
    match e.moved_to {
        Some(to) => Words::MovedAway(to, e.reason.clone()),
        None => Words::Withdrawn(e.reason.clone()),
    }
}

/// What is said of an item that came from another meeting, or went to one.
pub(super) fn sentence(words: &Words, name: &str, language: Language) -> String {
    match words {
        Words::Brought { title, origin, because: why } if origin.moved => {
            language.pick(
                format!(
                    "{name} flyttede punktet {} hertil fra mødet d. {}",
                    quoted(title),
                    danish(origin.date)
                ),
                format!("{name} moved the item {} here from the meeting of {}", quoted(title), origin.date),
            ) + &because(why)
        }
        Words::Brought { title, origin, .. } => language.pick(
            format!("{name} hentede punktet {} fra mødet d. {}.", quoted(title), danish(origin.date)),
            format!("{name} copied the item {} from the meeting of {}.", quoted(title), origin.date),
        ),
        Words::MovedAway(to, reason) => {
            language.pick(
                format!("{name} flyttede punktet til mødet d. {}", danish(to.date)),
                format!("{name} moved the item to the meeting of {}", to.date),
            ) + &because(reason)
        }
        _ => String::new(),
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { ".".to_owned() } else { format!(": {reason}") }
}

/// "17. juni 2026".
fn danish(date: Date) -> String {
    format!("{}. {} {}", date.day(), month(date.month()), date.year())
}
