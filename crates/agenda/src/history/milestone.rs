//! The turns in the life of an item or an agenda that readers look for.

use super::{Entry, OnSuggestion, Words, comment::Said};
use crate::event::ItemState;
use serde::{Deserialize, Serialize};

/// Characters that one commit brings from which on a reader wants to know of it: more than a hand
/// types between two sendings, so it was pasted, restored or written without a connection.
const LARGE: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Milestone {
    /// The item, or the meeting.
    Created,
    Ready,
    Frozen,
    Thawed,
    Published,
    SuggestionAccepted,
    CommentResolved,
    /// Text from a file.
    Imported,
    /// Much text at once.
    LargeInsertion,
}

impl Entry {
    pub fn milestone(&self) -> Option<Milestone> {
        match &self.words {
            Words::Scheduled(_) | Words::Added(_) | Words::Brought { .. } => Some(Milestone::Created),
            Words::State(ItemState::Ready) => Some(Milestone::Ready),
            Words::Frozen(..) => Some(Milestone::Frozen),
            Words::Thawed(..) => Some(Milestone::Thawed),
            Words::Published(..) => Some(Milestone::Published),
            Words::Suggestion(OnSuggestion::Accepted) => Some(Milestone::SuggestionAccepted),
            Words::Comment(Said::Resolved) => Some(Milestone::CommentResolved),
            Words::Wrote(_) if self.imported => Some(Milestone::Imported),
            Words::Wrote(_) if self.largest >= LARGE => Some(Milestone::LargeInsertion),
            _ => None,
        }
    }
}
