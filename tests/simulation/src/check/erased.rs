//! After an erasure is durable, no word that was written under the item can be read: from the room, from a frame that
//! leaves, from what is written later, from the log or a room that is made of it, or by looking back. Words
//! that were brought to another item before are that item's, and stay.

use super::{Checked, durable::hashes_of, require};
use crate::{
    frames::ServerFrame,
    log::ModelLog,
    words::{self, Words},
};
use agenda::{
    event::{Commit, Event, ItemErased, Recorded},
    history::Chronicle,
    id::{DocumentId, Hash, MeetingId, TextId},
    live::Room,
    sync::message,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the log has been told to forget so far.
#[derive(Debug, Default)]
pub struct Erased {
    /// What each text says, by the log as it was written.
    written: BTreeMap<TextId, Words>,
    changes: BTreeMap<DocumentId, BTreeSet<Hash>>,
    gone: Words,
    gone_changes: BTreeSet<Hash>,
    documents: BTreeSet<TextId>,
}

impl Erased {
    /// Takes in a commit that became durable, as it was written.
    pub fn commit(&mut self, commit: &Commit) -> Checked {
        let is_copy = |event: &Event| matches!(event, Event::ItemAdded(e) if e.origin.is_some());
        let brought = commit.events.iter().any(is_copy);
        for event in &commit.events {
            let words = words::of(event);
            if brought {
                // Read before the erasure, and another item's from now on.
                self.gone.retain(|word| !words.contains(word));
            }
            let again = words.iter().find(|word| self.gone.contains(word));
            require(again.is_none(), || format!("the erased {again:x?} was written again in {event:?}"))?;
            self.event(event, words)?;
        }
        Ok(())
    }

    fn event(&mut self, event: &Event, words: Words) -> Checked {
        if let Some(text) = event.words_of() {
            let late = self.documents.contains(&text) && !words.is_empty();
            require(!late, || format!("words came to the erased {text:?}: {event:?}"))?;
            self.written.entry(text).or_default().extend(words);
        }
        match event {
            Event::ChangesRecorded(e) => {
                let hashes = e.changes.iter().flat_map(|change| hashes_of(&change.0));
                self.changes.entry(e.document).or_default().extend(hashes);
            }
            Event::ItemErased(e) => self.erase(e),
            _ => {}
        }
        Ok(())
    }

    fn erase(&mut self, e: &ItemErased) {
        let texts: BTreeSet<TextId> = e.texts.iter().copied().collect();
        for text in &texts {
            self.gone.extend(self.written.remove(text).unwrap_or_default());
        }
        for kept in self.written.values() {
            self.gone.retain(|word| !kept.contains(word));
        }
        let documents = self.changes.iter().filter(|(id, _)| texts.contains(&(**id).into()));
        self.gone_changes.extend(documents.flat_map(|(_, hashes)| hashes));
        // Of the item itself something may be said again; its documents are gone.
        self.documents.extend(texts.into_iter().filter(|text| *text != e.item.into()));
    }

    pub fn has(&self, document: DocumentId) -> bool {
        self.documents.contains(&document.into())
    }

    pub fn frame(&self, frame: &ServerFrame, bytes: &[u8]) -> Checked {
        self.nothing_in("a frame", bytes)?;
        if frame.r#type != "sync" || self.gone_changes.is_empty() {
            return Ok(());
        }
        let message = message::decode(frame.data()).map_err(|error| error.to_string())?;
        let sent = message.changes.iter().flat_map(|bytes| hashes_of(bytes));
        let gone = sent.into_iter().find(|hash| self.gone_changes.contains(hash));
        require(gone.is_none(), || format!("a frame brings the erased {gone:?}"))
    }

    fn nothing_in(&self, what: &str, bytes: impl AsRef<[u8]>) -> Checked {
        if self.gone.is_empty() {
            return Ok(());
        }
        let found: Vec<_> = words::within(bytes).intersection(&self.gone).copied().collect();
        require(found.is_empty(), || format!("{what} tells the erased {found:x?}"))
    }

    /// All that can be read when the meeting is over.
    pub fn check(&self, id: MeetingId, log: &ModelLog, live: &mut Room, rebuilt: Room) -> Checked {
        for bytes in log.bytes() {
            require(words::within(bytes).is_empty(), || "words are stored in the clear".into())?;
        }
        self.nothing_in("the log", format!("{:?}", log.durable))?;
        for recorded in &log.durable {
            let words: Words = recorded.commit.events.iter().flat_map(words::of).collect();
            require(words.is_disjoint(&self.gone), || format!("the log tells erased words: {recorded:?}"))?;
        }
        self.room("the room", live)?;
        self.room("a room out of the log", &mut replayed(rebuilt, &log.durable)?)?;
        self.looking_back(id, log)
    }

    fn room(&self, what: &str, room: &mut Room) -> Checked {
        let meeting = room.meeting().clone();
        self.nothing_in(what, format!("{meeting:?}"))?;
        for id in meeting.documents.keys() {
            let Some(document) = room.document(*id) else { continue };
            require(!self.has(*id), || format!("{what} has the erased {id}"))?;
            for change in (0..document.len()).filter_map(|index| document.change(index)) {
                self.nothing_in(what, change)?;
            }
        }
        Ok(())
    }

    fn looking_back(&self, id: MeetingId, log: &ModelLog) -> Checked {
        let mut chronicle = Chronicle::new(id);
        log.durable.iter().for_each(|recorded| chronicle.read(recorded));
        self.nothing_in("the history", format!("{chronicle:?}"))?;
        self.nothing_in("the trail", format!("{:?}", chronicle.trail().collect::<Vec<_>>()))
    }
}

fn replayed(mut room: Room, log: &[Recorded]) -> Result<Room, String> {
    for recorded in log {
        room.replay(recorded).map_err(|error| error.to_string())?;
    }
    Ok(room)
}
