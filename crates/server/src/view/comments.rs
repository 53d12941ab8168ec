//! Comments as the API answers with them: threads, with what the caller may do.

use super::{Person, person};
use agenda::{
    event::{CommentAnchor, DocumentKind, Timestamp},
    forum::{Actor, Forum},
    id::{CommentId, UserId},
    live::Room,
    meeting::{Access, Comment, Item, Meeting},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What was said about an item, as far as the caller may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommentsView {
    /// In the order in which they were begun.
    pub threads: Vec<ThreadView>,
    /// The texts of the item that the caller may comment on; in others there is only reading.
    pub may_comment: Vec<DocumentKind>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThreadView {
    /// The comment that began it.
    pub id: CommentId,
    pub document: DocumentKind,
    /// Null for what is about the whole text.
    #[schema(required)]
    pub anchor: Option<CommentAnchor>,
    /// The first comment and its answers.
    pub comments: Vec<CommentView>,
    /// Null while it is open.
    #[schema(required)]
    pub resolved: Option<ResolvedView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommentView {
    pub id: CommentId,
    pub by: Person,
    pub at: Timestamp,
    pub text: String,
    pub mentions: Vec<Person>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResolvedView {
    pub by: Person,
    pub at: Timestamp,
}

/// Threads of an item that are not resolved, among those that the caller may see.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct CommentCounts {
    pub open: usize,
    /// Those of them in which the caller is mentioned.
    pub mentioning_you: usize,
}

fn may_see(meeting: &Meeting, actor: Option<&Actor>, item: &Item, comment: &Comment) -> bool {
    meeting.access(actor, item.documents.of(comment.document)) != Access::None
}

/// The item's threads, as this person may see them.
pub fn comments(room: &Room, user: &UserId, item: &Item) -> CommentsView {
    let (meeting, forum) = (room.meeting(), room.forum());
    let actor = room.actor(user);
    let began = item.comments.iter().filter(|comment| comment.thread.is_none());
    let seen = began.filter(|comment| may_see(meeting, actor.as_ref(), item, comment));
    let may = item.documents.all().into_iter().filter(|(_, id)| meeting.may_comment(actor.as_ref(), *id));
    CommentsView {
        threads: seen.map(|began| thread(forum, item, began)).collect(),
        may_comment: may.map(|(kind, _)| kind).collect(),
    }
}

fn thread(forum: &Forum, item: &Item, began: &Comment) -> ThreadView {
    ThreadView {
        id: began.id,
        document: began.document,
        anchor: began.anchor.clone(),
        comments: item.comments_of(began.id).map(|one| comment(forum, one)).collect(),
        resolved: began
            .resolved
            .as_ref()
            .map(|resolved| ResolvedView { by: person(forum, &resolved.by), at: resolved.at }),
    }
}

fn comment(forum: &Forum, comment: &Comment) -> CommentView {
    CommentView {
        id: comment.id,
        by: person(forum, &comment.by),
        at: comment.at,
        text: comment.text.clone(),
        mentions: comment.mentions.iter().map(|user| person(forum, user)).collect(),
    }
}

/// How many of the item's threads wait for somebody, and how many of them for this person.
pub fn comment_counts(room: &Room, user: &UserId, item: &Item) -> CommentCounts {
    let actor = room.actor(user);
    let open = item.open_threads().filter(|began| may_see(room.meeting(), actor.as_ref(), item, began));
    let calls = |began: &Comment| item.comments_of(began.id).any(|one| one.mentions.contains(user));
    let (mut count, mut mentioning_you) = (0, 0);
    for began in open {
        count += 1;
        mentioning_you += usize::from(calls(began));
    }
    CommentCounts { open: count, mentioning_you }
}
