//! Where an item came from, and where it went: from one meeting of a forum to another.
//!
//! The text that is brought is one new change by whoever brought it. Beside it stands who had written each
//! character, when and where. So only what the text said then comes along, and nothing that was written and
//! deleted on the way there, which the other meeting may withhold. And the stream says by itself who wrote
//! what, also when the other meeting is not at hand.

use super::{Position, Source, Timestamp};
use crate::id::{DocumentId, Hash, ItemId, MeetingId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where an item was before: the original stays there, or was withdrawn there if it was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOrigin {
    pub meeting: MeetingId,
    pub item: ItemId,
    /// When that meeting was to be.
    pub date: Date,
    /// The commit of that meeting's stream after which it was read.
    pub sequence: u64,
    /// It was moved here, and not copied.
    pub moved: bool,
}

/// Where a withdrawn item went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedTo {
    pub meeting: MeetingId,
    pub item: ItemId,
    /// When that meeting was to be.
    pub date: Date,
}

/// Who had written the text that a change brings. The change stands right after it, in the same commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextCopied {
    /// The document that the text is copied into.
    pub document: DocumentId,
    pub change: Hash,
    /// The document that it is copied from, and its heads then, ascending.
    pub from: DocumentId,
    pub heads: Vec<Hash>,
    pub people: Vec<UserId>,
    pub places: Vec<WrittenIn>,
    pub sources: Vec<Source>,
    pub credits: Vec<CopiedCredit>,
    /// In the order of their operations. What is in none of them is new.
    pub runs: Vec<CopiedRun>,
}

/// The item in which a text was written first. A copy of a copy names the first, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WrittenIn {
    pub meeting: MeetingId,
    pub item: ItemId,
    pub date: Date,
}

/// Who wrote something, with which commit. The numbers are places in the lists of [`TextCopied`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedCredit {
    pub person: u32,
    pub place: u32,
    pub position: Position,
    pub at: Timestamp,
    /// Where it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<u32>,
}

/// Operations of the change that put what one credit wrote into the text. An operation keeps its number
/// whatever is written around it later, which a place in the text does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedRun {
    pub first: u32,
    pub last: u32,
    /// A place in the list of credits.
    pub credit: u32,
}

impl TextCopied {
    /// Who had written what the operation put there; `None` for what is new.
    pub fn credit(&self, operation: u32) -> Option<u32> {
        let after = self.runs.partition_point(|run| run.first <= operation);
        let run = self.runs.get(after.checked_sub(1)?)?;
        (operation <= run.last).then_some(run.credit)
    }
}
