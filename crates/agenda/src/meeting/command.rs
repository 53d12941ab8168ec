//! What a person may ask of a meeting.

use crate::{
    content::Block,
    event::{DocumentKind, ItemState, ItemType, Participant, Source},
    id::{AttachmentId, ItemId, UserId},
    publication::clock_time,
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
    SetItemState {
        item: ItemId,
        state: ItemState,
    },
    SetContributors {
        item: ItemId,
        /// The first of them is responsible.
        contributors: Vec<UserId>,
    },
    AddAttachment {
        item: ItemId,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
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
    Freeze {
        reason: String,
    },
    Thaw {
        reason: String,
    },
    Publish,
}
