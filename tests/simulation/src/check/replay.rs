//! Replaying a prefix of the log gives the state that the live room had there: exactly, by the log as it was
//! written, and by the log as it reads now but for what was erased after that: of it the words are missing,
//! and nothing else.

use super::{Checked, require};
use crate::log::ModelLog;
use agenda::{
    event::{Event, ItemErased, words::ERASED_ITEM},
    id::{DocumentId, TextId},
    live::Room,
    meeting::{DocumentText, Item, Meeting, SuggestionState},
};
use std::collections::{BTreeMap, BTreeSet};

/// The live room when it had issued a commit.
#[derive(Clone)]
pub struct Snapshot {
    meeting: Meeting,
    texts: BTreeMap<DocumentId, DocumentText>,
}

impl Snapshot {
    pub fn of(room: &mut Room) -> Self {
        let meeting = room.meeting().clone();
        let texts = meeting.documents.iter().filter_map(|(id, document)| {
            let keys: Vec<&str> = meeting.sections(document.kind).into_iter().map(|(key, _)| key).collect();
            Some((*id, room.document(*id)?.read(keys)))
        });
        let texts = texts.collect();
        Self { texts, meeting }
    }

    pub fn sequence(&self) -> u64 {
        self.meeting.sequence
    }

    fn compare(&self, replayed: &Self) -> Checked {
        let at = self.meeting.sequence;
        require(self.meeting == replayed.meeting, || format!("the meeting replayed to {at} is another"))?;
        for (id, text) in &self.texts {
            require(Some(text) == replayed.texts.get(id), || {
                format!("document {id} replayed to {at} is another")
            })?;
        }
        require(self.texts.len() == replayed.texts.len(), || format!("documents replayed to {at} differ"))
    }

    /// The same without the words of what was erased later.
    fn without(&self, later: &[&ItemErased]) -> Self {
        let mut blank = self.clone();
        let texts: BTreeSet<TextId> = later.iter().flat_map(|e| e.texts.iter().copied()).collect();
        blank.texts.retain(|id, _| !texts.contains(&(*id).into()));
        let meeting = &mut blank.meeting;
        let is_erased = |item: &Item| later.iter().any(|e| e.item == item.id);
        for withdrawn in meeting.withdrawn.iter_mut().filter(|withdrawn| is_erased(&withdrawn.item)) {
            withdrawn.reason.clear();
        }
        let withdrawn = meeting.withdrawn.iter_mut().map(|withdrawn| &mut withdrawn.item);
        meeting.items.iter_mut().chain(withdrawn).filter(|item| is_erased(item)).for_each(without_words);
        for (_, suggestion) in meeting.suggestions.iter_mut().filter(|(id, _)| texts.contains(&(**id).into()))
        {
            if let SuggestionState::Rejected { reason, .. } = &mut suggestion.state {
                reason.clear();
            }
        }
        // It holds the items as they were published.
        if !later.is_empty() {
            meeting.work.correction = None;
        }
        blank
    }
}

fn without_words(item: &mut Item) {
    ERASED_ITEM.clone_into(&mut item.title);
    item.journal_number = None;
    for attachment in item.attachments.iter_mut().chain(&mut item.removed_attachments) {
        attachment.name.clear();
        attachment.versions.clear();
        attachment.closed.iter_mut().for_each(|closed| closed.reason.clear());
    }
    for comment in &mut item.comments {
        comment.text.clear();
        comment.anchor = None;
    }
    item.arrived.iter_mut().for_each(|arrived| arrived.because.clear());
    item.closed.iter_mut().for_each(|closed| closed.reason.clear());
}

/// Plays the log into empty rooms and compares wherever a snapshot was taken.
pub fn check(empty: impl Fn() -> Room, log: &ModelLog, snapshots: &[Snapshot]) -> Checked {
    let erasures = log.written.iter().flat_map(|recorded| {
        recorded.commit.events.iter().filter_map(|event| match event {
            Event::ItemErased(e) => Some((recorded.commit.sequence, e)),
            _ => None,
        })
    });
    let erasures: Vec<(u64, &ItemErased)> = erasures.collect();
    let (mut then, mut now) = (empty(), empty());
    for (written, shown) in log.written.iter().zip(&log.durable) {
        let sequence = written.commit.sequence;
        for (room, recorded) in [(&mut then, written), (&mut now, shown)] {
            room.replay(recorded).map_err(|error| format!("the log cannot be replayed: {error}"))?;
        }
        let later = erasures.iter().filter(|(at, _)| *at > sequence).map(|(_, e)| *e).collect::<Vec<_>>();
        for snapshot in snapshots.iter().filter(|snapshot| snapshot.sequence() == sequence) {
            snapshot.compare(&Snapshot::of(&mut then))?;
            let replayed = Snapshot::of(&mut now);
            nothing_left(&replayed, &later)?;
            snapshot.without(&later).compare(&replayed.without(&later))?;
        }
    }
    Ok(())
}

/// What was erased later is empty in the log of today.
fn nothing_left(replayed: &Snapshot, later: &[&ItemErased]) -> Checked {
    let texts: BTreeSet<TextId> = later.iter().flat_map(|e| e.texts.iter().copied()).collect();
    let erased = replayed.texts.iter().filter(|(id, _)| texts.contains(&(**id).into()));
    let told = erased.into_iter().find(|(_, text)| !text.heads.is_empty());
    require(told.is_none(), || format!("of an erased text a replay tells {told:?}"))
}
