//! A command that was refused: nothing was changed, and that it was tried is kept.

use crate::{
    id::{CommandId, ItemId, UserId},
    rejection::Rejection,
};
use serde::{Deserialize, Serialize};

/// A command by its kind, without what it held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    ChangeDetails,
    ChangeParticipants,
    AddItem,
    ChangeItem,
    MoveItem,
    WithdrawItem,
    EraseItem,
    HoldItem,
    ReleaseItem,
    CloseItem,
    OpenItem,
    SetItemState,
    SetContributors,
    AddAttachment,
    ReplaceFile,
    RenameAttachment,
    MoveAttachment,
    CloseAttachment,
    OpenAttachment,
    RemoveAttachment,
    WriteSection,
    OpenSuggestion,
    AcceptSuggestion,
    RejectSuggestion,
    SuggestRefused,
    Comment,
    ResolveComment,
    ReopenComment,
    Freeze,
    Thaw,
    Publish,
    FreezeMinutes,
    OpenSupplement,
    OpenCorrection,
    AbandonEdition,
    AddMember,
    ChangeMemberRole,
    RemoveMember,
    ChangeTemplate,
    ChangeDraftPolicy,
    ChangeRetentionPlan,
    ScheduleMeeting,
    ImportAgenda,
    BringItem,
    MoveItemAway,
}

/// Somebody asked for what they may not do, or what could not be done then. The words that the
/// command held are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandRefused {
    /// The id that the command came with. It is not used up: the same command may come again.
    pub id: CommandId,
    pub command: CommandKind,
    /// The item that it named, on the agenda or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The member that it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<UserId>,
    pub rejection: Rejection<String>,
    /// The person's last one to be kept in that hour; see [`crate::refusals`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub last: bool,
}
