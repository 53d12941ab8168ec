//! What a person may ask of a meeting.

use super::Brought;
use crate::{
    content::Block,
    event::{AttachedFile, CommentAnchor, DocumentKind, ItemState, ItemType, MovedTo, Participant, Source},
    id::{AttachmentId, CommentId, DocumentId, Hash, ItemId, UserId},
    publication::clock_time,
    rejection::Rejection,
};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum MeetingCommand {
    ChangeDetails {
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        date: Date,
        #[cfg_attr(feature = "schema", schema(value_type = String))]
        #[serde(with = "clock_time")]
        time: Time,
        place: String,
    },
    ChangeParticipants {
        participants: Vec<Participant>,
    },
    AddItem {
        title: String,
        journal_number: Option<String>,
        minutes: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item_type: Option<ItemType>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
    },
    ChangeItem {
        item: ItemId,
        title: String,
        journal_number: Option<String>,
        minutes: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item_type: Option<ItemType>,
    },
    MoveItem {
        item: ItemId,
        index: u32,
    },
    WithdrawItem {
        item: ItemId,
        reason: String,
    },
    /// An item of another meeting, or why it cannot be brought; from the shell alone, which reads it there.
    #[serde(skip)]
    BringItem {
        brought: Result<Box<Brought>, Rejection>,
    },
    /// The item is in the other meeting now; or why it cannot be. Also from the shell alone.
    #[serde(skip)]
    MoveItemAway {
        item: ItemId,
        to: Result<MovedTo, Rejection>,
        reason: String,
        /// The commit after which it was read: whoever has written since is not left behind.
        sequence: u64,
    },
    /// Destroys the keys of all words of an item, for good.
    EraseItem {
        item: ItemId,
        reason: String,
        /// Because the forum's retention plan says so: then it is refused for an item that is not due.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        planned: bool,
    },
    /// Keeps the words of an item from being erased.
    HoldItem {
        item: ItemId,
        reason: String,
    },
    ReleaseItem {
        item: ItemId,
    },
    /// Keeps an item out of the published agenda, which then only says that it is there.
    CloseItem {
        item: ItemId,
        reason: String,
    },
    OpenItem {
        item: ItemId,
    },
    SetItemState {
        item: ItemId,
        state: ItemState,
    },
    SetContributors {
        item: ItemId,
        /// The first of them is responsible.
        contributors: Vec<UserId>,
    },
    /// An attachment that is known by its title alone; its file may come later.
    AddAttachment {
        item: ItemId,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
    },
    /// A file that was looked through and is stored; so it comes from the shell alone.
    #[serde(skip)]
    AttachFile {
        item: ItemId,
        /// The title.
        name: String,
        file: AttachedFile,
    },
    /// A new version of an attachment's file; also from the shell alone.
    #[serde(skip)]
    ReplaceFile {
        item: ItemId,
        attachment: AttachmentId,
        file: AttachedFile,
    },
    RenameAttachment {
        item: ItemId,
        attachment: AttachmentId,
        name: String,
    },
    MoveAttachment {
        item: ItemId,
        attachment: AttachmentId,
        /// Counted from 0.
        index: u32,
    },
    /// Keeps an attachment out of the published agenda, which then only says that it is there.
    CloseAttachment {
        item: ItemId,
        attachment: AttachmentId,
        reason: String,
    },
    OpenAttachment {
        item: ItemId,
        attachment: AttachmentId,
    },
    RemoveAttachment {
        item: ItemId,
        attachment: AttachmentId,
    },
    /// Appends text to a section as one change, for import and demonstration data.
    WriteSection {
        item: ItemId,
        document: DocumentKind,
        section: String,
        blocks: Vec<Block>,
        nothing: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
    },
    /// Begins a suggestion to the item's case, by the person who asks.
    OpenSuggestion {
        item: ItemId,
    },
    /// Takes a suggestion in, as it was when the person saw it.
    AcceptSuggestion {
        suggestion: DocumentId,
        /// The heads of the suggestion's document that the person saw.
        heads: Vec<Hash>,
    },
    /// Turns a suggestion down; its author takes it back, and need not say why.
    RejectSuggestion {
        suggestion: DocumentId,
        reason: String,
    },
    /// Makes a suggestion of the person's words that the document refused.
    SuggestRefused {
        document: DocumentId,
    },
    /// Says something about the text, or answers what was said. An answer to a resolved thread
    /// opens it again, so that it is seen.
    Comment {
        item: ItemId,
        document: DocumentKind,
        /// The comment that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<CommentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        anchor: Option<CommentAnchor>,
        text: String,
        #[serde(default)]
        mentions: Vec<UserId>,
    },
    ResolveComment {
        item: ItemId,
        comment: CommentId,
    },
    ReopenComment {
        item: ItemId,
        comment: CommentId,
    },
    Freeze {
        reason: String,
    },
    Thaw {
        reason: String,
    },
    Publish,
    /// Fixes the decisions: the minutes are what is published next.
    FreezeMinutes {
        reason: String,
    },
    /// Begins a supplement, for items that came after the agenda was published.
    OpenSupplement {
        reason: String,
    },
    /// Begins a correction of an edition, for some of its items.
    OpenCorrection {
        edition: u32,
        items: Vec<ItemId>,
        /// Printed in the correction.
        reason: String,
    },
    /// Gives up the supplement or the correction that is open.
    AbandonEdition {
        reason: String,
    },
}
