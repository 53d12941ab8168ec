//! Who changed what, when: a meeting's commits as readable entries about one item. A pure
//! projection of the log; nothing here is stored.

mod attachment;
mod author;
mod authored;
mod blame;
mod bringing;
mod chronicle;
mod comment;
mod contribution;
mod diff;
mod difference;
mod edition;
mod elements;
mod forum;
mod grid;
mod joining;
mod milestone;
#[cfg(test)]
mod oracle_tests;
mod outline;
mod past;
mod refused;
mod sentence;
mod signed;
mod text;
mod trail;
mod words;

pub(crate) use author::hash_of;
pub(crate) use authored::numbers;
pub use authored::{AuthoredSection, Sign};
pub use blame::{BlameRun, BlameText, TextPath, blame};
pub use bringing::{brought, carriers};
pub use chronicle::{Chronicle, Moment};
pub use contribution::{Contribution, Feedback, Waiting, contributions};
pub use diff::diff;
pub use difference::{BlockKind, Change, DiffBlock, DiffCell, DiffRow, DiffRun, DiffSection};
pub use forum::ForumChronicle;
pub use milestone::Milestone;
pub use outline::{Outline, Particulars};
pub use past::{Authors, Credit, Credits, Past, Written};
pub use signed::signer;
pub use text::refused_text;
pub use trail::{Line, OnAgenda, Teller, Wanted};

use crate::{
    event::{DocumentKind, Event, Position, Recorded, TextCopied, Timestamp},
    id::{DocumentId, Hash, ItemId, MeetingId, StreamId, UserId},
    language::Language,
    meeting::{Meeting, Meta},
};
use author::item_of;
use edition::OfEdition;
use joining::{join, joined, joining, of_item};
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, collections::BTreeMap};
use text::{BodyIndex, TextChange};

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
    /// Who is a member, and what they may do.
    Members,
    /// The sections that agendas begin with.
    Template,
    /// The service signed the files of an edition.
    Seal,
    /// The service signed how far the log had come.
    Checkpoint,
}

/// One thing that somebody did, or several edits in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it ended, and where it began.
    pub position: Position,
    pub first_position: Position,
    /// Of the last commit, in its stream.
    pub sequence: u64,
    pub stream: StreamId,
    /// The meeting that it is about, if it is about one.
    pub meeting: Option<MeetingId>,
    /// The stored name of the last event.
    pub event: &'static str,
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
    /// Part of the audit trail, and not of the item's life.
    trail_only: bool,
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
    Scheduled(jiff::civil::Date),
    MeetingDetails,
    Participants,
    /// Headings of the sections written in.
    Wrote(Vec<String>),
    /// In a suggestion.
    Suggested,
    /// Nothing that shows in a text.
    Unseen,
    Refused {
        reason: crate::event::RefusalReason,
        erased: bool,
    },
    CommandRefused(refused::Tried),
    Forum(forum::Did),
    Added(String),
    /// From another meeting.
    Brought {
        title: String,
        origin: crate::event::ItemOrigin,
        because: String,
    },
    Details {
        title: String,
        item_type: Option<crate::event::ItemType>,
    },
    Moved(u32),
    Withdrawn(String),
    MovedAway(crate::event::MovedTo, String),
    Erased(String),
    Held(String),
    Released,
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
    Signed(signed::Signed),
}

impl Entry {
    /// Whether it brought text from a file, which others had written.
    pub fn is_imported(&self) -> bool {
        self.imported
    }

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
    joined(reader.life(), item)
}

/// Reads commits one after the other.
#[derive(Debug, Default)]
struct Reader {
    meeting: Option<Meeting>,
    bodies: BTreeMap<DocumentId, BodyIndex>,
    /// The edition that was being written before the event that is read.
    edition: Option<OfEdition>,
    /// Who had written what was brought from other meetings, by the change that brought it.
    copied: BTreeMap<Hash, TextCopied>,
    /// An entry for each thing that was done, not yet joined.
    acts: Vec<Entry>,
}

impl Reader {
    fn read(&mut self, recorded: &Recorded) {
        let commit = &recorded.commit;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        let before = self.acts.len();
        for event in &commit.events {
            let earlier = self.acts.len();
            self.edition = self.meeting.as_ref().map(OfEdition::now);
            if let StreamId::Meeting(id) = commit.stream {
                let meeting = self.meeting.get_or_insert_with(|| Meeting::new(id));
                // The log was checked when it was written; what does not fit is not ours to hide.
                if meeting.apply(&meta, event).is_err() {
                    continue;
                }
            }
            self.event(recorded, event);
            let told = self.acts.iter_mut().skip(earlier);
            told.for_each(|act| act.event = event.kind().0);
        }
        if self.acts.len() == before {
            self.unseen(recorded);
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
            Event::CommandRefused(e) => return self.command_refused(recorded, e),
            Event::MeetingScheduled(e) => (Details, Words::Scheduled(e.date)),
            Event::MeetingDetailsChanged(_) => (Details, Words::MeetingDetails),
            Event::ParticipantsChanged(_) => (Details, Words::Participants),
            Event::TextCopied(e) => return drop(self.copied.insert(e.change, e.clone())),
            Event::ItemAdded(e) => (Details, bringing::added(e)),
            Event::ItemDetailsChanged(e) => {
                (Details, Words::Details { title: e.title.clone(), item_type: e.item_type })
            }
            Event::ItemReordered(e) => (Details, Words::Moved(e.index + 1)),
            Event::ItemWithdrawn(e) => (State, bringing::withdrawn(e)),
            Event::ItemErased(e) => (State, Words::Erased(e.reason.clone())),
            Event::ItemHeld(e) => (State, Words::Held(e.reason.clone())),
            Event::ItemReleased(_) => (State, Words::Released),
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
            | Event::RetentionPlanChanged(_)
            | Event::EditionSealed(_)
            | Event::CheckpointSigned(_)
            | Event::ActorBound(_) => return,
        };
        let mut entry = Self::entry(recorded, kind, words);
        entry.item = item_of(event, self.meeting.as_ref());
        entry.trail_only = matches!(entry.words, Words::Held(_) | Words::Released);
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
            sequence: recorded.commit.sequence,
            stream: recorded.commit.stream,
            meeting: match recorded.commit.stream {
                StreamId::Meeting(id) => Some(id),
                StreamId::Forum(_) | StreamId::Seals => None,
            },
            event: "",
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
            trail_only: false,
            words,
        }
    }

    /// The document's item and kind.
    fn place_of(&self, document: DocumentId) -> Option<(ItemId, DocumentKind)> {
        self.meeting.as_ref()?.documents.get(&document).map(|known| (known.item, known.kind))
    }

    fn refused(&mut self, recorded: &Recorded, document: DocumentId, event: &crate::event::EditRefused) {
        let Some((item, kind)) = self.place_of(document) else { return };
        let erased = event.change.0.is_empty();
        let mut entry =
            Self::entry(recorded, HistoryKind::Refused, Words::Refused { reason: event.reason, erased });
        (entry.item, entry.on) = (Some(item), Some(kind));
        entry.inserted = refused_text(&event.change.0).chars().count();
        entry.document = Some(document);
        self.acts.push(entry);
    }

    fn changes(&mut self, recorded: &Recorded, event: &crate::event::ChangesRecorded) {
        if self.suggestion(event.document).is_some() {
            return self.suggested(recorded, event);
        }
        let Some(place) = self.place_of(event.document) else { return };
        for (by, bytes) in author::runs(self.meeting.as_ref(), &recorded.commit.by, event) {
            let index = self.bodies.entry(event.document).or_default();
            let change = bytes.iter().fold(TextChange::default(), |mut all, bytes| {
                all.add(index.read(&bytes.0));
                all
            });
            // What was brought is told by the item's coming, and who wrote it by the text.
            let was_brought = bytes.iter().any(|bytes| self.was_brought(&bytes.0));
            // The first change of a document only makes its frame.
            if !was_brought && (change.inserted + change.deleted > 0 || change.other) {
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

fn one(keys: &[String]) -> Option<String> {
    match keys {
        [key] => Some(key.clone()),
        _ => None,
    }
}
