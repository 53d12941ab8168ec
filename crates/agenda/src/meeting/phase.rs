//! What may be done while which edition is being written: what is frozen takes nothing, and what
//! was published is changed by nothing but a correction of it.

use super::{Meeting, MeetingCommand, Phase, Scope};
use crate::{event::DocumentKind, id::ItemId, rejection::Rejection};

/// What a command is about.
enum About {
    /// The meeting: its time and place.
    Meeting,
    Participants,
    /// Which items there are.
    Items,
    /// An item's place, or whether it is there at all.
    PlaceOf(ItemId),
    Item(ItemId),
}

impl Meeting {
    pub(super) fn require_phase(&self, command: &MeetingCommand) -> Result<(), Rejection> {
        match command {
            MeetingCommand::Freeze { .. } => self.require_open_phase(),
            MeetingCommand::Thaw { .. } | MeetingCommand::Publish => match self.phase {
                Phase::Frozen => Ok(()),
                Phase::Open => Err(Rejection::NotFrozen),
                Phase::Published => Err(Rejection::Published),
            },
            MeetingCommand::FreezeMinutes { .. }
            | MeetingCommand::OpenSupplement { .. }
            | MeetingCommand::OpenCorrection { .. } => self.require_all_published(),
            MeetingCommand::AbandonEdition { .. } => self.require_open_phase(),
            MeetingCommand::EraseItem { item, .. } => self.require_erasable(*item),
            // They concern what is kept, not what is written.
            MeetingCommand::HoldItem { .. } | MeetingCommand::ReleaseItem { .. } => Ok(()),
            // They change no text of the agenda; decisions are asked for by `access`.
            MeetingCommand::RejectSuggestion { .. }
            | MeetingCommand::SuggestRefused { .. }
            | MeetingCommand::WriteSection { document: DocumentKind::Decision, .. } => Ok(()),
            command => {
                self.about(command).map_or_else(|| self.require_open_phase(), |about| self.require(&about))
            }
        }
    }

    fn about(&self, command: &MeetingCommand) -> Option<About> {
        use MeetingCommand as Command;
        Some(match command {
            Command::ChangeDetails { .. } => About::Meeting,
            Command::ChangeParticipants { .. } => About::Participants,
            Command::AddItem { .. } | Command::BringItem { .. } => About::Items,
            Command::MoveItem { item, .. }
            | Command::WithdrawItem { item, .. }
            | Command::MoveItemAway { item, .. } => About::PlaceOf(*item),
            Command::ChangeItem { item, .. }
            | Command::CloseItem { item, .. }
            | Command::OpenItem { item }
            | Command::SetItemState { item, .. }
            | Command::SetContributors { item, .. }
            | Command::AddAttachment { item, .. }
            | Command::AttachFile { item, .. }
            | Command::ReplaceFile { item, .. }
            | Command::RenameAttachment { item, .. }
            | Command::MoveAttachment { item, .. }
            | Command::CloseAttachment { item, .. }
            | Command::OpenAttachment { item, .. }
            | Command::RemoveAttachment { item, .. }
            | Command::OpenSuggestion { item }
            | Command::WriteSection { item, .. } => About::Item(*item),
            Command::AcceptSuggestion { suggestion, .. } => {
                About::Item(self.suggestions.get(suggestion)?.item)
            }
            _ => return None,
        })
    }

    fn require(&self, about: &About) -> Result<(), Rejection> {
        let corrects = self.work.correction.is_some();
        let says_when = self.work.scope == Scope::Agenda || corrects;
        match about {
            // Who was there is said in the minutes, and known after the meeting.
            About::Participants if self.phase == Phase::Published && !self.has_minutes() => Ok(()),
            About::Meeting | About::Participants if self.phase == Phase::Open && !says_when => {
                Err(Rejection::Published)
            }
            About::Items | About::PlaceOf(_) if self.phase == Phase::Open && corrects => {
                Err(Rejection::Published)
            }
            About::Meeting | About::Participants | About::Items => self.require_open_phase(),
            About::Item(item) | About::PlaceOf(item) => self.require_item_open(*item),
        }
    }

    /// Whether the item may be taken off the agenda, or be put elsewhere on it, now.
    pub(super) fn require_place_open(&self, id: ItemId) -> Result<(), Rejection> {
        self.require(&About::PlaceOf(id))
    }

    /// Whether what is said of the item may change now.
    pub fn require_item_open(&self, id: ItemId) -> Result<(), Rejection> {
        self.require_open_phase()?;
        if self.work.has(self.require_item(id)?) { Ok(()) } else { Err(Rejection::Published) }
    }

    fn require_open_phase(&self) -> Result<(), Rejection> {
        match self.phase {
            Phase::Open => Ok(()),
            Phase::Frozen => Err(Rejection::Frozen),
            Phase::Published => Err(Rejection::Published),
        }
    }

    fn require_all_published(&self) -> Result<(), Rejection> {
        match self.phase {
            Phase::Published => Ok(()),
            Phase::Open | Phase::Frozen if self.publications.is_empty() => Err(Rejection::NotPublished),
            Phase::Open | Phase::Frozen => Err(Rejection::EditionUnderWay),
        }
    }

    /// Whether there may still be a change to the text, so that it makes sense to ask for one.
    pub(super) fn is_settled(&self, id: ItemId, kind: DocumentKind) -> bool {
        let writes = self.item(id).is_some_and(|item| self.work.writes(item, kind));
        match kind {
            DocumentKind::Case | DocumentKind::Planning => self.phase == Phase::Published || !writes,
            DocumentKind::Decision => self.has_minutes() && (self.phase == Phase::Published || !writes),
        }
    }
}
