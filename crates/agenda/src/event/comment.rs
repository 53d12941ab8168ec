//! What happens to comments. None of it is ever taken back.

use crate::id::{CommentId, DocumentId, ItemId, UserId};
use serde::{Deserialize, Serialize};

/// The words that a comment is about, tied to them by two Automerge cursors: they move with the
/// words, and go on to hold in a fork of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommentAnchor {
    /// The text in the document: `sections/<key>/body` or `tables/<id>/cells/<row>:<column>/t`.
    pub path: Vec<String>,
    /// The first character; moves on when it is deleted.
    pub from: String,
    /// The last character; moves back when it is deleted. Before `from`: the words are gone.
    pub to: String,
    /// The words as they were then.
    pub quote: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentMade {
    pub item: ItemId,
    pub document: DocumentId,
    pub comment: CommentId,
    /// The comment that it answers, which begins a thread; `None` for one that does so itself.
    pub thread: Option<CommentId>,
    /// `None` for what is about the whole text, and for answers.
    pub anchor: Option<CommentAnchor>,
    pub text: String,
    pub mentions: Vec<UserId>,
}
/// The thread that this comment began is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentResolved {
    pub item: ItemId,
    pub comment: CommentId,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentReopened {
    pub item: ItemId,
    pub comment: CommentId,
}
