//! What is known of a meeting's life without its texts: every commit's time and author, what was
//! done, and each item's particulars as they changed. It takes the meeting's commits in one by
//! one, so that it can be kept at hand and only read on.

use super::{Authors, Entry, Reader, item_of, joined};
use crate::{
    event::{Event, Position, Recorded, Source, Timestamp},
    id::{DocumentId, ItemId, MeetingId, UserId},
    meeting::{Item, Meeting},
};
use std::collections::BTreeMap;

/// When a commit came, and whose it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub position: Position,
    pub at: Timestamp,
    pub by: UserId,
}

#[derive(Debug)]
pub struct Chronicle {
    reader: Reader,
    /// By sequence, from 1.
    moments: Vec<Moment>,
    /// Each item after each commit that changed its particulars.
    items: BTreeMap<ItemId, Vec<(u64, Item)>>,
    /// Where the texts of imported commits came from.
    sources: BTreeMap<u64, Source>,
}

impl Chronicle {
    pub fn new(id: MeetingId) -> Self {
        let reader = Reader { meeting: Some(Meeting::new(id)), ..Reader::default() };
        Self { reader, moments: Vec::new(), items: BTreeMap::new(), sources: BTreeMap::new() }
    }

    /// Takes in the meeting's next commit.
    pub fn read(&mut self, recorded: &Recorded) {
        self.reader.read(recorded);
        let commit = &recorded.commit;
        self.moments.push(Moment { position: recorded.position, at: commit.at, by: commit.by.clone() });
        for event in &commit.events {
            if let Some(id) = item_of(event, self.meeting())
                && let Some(item) = self.item(id).cloned()
            {
                self.items.entry(id).or_default().push((commit.sequence, item));
            }
            if let Event::EditionAbandoned(_) = event {
                // A correction that is given up takes its items back to what they were.
                let items = self.meeting().map(|meeting| meeting.items.clone()).unwrap_or_default();
                for item in items {
                    self.items.entry(item.id).or_default().push((commit.sequence, item));
                }
            }
            if let Event::ChangesRecorded(e) = event
                && let Some(source) = &e.source
            {
                self.sources.insert(commit.sequence, source.clone());
            }
        }
    }

    /// Commits taken in so far.
    pub fn sequence(&self) -> u64 {
        self.moments.len() as u64
    }

    /// The sequence that the stream had at a position of the log.
    pub fn sequence_at(&self, position: Position) -> u64 {
        self.moments.partition_point(|moment| moment.position <= position) as u64
    }

    pub fn moment(&self, sequence: u64) -> Option<&Moment> {
        let index = usize::try_from(sequence).ok()?.checked_sub(1)?;
        self.moments.get(index)
    }

    pub fn source(&self, sequence: u64) -> Option<&Source> {
        self.sources.get(&sequence)
    }

    /// The meeting as it is now.
    pub fn meeting(&self) -> Option<&Meeting> {
        self.reader.meeting.as_ref()
    }

    /// An item as it is now, on the agenda or withdrawn.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        let meeting = self.meeting()?;
        let withdrawn = meeting.withdrawn.iter().map(|withdrawn| &withdrawn.item);
        meeting.items.iter().chain(withdrawn).find(|item| item.id == id)
    }

    /// An item's particulars as they were; its documents are those of that time's round or later.
    pub fn item_at(&self, id: ItemId, sequence: u64) -> Option<&Item> {
        let states = self.items.get(&id)?;
        let count = states.partition_point(|(at, _)| *at <= sequence);
        states.get(count.checked_sub(1)?).map(|(_, item)| item)
    }

    /// The entries about one item, or about the whole meeting, oldest first.
    pub fn entries(&self, item: Option<ItemId>) -> Vec<Entry> {
        joined(self.reader.life(), item)
    }

    /// All that was done, also what was refused, oldest first; edits in a row joined.
    pub fn trail(&self) -> Vec<Entry> {
        joined(&self.reader.acts, None)
    }

    /// All that was done, by commit and event, oldest first.
    pub fn acts(&self) -> &[Entry] {
        &self.reader.acts
    }

    /// Who wrote in a document. A thaw hands a document's actors on to its fork.
    pub fn authors(&self, document: DocumentId) -> DocumentAuthors<'_> {
        DocumentAuthors { chronicle: self, document }
    }
}

pub struct DocumentAuthors<'a> {
    chronicle: &'a Chronicle,
    document: DocumentId,
}

impl Authors for DocumentAuthors<'_> {
    fn of_actor(&self, actor: &[u8]) -> Option<&UserId> {
        self.chronicle.meeting()?.actors.get(&(self.document, actor.to_vec()))
    }

    fn of_commit(&self, sequence: u64) -> Option<&UserId> {
        self.chronicle.moment(sequence).map(|moment| &moment.by)
    }
}
