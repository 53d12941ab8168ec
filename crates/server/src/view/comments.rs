//! Comments as the API answers with them: threads, with what the caller may do.

use super::{Person, person};
use agenda::{
    event::{CommentAnchor, DocumentKind, Timestamp},
    forum::Forum,
    id::CommentId,
    live::{Room, Viewer},
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

fn may_see(meeting: &Meeting, viewer: &Viewer<'_>, item: &Item, comment: &Comment) -> bool {
    let on = item.documents.of(comment.document);
    meeting.access(viewer.actor.as_ref(), on) != Access::None && !viewer.withheld.hides(comment.sequence)
}

/// The item's threads, as this person may see them.
pub fn comments(room: &Room, viewer: &Viewer<'_>, item: &Item) -> CommentsView {
    let (meeting, actor) = (room.meeting(), viewer.actor.as_ref());
    let began = item.comments.iter().filter(|comment| comment.thread.is_none());
    let seen = began.filter(|comment| may_see(meeting, viewer, item, comment));
    let may = item.documents.all().into_iter().filter(|(_, id)| meeting.may_comment(actor, *id));
    CommentsView {
        threads: seen.map(|began| thread(room.forum(), viewer, item, began)).collect(),
        may_comment: may.map(|(kind, _)| kind).collect(),
    }
}

fn thread(forum: &Forum, viewer: &Viewer<'_>, item: &Item, began: &Comment) -> ThreadView {
    let shown = item.comments_of(began.id).filter(|one| !viewer.withheld.hides(one.sequence));
    ThreadView {
        id: began.id,
        document: began.document,
        anchor: began.anchor.clone(),
        comments: shown.map(|one| comment(forum, one)).collect(),
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
pub fn comment_counts(room: &Room, viewer: &Viewer<'_>, item: &Item) -> CommentCounts {
    let user = viewer.actor.as_ref().map(|actor| &actor.user);
    let open = item.open_threads().filter(|began| may_see(room.meeting(), viewer, item, began));
    let calls = |one: &Comment| user.is_some_and(|user| one.mentions.contains(user));
    let (mut count, mut mentioning_you) = (0, 0);
    for began in open {
        count += 1;
        mentioning_you += usize::from(item.comments_of(began.id).any(calls));
    }
    CommentCounts { open: count, mentioning_you }
}
