//! Who changed what, when: a meeting's commits as readable entries about one item. A pure
//! projection of the log; nothing here is stored.

mod attachment;
mod author;
mod blame;
mod chronicle;
mod comment;
mod diff;
mod difference;
mod edition;
mod elements;
mod grid;
mod milestone;
#[cfg(test)]
mod oracle_tests;
mod outline;
mod past;
mod sentence;
mod text;
mod words;

pub use blame::{BlameRun, BlameText, TextPath, blame};
pub use chronicle::{Chronicle, Moment};
pub use diff::diff;
pub use difference::{BlockKind, Change, DiffBlock, DiffCell, DiffRow, DiffRun, DiffSection};
pub use milestone::Milestone;
pub use outline::{Outline, Particulars};
pub use past::{Authors, Credit, Credits, Past};
pub use text::refused_text;

use crate::{
    event::{DocumentKind, Event, Position, Recorded, Timestamp},
    id::{DocumentId, ItemId, UserId},
    language::Language,
    meeting::{Meeting, Meta},
};
use author::item_of;
use edition::OfEdition;
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
    /// What was suggested, and what became of it.
    Suggestion,
    /// What was said about a text.
    Comment,
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
    /// The text of the item that it is about, if it is about one.
    pub on: Option<DocumentKind>,
    /// The section's key, if it was one only.
    pub section: Option<String>,
    /// Characters.
    pub inserted: usize,
    pub deleted: usize,
    /// The most characters that came with one commit.
    largest: usize,
    /// From a file.
    imported: bool,
    document: Option<DocumentId>,
    words: Words,
}

/// What became of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
enum OnSuggestion {
    Opened,
    /// Words that were refused before.
    HandedOver,
    Accepted,
    Rejected(String),
    /// By its own author.
    TakenBack,
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
    Closed(String),
    Opened,
    Attachment(attachment::Did),
    Frozen(OfEdition, String),
    Thawed(OfEdition, String),
    Published(OfEdition, u32),
    SupplementOpened(String),
    /// The edition that is corrected, and why.
    CorrectionOpened(u32, String),
    Abandoned(OfEdition, String),
    Suggestion(OnSuggestion),
    Comment(comment::Said),
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
    let mut reader = Reader::default();
    commits.into_iter().for_each(|recorded| reader.read(recorded.borrow()));
    joined(&reader.acts, item)
}

/// Reads commits one after the other.
#[derive(Debug, Default)]
struct Reader {
    meeting: Option<Meeting>,
    bodies: BTreeMap<DocumentId, BodyIndex>,
    /// The edition that was being written before the event that is read.
    edition: Option<OfEdition>,
    /// An entry for each thing that was done, not yet joined.
    acts: Vec<Entry>,
}

impl Reader {
    fn read(&mut self, recorded: &Recorded) {
        let commit = &recorded.commit;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        for event in &commit.events {
            self.edition = self.meeting.as_ref().map(OfEdition::now);
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
        use HistoryKind::{Details, Freeze, Publication, State, Suggestion};
        let (kind, words) = match event {
            Event::ChangesRecorded(e) => return self.changes(recorded, e),
            Event::EditRefused(e) => return self.refused(recorded, e.document, e),
            Event::CommentMade(e) => return self.comment(recorded, e.item, comment::made(e), e.comment),
            Event::CommentResolved(e) => {
                return self.comment(recorded, e.item, comment::Said::Resolved, e.comment);
            }
            Event::CommentReopened(e) => {
                return self.comment(recorded, e.item, comment::Said::Reopened, e.comment);
            }
            Event::AttachmentAdded(_)
            | Event::AttachmentRemoved(_)
            | Event::AttachmentReplaced(_)
            | Event::AttachmentRenamed(_)
            | Event::AttachmentReordered(_)
            | Event::AttachmentClosed(_)
            | Event::AttachmentOpened(_) => return self.attachment(recorded, event),
            Event::MeetingScheduled(_) => (Details, Words::Scheduled),
            Event::MeetingDetailsChanged(_) => (Details, Words::MeetingDetails),
            Event::ParticipantsChanged(_) => (Details, Words::Participants),
            Event::ItemAdded(e) => (Details, Words::Added(e.title.clone())),
            Event::ItemDetailsChanged(e) => {
                (Details, Words::Details { title: e.title.clone(), item_type: e.item_type })
            }
            Event::ItemReordered(e) => (Details, Words::Moved(e.index + 1)),
            Event::ItemWithdrawn(e) => (State, Words::Withdrawn(e.reason.clone())),
            Event::ContributorsChanged(_) => (Details, Words::Contributors),
            Event::ItemStateChanged(e) => (State, Words::State(e.state)),
            Event::ItemClosed(e) => (State, Words::Closed(e.reason.clone())),
            Event::ItemOpened(_) => (State, Words::Opened),
            Event::SuggestionOpened(_) | Event::SuggestionAccepted(_) | Event::SuggestionRejected(_) => {
                let Some(words) = self.on_suggestion(recorded, event) else { return };
                (Suggestion, Words::Suggestion(words))
            }
            Event::AgendaFrozen(_)
            | Event::AgendaThawed(_)
            | Event::AgendaPublished(_)
            | Event::SupplementOpened(_)
            | Event::CorrectionOpened(_)
            | Event::EditionAbandoned(_) => {
                let Some(words) = self.on_edition(event) else { return };
                (if matches!(words, Words::Published(..)) { Publication } else { Freeze }, words)
            }
            Event::ForumFounded(_)
            | Event::MemberAdded(_)
            | Event::MemberRoleChanged(_)
            | Event::MemberRemoved(_)
            | Event::TemplateChanged(_)
            | Event::DraftPolicyChanged(_)
            | Event::EditionSealed(_)
            | Event::CheckpointSigned(_)
            | Event::ActorBound(_) => return,
        };
        let mut entry = Self::entry(recorded, kind, words);
        entry.item = item_of(event, self.meeting.as_ref());
        self.acts.push(entry);
    }

    fn on_suggestion(&self, recorded: &Recorded, event: &Event) -> Option<OnSuggestion> {
        let own = |document| self.suggestion(document).is_some_and(|s| s.author == recorded.commit.by);
        match event {
            Event::SuggestionOpened(e) if e.handed_over => Some(OnSuggestion::HandedOver),
            Event::SuggestionOpened(_) => Some(OnSuggestion::Opened),
            Event::SuggestionAccepted(_) => Some(OnSuggestion::Accepted),
            Event::SuggestionRejected(e) if own(e.document) => Some(OnSuggestion::TakenBack),
            Event::SuggestionRejected(e) => Some(OnSuggestion::Rejected(e.reason.clone())),
            _ => None,
        }
    }

    fn suggestion(&self, document: DocumentId) -> Option<&crate::meeting::Suggestion> {
        self.meeting.as_ref()?.suggestions.get(&document)
    }

    fn entry(recorded: &Recorded, kind: HistoryKind, words: Words) -> Entry {
        Entry {
            position: recorded.position,
            first_position: recorded.position,
            at: recorded.commit.at,
            by: recorded.commit.by.clone(),
            kind,
            item: None,
            on: None,
            section: None,
            inserted: 0,
            deleted: 0,
            largest: 0,
            imported: false,
            document: None,
            words,
        }
    }

    /// The document's item and kind.
    fn place_of(&self, document: DocumentId) -> Option<(ItemId, DocumentKind)> {
        self.meeting.as_ref()?.documents.get(&document).map(|known| (known.item, known.kind))
    }

    fn refused(&mut self, recorded: &Recorded, document: DocumentId, event: &crate::event::EditRefused) {
        let Some((item, kind)) = self.place_of(document) else { return };
        let mut entry = Self::entry(recorded, HistoryKind::Refused, Words::Refused(event.reason));
        (entry.item, entry.on) = (Some(item), Some(kind));
        entry.inserted = refused_text(&event.change.0).chars().count();
        entry.document = Some(document);
        self.acts.push(entry);
    }

    fn changes(&mut self, recorded: &Recorded, event: &crate::event::ChangesRecorded) {
        // What stands in a suggestion has not happened to the text.
        let suggested = self.suggestion(event.document).is_some();
        let Some(place) = self.place_of(event.document).filter(|_| !suggested) else { return };
        for (by, bytes) in author::runs(self.meeting.as_ref(), &recorded.commit.by, event) {
            let index = self.bodies.entry(event.document).or_default();
            let change = bytes.iter().fold(TextChange::default(), |mut all, bytes| {
                all.add(index.read(&bytes.0));
                all
            });
            // The first change of a document only makes its frame.
            if change.inserted + change.deleted > 0 || change.other {
                self.wrote(recorded, event, place, by, &change);
            }
        }
    }

    fn wrote(
        &mut self,
        recorded: &Recorded,
        event: &crate::event::ChangesRecorded,
        (item, document_kind): (ItemId, DocumentKind),
        by: UserId,
        change: &TextChange,
    ) {
        let kind = match document_kind {
            DocumentKind::Case => HistoryKind::Text,
            DocumentKind::Planning => HistoryKind::Planning,
            DocumentKind::Decision => HistoryKind::Decision,
        };
        let headings = self.headings(document_kind, &change.sections);
        let mut entry = Self::entry(recorded, kind, Words::Wrote(headings));
        (entry.item, entry.on) = (Some(item), Some(document_kind));
        entry.section = one(&change.sections);
        (entry.inserted, entry.deleted) = (change.inserted, change.deleted);
        (entry.largest, entry.imported) = (change.inserted, event.source.is_some());
        entry.document = Some(event.document);
        entry.by = by;
        self.acts.push(entry);
    }

    fn headings(&self, kind: DocumentKind, keys: &[String]) -> Vec<String> {
        let sections = self.meeting.as_ref().map(|meeting| meeting.sections(kind)).unwrap_or_default();
        let heading = |key: &String| {
            let known = sections.iter().find(|(known, _)| known == key);
            known.map_or_else(|| key.clone(), |(_, heading)| (*heading).to_owned())
        };
        keys.iter().map(heading).collect()
    }
}

/// The entries about one item, or all, with edits in a row joined.
fn joined(acts: &[Entry], item: Option<ItemId>) -> Vec<Entry> {
    join(of_item(acts, item))
}

fn join<'a>(acts: impl Iterator<Item = &'a Entry>) -> Vec<Entry> {
    let mut entries = Vec::new();
    acts.for_each(|act| push_or_join(&mut entries, act.clone()));
    entries
}

/// What was done to one item, and to the whole agenda while the item was on it; or all.
fn of_item(acts: &[Entry], item: Option<ItemId>) -> impl Iterator<Item = &Entry> {
    let mut on_agenda = false;
    acts.iter().filter(move |act| {
        if item.is_some() && act.item == item {
            match act.words {
                Words::Added(_) => on_agenda = true,
                Words::Withdrawn(_) => on_agenda = false,
                _ => {}
            }
        }
        let of_agenda = matches!(act.kind, HistoryKind::Freeze | HistoryKind::Publication);
        item.is_none() || act.item == item || (of_agenda && on_agenda)
    })
}

/// Adds an entry, or lengthens the person's last one if it is the same work going on: others
/// may have written in between, but nothing else has happened.
fn push_or_join(entries: &mut Vec<Entry>, entry: Entry) {
    let recent = entries.iter_mut().rev().take_while(|last| last.document.is_some());
    let same = |(others, last): &(usize, &mut Entry)| {
        let within = if *others == 0 { SAME_ENTRY_MS } else { AT_ONCE_MS };
        entry.document.is_some()
            && last.document == entry.document
            && last.by == entry.by
            && last.kind == entry.kind
            && entry.at.0 - last.at.0 <= within
    };
    match recent.enumerate().find(same).map(|(_, last)| last) {
        Some(last) => {
            last.join(entry);
            // It ended now, so it stands last.
            entries.sort_by_key(|entry| entry.position);
        }
        None => entries.push(entry),
    }
}

impl Entry {
    fn join(&mut self, later: Self) {
        self.position = later.position;
        self.at = later.at;
        self.inserted += later.inserted;
        self.deleted += later.deleted;
        self.largest = self.largest.max(later.largest);
        self.imported |= later.imported;
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

fn one(keys: &[String]) -> Option<String> {
    match keys {
        [key] => Some(key.clone()),
        _ => None,
    }
}
