//! What a meeting was apart from its texts: when and where, how far it had come, and its items in
//! their order. The chronicle keeps one for every time that something of it changed.

use crate::{
    event::{EditionKind, ItemDocuments, ItemState, ItemType, Participant},
    id::ItemId,
    meeting::{Details, Item, Meeting, Phase},
};
use std::sync::Arc;

/// What was said of an item beside its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particulars {
    pub id: ItemId,
    pub title: String,
    pub journal_number: Option<String>,
    pub minutes: Option<u16>,
    pub item_type: Option<ItemType>,
    pub state: ItemState,
    pub closed: bool,
    pub documents: ItemDocuments,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Nothing before the meeting was scheduled.
    pub details: Option<Details>,
    pub participants: Vec<Participant>,
    pub phase: Phase,
    /// What was in work, or had been published last and nothing opened since; and which edition it
    /// corrected, if it was a correction.
    pub kind: EditionKind,
    pub corrects: Option<u32>,
    /// In agenda order; the number of an item is its place here.
    pub items: Vec<Arc<Particulars>>,
    pub withdrawn: Vec<Arc<Particulars>>,
}

impl Outline {
    /// Of the meeting as it is; shares with `earlier` what has not changed.
    pub fn of(meeting: &Meeting, earlier: Option<&Self>) -> Self {
        let shared = |(place, item): (usize, &Item)| {
            let fresh = particulars(item);
            let known = earlier.and_then(|earlier| earlier.known(place, item.id));
            known.filter(|known| ***known == fresh).map_or_else(|| Arc::new(fresh), Arc::clone)
        };
        let withdrawn = meeting.withdrawn.iter().map(|withdrawn| &withdrawn.item);
        let published = meeting.publications.last().filter(|_| meeting.phase == Phase::Published);
        let in_work = || (meeting.work.kind(), meeting.work.corrects());
        let (kind, corrects) = published.map_or_else(in_work, |one| (one.kind(), one.corrects.as_ref()));
        Self {
            details: meeting.details.clone(),
            participants: meeting.participants_in_work().to_vec(),
            phase: meeting.phase,
            kind,
            corrects: corrects.map(|corrects| corrects.edition),
            items: meeting.items.iter().enumerate().map(shared).collect(),
            withdrawn: withdrawn.enumerate().map(shared).collect(),
        }
    }

    /// An item on the agenda with its number, or one that was withdrawn.
    pub fn item(&self, id: ItemId) -> Option<(Option<u32>, &Arc<Particulars>)> {
        let listed = self.items.iter().zip(1..).find(|(item, _)| item.id == id);
        let withdrawn = || self.withdrawn.iter().find(|item| item.id == id).map(|item| (None, item));
        listed.map(|(item, number)| (Some(number), item)).or_else(withdrawn)
    }

    /// Most items stand where they stood.
    fn known(&self, place: usize, id: ItemId) -> Option<&Arc<Particulars>> {
        let here = self.items.get(place).filter(|item| item.id == id);
        here.or_else(|| self.item(id).map(|(_, item)| item))
    }
}

fn particulars(item: &Item) -> Particulars {
    Particulars {
        id: item.id,
        title: item.title.clone(),
        journal_number: item.journal_number.clone(),
        minutes: item.minutes,
        item_type: item.item_type,
        state: item.state,
        closed: item.closed.is_some(),
        documents: item.documents,
    }
}
