//! Suggested changes to a case, and what became of them.

use crate::id::{DocumentId, ItemId};
use serde::{Deserialize, Serialize};

/// The person who committed it suggests changes to a case: they stand in a document of their
/// own, forked from the case as it was here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionOpened {
    pub item: ItemId,
    /// The suggestion's document, which also names the suggestion.
    pub document: DocumentId,
    pub case: DocumentId,
    /// It holds words that the case refused, handed over by their author.
    pub handed_over: bool,
}
/// The case takes in what the suggestion's document has and it has not; those changes are
/// recorded in the case, in the same commit, under actors of the people who made them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionAccepted {
    pub document: DocumentId,
    pub case: DocumentId,
}
/// By its author: taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionRejected {
    pub document: DocumentId,
    pub reason: String,
}
