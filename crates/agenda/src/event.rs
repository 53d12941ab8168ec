//! What happened. Events are facts in the past tense; a [`Commit`] is 1..n of them in one
//! stream, by one person, at one time. They are never rewritten: a new shape gets a new
//! version, and [`Event::decode`] raises old shapes when they are read.
//!
//! To add an event: a struct, a line in `events!`, and then the compiler names every `match`
//! that has to know it. There is no wildcard arm over `Event` anywhere.

mod attachment;
mod comment;
mod edition;
mod hold;
mod item;
mod origin;
mod policy;
mod refused;
mod seal;
mod suggestion;
pub mod words;

pub use attachment::{
    AttachedFile, AttachmentAdded, AttachmentClosed, AttachmentOpened, AttachmentRemoved, AttachmentRenamed,
    AttachmentReordered, AttachmentReplaced, FileKind, SealedFile,
};
pub use comment::{CommentAnchor, CommentMade, CommentReopened, CommentResolved};
pub use edition::{CorrectionOpened, EditionAbandoned, EditionKind, SupplementOpened};
pub use hold::{ItemHeld, ItemReleased};
pub use item::{
    ContributorsChanged, ItemAdded, ItemClosed, ItemDetailsChanged, ItemErased, ItemOpened, ItemReordered,
    ItemStateChanged, ItemWithdrawn,
};
pub use origin::{CopiedCredit, CopiedRun, ItemOrigin, MovedTo, TextCopied, WrittenIn};
pub use policy::{DraftPolicyChanged, RetentionPlanChanged};
pub use refused::{CommandKind, CommandRefused};
pub use seal::{CheckpointSigned, EditionSealed};
pub use suggestion::{SuggestionAccepted, SuggestionOpened, SuggestionRejected};

use crate::{
    id::{Bytes, CommandId, DocumentId, ForumId, Hash, ItemId, SessionId, StreamId, UserId},
    language::Language,
};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Milliseconds since 1970 UTC, by the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Timestamp(pub i64);

/// A place in the whole log, counted from 1 without gaps. Zero means "before the first".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Position(pub u64);

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The unit of the log: what one command did to one stream, all of it or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    pub stream: StreamId,
    /// Counted from 1 in the stream, without gaps.
    pub sequence: u64,
    pub at: Timestamp,
    /// Who did it, as the server authenticated them.
    pub by: UserId,
    pub session: SessionId,
    /// The same command twice is carried out once.
    pub command: CommandId,
    /// Never empty.
    pub events: Vec<Event>,
}

/// A commit at its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub position: Position,
    pub commit: Commit,
}

/// Why stored bytes are not an event that this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEvent {
    #[error("no event of kind {kind:?} version {version} is known: the log was written by a newer version")]
    Unknown { kind: String, version: u8 },
    #[error("the stored {kind} cannot be read: {reason}")]
    Malformed { kind: String, reason: String },
}

macro_rules! events {
    ($($name:ident = $version:literal),+ $(,)?) => {
        /// Everything that can happen to a forum or a meeting.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Event { $($name($name)),+ }

        impl Event {
            /// The stored name of the event, and the version of its shape.
            pub fn kind(&self) -> (&'static str, u8) {
                match self { $(Self::$name(_) => (stringify!($name), $version)),+ }
            }
            /// All kinds with their current version, in the order of their definition.
            pub const KINDS: &[(&str, u8)] = &[$((stringify!($name), $version)),+];

            /// The event's fields as CBOR with field names (so that a field can be added).
            pub fn encode(&self) -> Result<Vec<u8>, BadEvent> {
                match self { $(Self::$name(body) => encode(stringify!($name), body)),+ }
            }
            /// The inverse of [`Event::encode`]; raises older versions.
            pub fn decode(kind: &str, version: u8, body: &[u8]) -> Result<Self, BadEvent> {
                match (kind, version) {
                    $((stringify!($name), $version) => decode(kind, body).map(Self::$name),)+
                    _ => Err(BadEvent::Unknown { kind: kind.to_owned(), version }),
                }
            }
        }
        $(impl From<$name> for Event {
            fn from(body: $name) -> Self { Self::$name(body) }
        })+
    };
}

fn encode<T: Serialize>(kind: &str, body: &T) -> Result<Vec<u8>, BadEvent> {
    minicbor_serde::to_vec(body)
        .map_err(|e| BadEvent::Malformed { kind: kind.to_owned(), reason: e.to_string() })
}

fn decode<T: DeserializeOwned>(kind: &str, body: &[u8]) -> Result<T, BadEvent> {
    minicbor_serde::from_slice(body)
        .map_err(|e| BadEvent::Malformed { kind: kind.to_owned(), reason: e.to_string() })
}

events! {
    ForumFounded = 1,
    MemberAdded = 1,
    MemberRoleChanged = 1,
    MemberRemoved = 1,
    TemplateChanged = 1,
    DraftPolicyChanged = 1,
    RetentionPlanChanged = 1,
    MeetingScheduled = 1,
    MeetingDetailsChanged = 1,
    ParticipantsChanged = 1,
    ItemAdded = 1,
    ItemDetailsChanged = 1,
    ItemReordered = 1,
    ItemWithdrawn = 1,
    ItemErased = 1,
    ItemHeld = 1,
    ItemReleased = 1,
    ContributorsChanged = 1,
    ItemStateChanged = 1,
    ItemClosed = 1,
    ItemOpened = 1,
    AttachmentAdded = 1,
    AttachmentRemoved = 1,
    AttachmentReplaced = 1,
    AttachmentRenamed = 1,
    AttachmentReordered = 1,
    AttachmentClosed = 1,
    AttachmentOpened = 1,
    ActorBound = 1,
    ChangesRecorded = 1,
    EditRefused = 1,
    SuggestionOpened = 1,
    SuggestionAccepted = 1,
    SuggestionRejected = 1,
    AgendaFrozen = 1,
    AgendaThawed = 1,
    AgendaPublished = 1,
    SupplementOpened = 1,
    CorrectionOpened = 1,
    EditionAbandoned = 1,
    EditionSealed = 1,
    CheckpointSigned = 1,
    CommentMade = 1,
    CommentResolved = 1,
    CommentReopened = 1,
    CommandRefused = 1,
    TextCopied = 1,
}

// ---- parts that several events share ----

/// What a member may do; a person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Role {
    /// Plans, freezes, thaws, publishes, writes decisions, keeps the member list.
    Secretariat,
    /// Direktør: writes, reviews, recommends.
    Director,
    /// Afdelingschef: writes, reviews, recommends.
    HeadOfDepartment,
    /// Dagsordenssamler: gathers a department's items.
    Coordinator,
    /// Sagsproducent: writes the case text for a department.
    Author,
    /// Kommentator: suggests and comments, never writes the case.
    Reviewer,
    /// Sees everything, changes nothing.
    Reader,
}

impl Role {
    /// The word for it, as it stands in a sentence.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Secretariat => language.pick("sekretariat", "secretariat"),
            Self::Director => language.pick("direktør", "director"),
            Self::HeadOfDepartment => language.pick("afdelingschef", "head of department"),
            Self::Coordinator => language.pick("dagsordenssamler", "coordinator"),
            Self::Author => language.pick("sagsproducent", "author"),
            Self::Reviewer => language.pick("kommentator", "reviewer"),
            Self::Reader => language.pick("læser", "reader"),
        }
    }
}

/// A section that every item of the forum has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TemplateSection {
    /// Key in the item document: lower-case ASCII letters and digits.
    pub key: String,
    pub heading: String,
    /// Shown beside the text, never in it.
    pub guidance: String,
}

/// Someone at the meeting: the name and the roles as they are printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Participant {
    pub name: String,
    pub roles: Vec<String>,
}

/// Where an imported text stood in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Source {
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

/// The three texts of an item, each a document of its own with permissions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ItemDocuments {
    /// The text that is published.
    pub case: DocumentId,
    /// Purpose, audience and the rest of the planning form; never published.
    pub planning: DocumentId,
    /// Written by the secretariat at or after the meeting.
    pub decision: DocumentId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum DocumentKind {
    Case,
    Planning,
    Decision,
}

/// What the forum is asked to do with an item. Old items have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ItemType {
    /// Beslutning: the forum decides.
    Decision,
    /// Orientering: the forum is told.
    Orientation,
    /// Drøftelse: the forum talks it over.
    Discussion,
}

impl ItemType {
    /// The word for it, as it stands in a sentence.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Decision => language.pick("beslutning", "decision"),
            Self::Orientation => language.pick("orientering", "orientation"),
            Self::Discussion => language.pick("drøftelse", "discussion"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ItemState {
    Draft,
    /// Klar: its authors are done.
    Ready,
}

/// Why an edit was not taken in. It is kept, and shown to its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum RefusalReason {
    /// The agenda was frozen before the edit reached the log.
    Frozen,
    /// The author may read the document but not write in it.
    Forbidden,
    /// It builds on an edit that was refused.
    BuildsOnRefused,
    /// It would break the document's shape.
    Invalid,
    /// The suggestion that it was written in has been accepted or rejected.
    Settled,
}

/// One document as a freeze fixed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenDocument {
    pub item: ItemId,
    pub kind: DocumentKind,
    pub document: DocumentId,
    /// Automerge heads, ascending.
    pub heads: Vec<Hash>,
    /// SHA-256 of the document's canonical content.
    pub content_hash: Hash,
}

/// A document of a new round, forked from the frozen one at its heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    pub from: DocumentId,
    pub to: DocumentId,
}

// ---- forum ----

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForumFounded {
    pub name: String,
    pub template: Vec<TemplateSection>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAdded {
    pub user: UserId,
    pub name: String,
    /// As printed: "Afdelingschef for Plan & Byg".
    pub title: String,
    pub roles: Vec<Role>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRoleChanged {
    pub user: UserId,
    pub title: String,
    pub roles: Vec<Role>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRemoved {
    pub user: UserId,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChanged {
    pub template: Vec<TemplateSection>,
}

// ---- meeting ----

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingScheduled {
    pub forum: ForumId,
    /// The forum's name and template as they were, so that a meeting's stream stands alone.
    pub forum_name: String,
    pub template: Vec<TemplateSection>,
    pub date: Date,
    pub time: Time,
    pub place: String,
    /// The file and line it was imported from.
    pub source: Option<Source>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingDetailsChanged {
    pub date: Date,
    pub time: Time,
    pub place: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantsChanged {
    pub participants: Vec<Participant>,
}
// ---- texts ----

/// From here on the actor writes for this user in this document, and for nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorBound {
    pub document: DocumentId,
    pub actor: Bytes,
    pub user: UserId,
}
/// Automerge changes as the client sent them (type-1 chunks), in causal order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesRecorded {
    pub document: DocumentId,
    pub changes: Vec<Bytes>,
    pub source: Option<Source>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRefused {
    pub document: DocumentId,
    pub hash: Hash,
    pub reason: RefusalReason,
    pub change: Bytes,
}

// ---- freeze and publication ----

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaFrozen {
    /// Counted from 1.
    pub round: u32,
    pub documents: Vec<FrozenDocument>,
    /// SHA-256 of the canonical JSON of the agenda as it would be published.
    pub content_hash: Hash,
    pub reason: String,
    /// Left out for an agenda, which is stored as before there were kinds.
    #[serde(default, skip_serializing_if = "EditionKind::is_agenda")]
    pub kind: EditionKind,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaThawed {
    /// The round that begins.
    pub round: u32,
    pub reason: String,
    pub documents: Vec<Fork>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaPublished {
    /// Counted from 1 in the meeting.
    pub edition: u32,
    pub round: u32,
    pub content_hash: Hash,
    /// Left out for an agenda.
    #[serde(default, skip_serializing_if = "EditionKind::is_agenda")]
    pub kind: EditionKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_survives_its_encoding() {
        let event = Event::from(MeetingScheduled {
            forum: ForumId::from_bytes([7; 16]),
            forum_name: "Chefforum".into(),
            template: vec![],
            date: jiff::civil::date(2026, 6, 17),
            time: jiff::civil::time(9, 0, 0, 0),
            place: "Mødelokale Æ".into(),
            source: None,
        });
        let (kind, version) = event.kind();
        assert_eq!(Event::decode(kind, version, &event.encode().unwrap()), Ok(event.clone()));
        assert!(matches!(Event::decode(kind, 9, &[]), Err(BadEvent::Unknown { .. })));
        assert!(matches!(Event::decode(kind, version, &[0xff]), Err(BadEvent::Malformed { .. })));
        let json = serde_json::to_string(&event).unwrap();
        assert!(json.contains(r#""type":"MeetingScheduled""#), "{json}");
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }

    #[test]
    fn an_item_without_a_type_is_stored_as_before_there_were_types() {
        let changed = |item_type| {
            let title = "Budget".to_owned();
            let item = ItemId::from_bytes([7; 16]);
            Event::from(ItemDetailsChanged { item, title, journal_number: None, minutes: None, item_type })
        };
        let without = changed(None).encode().unwrap();
        assert!(!String::from_utf8_lossy(&without).contains("item_type"));
        assert_eq!(Event::decode("ItemDetailsChanged", 1, &without), Ok(changed(None)));
        let with = changed(Some(ItemType::Discussion));
        assert_eq!(Event::decode("ItemDetailsChanged", 1, &with.encode().unwrap()), Ok(with));
    }
}
