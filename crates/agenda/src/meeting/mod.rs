//! A meeting: its agenda, the items on it, who may write where, what was said about them, and
//! what was frozen and published. `decide` turns a command into events, `apply` turns an event into state.

mod access;
mod apply;
mod attachments;
mod brought;
mod closed;
mod command;
mod comments;
mod decide;
mod editions;
mod erasure;
mod facts;
mod hold;
mod journal_number;
mod named;
mod phase;
mod suggestions;
mod texts;

pub use access::{Access, Mode};
pub use apply::Meta;
pub use attachments::{Attachment, Version};
pub use brought::{Arrived, Brought, BroughtText};
pub use closed::Closed;
pub use command::MeetingCommand;
pub use comments::{Comment, Resolution};
pub use decide::{Supplies, schedule};
pub use editions::{Correction, Corrects, PublishedEdition, Scope, Work};
pub use erasure::Erasure;
pub use hold::Hold;
pub use journal_number::is_valid_journal_number;
pub use suggestions::{Owner, Suggested, Suggestion, SuggestionState};
pub use texts::{DocumentText, Texts};

use crate::{
    event::{
        DocumentKind, EditionKind, ItemDocuments, ItemState, ItemType, MovedTo, Participant, RefusalReason,
        Source, TemplateSection, Timestamp,
    },
    id::{DocumentId, ForumId, Hash, ItemId, MeetingId, UserId},
};
use jiff::civil::{Date, Time};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub id: MeetingId,
    /// Nothing before it was scheduled.
    pub details: Option<Details>,
    pub participants: Vec<Participant>,
    /// In agenda order; the number of an item is its place here.
    pub items: Vec<Item>,
    pub withdrawn: Vec<Withdrawn>,
    pub documents: BTreeMap<DocumentId, Document>,
    /// By their document; settled ones stay.
    pub suggestions: BTreeMap<DocumentId, Suggestion>,
    /// Whose an actor id is, per document, for ever.
    pub actors: BTreeMap<(DocumentId, Vec<u8>), UserId>,
    /// Changes that were refused and kept. They stay refused: their author was told so.
    pub refused: BTreeMap<(DocumentId, Hash), RefusalReason>,
    pub phase: Phase,
    /// The edition that would be published next.
    pub work: Work,
    /// Counted from 1; a thaw, a supplement, a correction and the first freeze of the minutes begin the next.
    pub round: u32,
    pub freezes: Vec<Freeze>,
    pub thaws: Vec<Thaw>,
    /// In the order of their numbers.
    pub publications: Vec<PublishedEdition>,
    /// The participants as the agenda named them; the minutes may name others.
    pub invited: Option<Vec<Participant>>,
    /// Commits applied so far.
    pub sequence: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub forum: ForumId,
    pub forum_name: String,
    pub template: Vec<TemplateSection>,
    pub date: Date,
    pub time: Time,
    pub place: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub title: String,
    pub journal_number: Option<String>,
    pub minutes: Option<u16>,
    pub item_type: Option<ItemType>,
    pub documents: ItemDocuments,
    pub state: ItemState,
    /// Lukket punkt: its content is for members alone.
    pub closed: Option<Closed>,
    /// The first of them is responsible.
    pub contributors: Vec<UserId>,
    /// In their order; the number of an attachment is its place here.
    pub attachments: Vec<Attachment>,
    /// Taken off the agenda again.
    pub removed_attachments: Vec<Attachment>,
    /// In the order in which they were made; none ever goes.
    pub comments: Vec<Comment>,
    /// The supplement that it was added in, counted from 1; none for an item of the agenda.
    pub supplement: Option<u32>,
    /// Its words are gone.
    pub erased: Option<Erasure>,
    /// Its words may not be erased for now.
    pub held: Option<Hold>,
    pub source: Option<Source>,
    /// The item of another meeting that it was copied or moved from.
    pub arrived: Option<Arrived>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    pub item: Item,
    pub at: Timestamp,
    pub reason: String,
    /// Where it went, if it was moved.
    pub moved_to: Option<MovedTo>,
}

/// One document of an item, in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub item: ItemId,
    pub kind: DocumentKind,
    /// The frozen document that it was forked from.
    pub forked_from: Option<DocumentId>,
    pub state: DocumentState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentState {
    Open,
    /// Fixed at these heads, for ever.
    Frozen {
        heads: Vec<Hash>,
    },
    /// Fixed, and the text goes on in another document.
    Superseded {
        heads: Vec<Hash>,
        by: DocumentId,
    },
    /// Its words are gone; nobody reads it or writes in it.
    Erased,
    /// The correction that it was written for was given up; the text is what it was in another document.
    GivenUp {
        back: DocumentId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// An agenda, a supplement or a correction is being written.
    Open,
    Frozen,
    /// Nothing is open but the decisions, until the minutes are frozen.
    Published,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    pub kind: EditionKind,
    pub round: u32,
    /// What it fixed.
    pub documents: BTreeSet<DocumentId>,
    pub at: Timestamp,
    pub by: UserId,
    pub reason: String,
    pub content_hash: Hash,
    pub sequence: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thaw {
    /// The round that it began.
    pub round: u32,
    pub at: Timestamp,
    pub by: UserId,
    pub reason: String,
    pub sequence: u64,
}

impl Meeting {
    pub fn new(id: MeetingId) -> Self {
        Self {
            id,
            details: None,
            participants: Vec::new(),
            items: Vec::new(),
            withdrawn: Vec::new(),
            documents: BTreeMap::new(),
            suggestions: BTreeMap::new(),
            actors: BTreeMap::new(),
            refused: BTreeMap::new(),
            phase: Phase::Open,
            work: Work::agenda(),
            round: 1,
            freezes: Vec::new(),
            thaws: Vec::new(),
            publications: Vec::new(),
            invited: None,
            sequence: 0,
        }
    }

    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The freeze of the present round, if it is frozen.
    pub fn current_freeze(&self) -> Option<&Freeze> {
        self.freezes.iter().find(|freeze| freeze.round == self.round)
    }

    /// The freeze that fixed the document; after a thaw the text goes on as another document.
    pub fn freeze_of(&self, document: DocumentId) -> Option<&Freeze> {
        self.freezes.iter().find(|freeze| freeze.documents.contains(&document))
    }

    /// The keys of the sections that documents of a kind have, with their headings.
    pub fn sections(&self, kind: DocumentKind) -> Vec<(&str, &str)> {
        match kind {
            DocumentKind::Case => self
                .details
                .iter()
                .flat_map(|details| &details.template)
                .map(|section| (section.key.as_str(), section.heading.as_str()))
                .collect(),
            DocumentKind::Planning => crate::document::PLANNING_SECTIONS.to_vec(),
            DocumentKind::Decision => crate::document::DECISION_SECTIONS.to_vec(),
        }
    }
}

impl ItemDocuments {
    pub fn of(&self, kind: DocumentKind) -> DocumentId {
        match kind {
            DocumentKind::Case => self.case,
            DocumentKind::Planning => self.planning,
            DocumentKind::Decision => self.decision,
        }
    }
    pub(crate) fn set(&mut self, kind: DocumentKind, document: DocumentId) {
        match kind {
            DocumentKind::Case => self.case = document,
            DocumentKind::Planning => self.planning = document,
            DocumentKind::Decision => self.decision = document,
        }
    }
    pub fn all(&self) -> [(DocumentKind, DocumentId); 3] {
        [
            (DocumentKind::Case, self.case),
            (DocumentKind::Planning, self.planning),
            (DocumentKind::Decision, self.decision),
        ]
    }
}
