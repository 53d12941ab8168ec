//! What a command is called, and which item it is about.

use super::{Meeting, MeetingCommand};
use crate::{event::CommandKind, id::ItemId};

impl MeetingCommand {
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::ChangeDetails { .. } => CommandKind::ChangeDetails,
            Self::ChangeParticipants { .. } => CommandKind::ChangeParticipants,
            Self::AddItem { .. } => CommandKind::AddItem,
            Self::ChangeItem { .. } => CommandKind::ChangeItem,
            Self::MoveItem { .. } => CommandKind::MoveItem,
            Self::WithdrawItem { .. } => CommandKind::WithdrawItem,
            Self::EraseItem { .. } => CommandKind::EraseItem,
            Self::HoldItem { .. } => CommandKind::HoldItem,
            Self::ReleaseItem { .. } => CommandKind::ReleaseItem,
            Self::CloseItem { .. } => CommandKind::CloseItem,
            Self::OpenItem { .. } => CommandKind::OpenItem,
            Self::SetItemState { .. } => CommandKind::SetItemState,
            Self::SetContributors { .. } => CommandKind::SetContributors,
            Self::AddAttachment { .. } | Self::AttachFile { .. } => CommandKind::AddAttachment,
            Self::ReplaceFile { .. } => CommandKind::ReplaceFile,
            Self::RenameAttachment { .. } => CommandKind::RenameAttachment,
            Self::MoveAttachment { .. } => CommandKind::MoveAttachment,
            Self::CloseAttachment { .. } => CommandKind::CloseAttachment,
            Self::OpenAttachment { .. } => CommandKind::OpenAttachment,
            Self::RemoveAttachment { .. } => CommandKind::RemoveAttachment,
            Self::WriteSection { .. } => CommandKind::WriteSection,
            Self::OpenSuggestion { .. } => CommandKind::OpenSuggestion,
            Self::AcceptSuggestion { .. } => CommandKind::AcceptSuggestion,
            Self::RejectSuggestion { .. } => CommandKind::RejectSuggestion,
            Self::SuggestRefused { .. } => CommandKind::SuggestRefused,
            Self::Comment { .. } => CommandKind::Comment,
            Self::ResolveComment { .. } => CommandKind::ResolveComment,
            Self::ReopenComment { .. } => CommandKind::ReopenComment,
            Self::Freeze { .. } => CommandKind::Freeze,
            Self::Thaw { .. } => CommandKind::Thaw,
            Self::Publish => CommandKind::Publish,
            Self::FreezeMinutes { .. } => CommandKind::FreezeMinutes,
            Self::OpenSupplement { .. } => CommandKind::OpenSupplement,
            Self::OpenCorrection { .. } => CommandKind::OpenCorrection,
            Self::AbandonEdition { .. } => CommandKind::AbandonEdition,
            Self::BringItem { .. } => CommandKind::BringItem,
            Self::MoveItemAway { .. } => CommandKind::MoveItemAway,
        }
    }
}

impl Meeting {
    /// The item that a command is about, as far as it names one or one of its texts.
    pub fn item_of(&self, command: &MeetingCommand) -> Option<ItemId> {
        let of_text = |id| {
            let suggested = self.suggestions.get(id).map(|suggestion| suggestion.item);
            suggested.or_else(|| Some(self.documents.get(id)?.item))
        };
        match command {
            MeetingCommand::ChangeItem { item, .. }
            | MeetingCommand::MoveItem { item, .. }
            | MeetingCommand::WithdrawItem { item, .. }
            | MeetingCommand::MoveItemAway { item, .. }
            | MeetingCommand::EraseItem { item, .. }
            | MeetingCommand::HoldItem { item, .. }
            | MeetingCommand::ReleaseItem { item }
            | MeetingCommand::CloseItem { item, .. }
            | MeetingCommand::OpenItem { item }
            | MeetingCommand::SetItemState { item, .. }
            | MeetingCommand::SetContributors { item, .. }
            | MeetingCommand::AddAttachment { item, .. }
            | MeetingCommand::AttachFile { item, .. }
            | MeetingCommand::ReplaceFile { item, .. }
            | MeetingCommand::RenameAttachment { item, .. }
            | MeetingCommand::MoveAttachment { item, .. }
            | MeetingCommand::CloseAttachment { item, .. }
            | MeetingCommand::OpenAttachment { item, .. }
            | MeetingCommand::RemoveAttachment { item, .. }
            | MeetingCommand::WriteSection { item, .. }
            | MeetingCommand::OpenSuggestion { item }
            | MeetingCommand::Comment { item, .. }
            | MeetingCommand::ResolveComment { item, .. }
            | MeetingCommand::ReopenComment { item, .. } => Some(*item),
            MeetingCommand::AcceptSuggestion { suggestion, .. }
            | MeetingCommand::RejectSuggestion { suggestion, .. } => of_text(suggestion),
            MeetingCommand::SuggestRefused { document } => of_text(document),
            MeetingCommand::ChangeDetails { .. }
            | MeetingCommand::ChangeParticipants { .. }
            | MeetingCommand::AddItem { .. }
            | MeetingCommand::BringItem { .. }
            | MeetingCommand::Freeze { .. }
            | MeetingCommand::Thaw { .. }
            | MeetingCommand::Publish
            | MeetingCommand::FreezeMinutes { .. }
            | MeetingCommand::OpenSupplement { .. }
            | MeetingCommand::OpenCorrection { .. }
            | MeetingCommand::AbandonEdition { .. } => None,
        }
    }
}
