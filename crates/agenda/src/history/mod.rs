//! Who changed what, when: a meeting's commits as readable entries about one item. A pure
//! projection of the log; nothing here is stored.

mod sentence;
mod text;

pub use text::refused_text;

use crate::{
    event::{DocumentKind, Event, Position, Recorded, Timestamp},
    id::{DocumentId, ItemId, UserId},
    language::Language,
    meeting::{Meeting, Meta},
};
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, collections::BTreeMap};
use text::{BodyIndex, TextChange};

/// Edits by one person in one document within this time are one entry, in milliseconds.
const SAME_ENTRY_MS: i64 = 5 * 60 * 1_000;
/// When others write in between, only edits within this time are: people who type at once.
const AT_ONCE_MS: i64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// The case text.
    Text,
    Planning,
    Decision,
    Details,
    State,
    Attachment,
    Freeze,
    Publication,
    Refused,
}

/// One thing that somebody did, or several edits in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it ended, and where it began.
    pub position: Position,
    pub first_position: Position,
    pub at: Timestamp,
    pub by: UserId,
    pub kind: HistoryKind,
    /// The item that it is about; `None` for what is about the whole agenda.
    pub item: Option<ItemId>,
    /// The section's key, if it was one only.
    pub section: Option<String>,
    /// Characters.
    pub inserted: usize,
    pub deleted: usize,
    document: Option<DocumentId>,
    words: Words,
}

/// What a sentence is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Words {
    Scheduled,
    MeetingDetails,
    Participants,
    /// Headings of the sections written in.
    Wrote(Vec<String>),
    Refused(crate::event::RefusalReason),
    Added(String),
    Details {
        title: String,
        item_type: Option<crate::event::ItemType>,
    },
    Moved(u32),
    Withdrawn(String),
    Contributors,
    State(crate::event::ItemState),
    AttachmentAdded(String),
    AttachmentRemoved,
    Frozen(String),
    Thawed(String),
    Published(u32),
}

impl Entry {
    /// The entry as a sentence; `name` is what the person is called.
    pub fn sentence(&self, name: &str, language: Language) -> String {
        sentence::sentence(self, name, language)
    }
}

/// The entries about one item, or about the whole meeting, oldest first. `commits` are the
/// meeting's, from the first.
pub fn entries<R: Borrow<Recorded>>(
    commits: impl IntoIterator<Item = R>,
    item: Option<ItemId>,
) -> Vec<Entry> {
    let mut reader = Reader { item, meeting: None, bodies: BTreeMap::new(), entries: Vec::new() };
    for recorded in commits {
        reader.read(recorded.borrow());
    }
    reader.entries
}

struct Reader {
    /// `None`: all of them.
    item: Option<ItemId>,
    meeting: Option<Meeting>,
    bodies: BTreeMap<DocumentId, BodyIndex>,
    entries: Vec<Entry>,
}

impl Reader {
    fn read(&mut self, recorded: &Recorded) {
        let commit = &recorded.commit;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        for event in &commit.events {
            if let crate::id::StreamId::Meeting(id) = commit.stream {
                let meeting = self.meeting.get_or_insert_with(|| Meeting::new(id));
                // The log was checked when it was written; what does not fit is not ours to hide.
                if meeting.apply(&meta, event).is_err() {
                    continue;
                }
            }
            self.event(recorded, event);
        }
    }

    fn event(&mut self, recorded: &Recorded, event: &Event) {
        use HistoryKind::{Attachment, Details, Freeze, Publication, State};
        let own = |item: &ItemId| self.item.is_none_or(|wanted| wanted == *item);
        let whole = self.item.is_none();
        let (kind, words) = match event {
            Event::ChangesRecorded(e) => return self.changes(recorded, e),
            Event::EditRefused(e) => return self.refused(recorded, e.document, e),
            Event::MeetingScheduled(_) if whole => (Details, Words::Scheduled),
            Event::MeetingDetailsChanged(_) if whole => (Details, Words::MeetingDetails),
            Event::ParticipantsChanged(_) if whole => (Details, Words::Participants),
            Event::ItemAdded(e) if own(&e.item) => (Details, Words::Added(e.title.clone())),
            Event::ItemDetailsChanged(e) if own(&e.item) => {
                (Details, Words::Details { title: e.title.clone(), item_type: e.item_type })
            }
            Event::ItemReordered(e) if own(&e.item) => (Details, Words::Moved(e.index + 1)),
            Event::ItemWithdrawn(e) if own(&e.item) => (State, Words::Withdrawn(e.reason.clone())),
            Event::ContributorsChanged(e) if own(&e.item) => (Details, Words::Contributors),
            Event::ItemStateChanged(e) if own(&e.item) => (State, Words::State(e.state)),
            Event::AttachmentAdded(e) if own(&e.item) => (Attachment, Words::AttachmentAdded(e.name.clone())),
            Event::AttachmentRemoved(e) if own(&e.item) => (Attachment, Words::AttachmentRemoved),
            Event::AgendaFrozen(e) if self.on_agenda() => (Freeze, Words::Frozen(e.reason.clone())),
            Event::AgendaThawed(e) if self.on_agenda() => {
                for fork in &e.documents {
                    if let Some(index) = self.bodies.get(&fork.from).cloned() {
                        self.bodies.insert(fork.to, index);
                    }
                }
                (Freeze, Words::Thawed(e.reason.clone()))
            }
            Event::AgendaPublished(e) if self.on_agenda() => (Publication, Words::Published(e.edition)),
            Event::ItemAdded(_)
            | Event::ItemDetailsChanged(_)
            | Event::ItemReordered(_)
            | Event::ItemWithdrawn(_)
            | Event::ContributorsChanged(_)
            | Event::ItemStateChanged(_)
            | Event::AttachmentAdded(_)
            | Event::AttachmentRemoved(_)
            | Event::AgendaFrozen(_)
            | Event::AgendaThawed(_)
            | Event::AgendaPublished(_)
            | Event::ForumFounded(_)
            | Event::MemberAdded(_)
            | Event::MemberRoleChanged(_)
            | Event::MemberRemoved(_)
            | Event::TemplateChanged(_)
            | Event::MeetingScheduled(_)
            | Event::MeetingDetailsChanged(_)
            | Event::ParticipantsChanged(_)
            | Event::ActorBound(_) => return,
        };
        let mut entry = Self::entry(recorded, kind, words);
        entry.item = item_of(event);
        self.entries.push(entry);
    }

    fn on_agenda(&self) -> bool {
        let known = |item| self.meeting.as_ref().is_some_and(|meeting| meeting.item(item).is_some());
        self.item.is_none_or(known)
    }

    fn entry(recorded: &Recorded, kind: HistoryKind, words: Words) -> Entry {
        Entry {
            position: recorded.position,
            first_position: recorded.position,
            at: recorded.commit.at,
            by: recorded.commit.by.clone(),
            kind,
            item: None,
            section: None,
            inserted: 0,
            deleted: 0,
            document: None,
            words,
        }
    }

    /// The document's item and kind; `None` for another item's.
    fn place_of(&self, document: DocumentId) -> Option<(ItemId, DocumentKind)> {
        let known = self.meeting.as_ref()?.documents.get(&document)?;
        self.item.is_none_or(|wanted| wanted == known.item).then_some((known.item, known.kind))
    }

    fn refused(&mut self, recorded: &Recorded, document: DocumentId, event: &crate::event::EditRefused) {
        let Some((item, _)) = self.place_of(document) else { return };
        let mut entry = Self::entry(recorded, HistoryKind::Refused, Words::Refused(event.reason));
        entry.item = Some(item);
        entry.inserted = refused_text(&event.change.0).chars().count();
        entry.document = Some(document);
        self.push_or_join(entry);
    }

    fn changes(&mut self, recorded: &Recorded, event: &crate::event::ChangesRecorded) {
        let Some((item, document_kind)) = self.place_of(event.document) else { return };
        let index = self.bodies.entry(event.document).or_default();
        let change = event.changes.iter().fold(TextChange::default(), |mut all, bytes| {
            all.add(index.read(&bytes.0));
            all
        });
        // The first change of a document only makes its frame.
        if change.inserted + change.deleted == 0 && !change.other {
            return;
        }
        let kind = match document_kind {
            DocumentKind::Case => HistoryKind::Text,
            DocumentKind::Planning => HistoryKind::Planning,
            DocumentKind::Decision => HistoryKind::Decision,
        };
        let headings = self.headings(document_kind, &change.sections);
        let mut entry = Self::entry(recorded, kind, Words::Wrote(headings));
        entry.item = Some(item);
        entry.section = one(&change.sections);
        (entry.inserted, entry.deleted) = (change.inserted, change.deleted);
        entry.document = Some(event.document);
        self.push_or_join(entry);
    }

    fn headings(&self, kind: DocumentKind, keys: &[String]) -> Vec<String> {
        let sections = self.meeting.as_ref().map(|meeting| meeting.sections(kind)).unwrap_or_default();
        let heading = |key: &String| {
            let known = sections.iter().find(|(known, _)| known == key);
            known.map_or_else(|| key.clone(), |(_, heading)| (*heading).to_owned())
        };
        keys.iter().map(heading).collect()
    }

    /// Adds an entry, or lengthens the person's last one if it is the same work going on: others
    /// may have written in between, but nothing else has happened.
    fn push_or_join(&mut self, entry: Entry) {
        let recent = self.entries.iter_mut().rev().take_while(|last| last.document.is_some());
        let same = |(others, last): &(usize, &mut Entry)| {
            let within = if *others == 0 { SAME_ENTRY_MS } else { AT_ONCE_MS };
            last.document == entry.document
                && last.by == entry.by
                && last.kind == entry.kind
                && entry.at.0 - last.at.0 <= within
        };
        match recent.enumerate().find(same).map(|(_, last)| last) {
            Some(last) => {
                last.join(entry);
                // It ended now, so it stands last.
                self.entries.sort_by_key(|entry| entry.position);
            }
            None => self.entries.push(entry),
        }
    }
}

impl Entry {
    fn join(&mut self, later: Self) {
        self.position = later.position;
        self.at = later.at;
        self.inserted += later.inserted;
        self.deleted += later.deleted;
        if self.section != later.section {
            self.section = None;
        }
        if let (Words::Wrote(all), Words::Wrote(more)) = (&mut self.words, later.words) {
            for heading in more {
                if !all.contains(&heading) {
                    all.push(heading);
                }
            }
        }
    }
}

fn item_of(event: &Event) -> Option<ItemId> {
    match event {
        Event::ItemAdded(e) => Some(e.item),
        Event::ItemDetailsChanged(e) => Some(e.item),
        Event::ItemReordered(e) => Some(e.item),
        Event::ItemWithdrawn(e) => Some(e.item),
        Event::ContributorsChanged(e) => Some(e.item),
        Event::ItemStateChanged(e) => Some(e.item),
        Event::AttachmentAdded(e) => Some(e.item),
        Event::AttachmentRemoved(e) => Some(e.item),
        Event::ForumFounded(_)
        | Event::MemberAdded(_)
        | Event::MemberRoleChanged(_)
        | Event::MemberRemoved(_)
        | Event::TemplateChanged(_)
        | Event::MeetingScheduled(_)
        | Event::MeetingDetailsChanged(_)
        | Event::ParticipantsChanged(_)
        | Event::ActorBound(_)
        | Event::ChangesRecorded(_)
        | Event::EditRefused(_)
        | Event::AgendaFrozen(_)
        | Event::AgendaThawed(_)
        | Event::AgendaPublished(_) => None,
    }
}

fn one(keys: &[String]) -> Option<String> {
    match keys {
        [key] => Some(key.clone()),
        _ => None,
    }
}
