//! What people say about an item's texts: comments, the threads that they make, and whether a
//! thread is settled. Nothing that was said goes away again. Who may: see `access`.

use super::{Access, Item, Meeting, Meta, Supplies, decide::Decided};
use crate::{
    event::{CommentAnchor, CommentMade, CommentReopened, CommentResolved, DocumentKind, Event, Timestamp},
    forum::{Actor, Forum},
    id::{CommentId, DocumentId, ItemId, UserId},
    rejection::{Rejection, optional, required_lines},
};

/// Longest comment, in characters.
const MAX_TEXT: usize = 4_000;
/// Longest quote of what is commented on, in characters.
const MAX_QUOTE: usize = 500;
/// Most comments of one item, answers included.
const MAX_COMMENTS: usize = 1_000;
/// Most people that one comment mentions.
const MAX_MENTIONS: usize = 50;
/// Longest cursor, and longest part of a path, in bytes.
const MAX_CURSOR_BYTES: usize = 200;

/// One comment on one of an item's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: CommentId,
    /// Which of the item's texts. Not its document: that is another one after every thaw.
    pub document: DocumentKind,
    /// The comment that began the thread, unless this one did.
    pub thread: Option<CommentId>,
    pub anchor: Option<CommentAnchor>,
    pub text: String,
    pub mentions: Vec<UserId>,
    pub by: UserId,
    pub at: Timestamp,
    pub sequence: u64,
    /// Set on the comment that began a thread, while the thread is settled.
    pub resolved: Option<Resolution>,
}

/// Who settled a thread, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    pub by: UserId,
    pub at: Timestamp,
}

/// What a person says, before it is a comment.
pub(super) struct Said<'a> {
    pub thread: Option<CommentId>,
    pub anchor: Option<&'a CommentAnchor>,
    pub text: &'a str,
    pub mentions: &'a [UserId],
}

type Applied = Result<(), String>;

impl Item {
    /// The comment that began a thread, by its id.
    fn thread(&self, id: CommentId) -> Option<&Comment> {
        self.comments.iter().find(|comment| comment.id == id && comment.thread.is_none())
    }

    /// The threads that are not settled, by the comments that began them.
    pub fn open_threads(&self) -> impl Iterator<Item = &Comment> {
        self.comments.iter().filter(|comment| comment.thread.is_none() && comment.resolved.is_none())
    }

    /// A thread's comments, the first first.
    pub fn comments_of(&self, thread: CommentId) -> impl Iterator<Item = &Comment> {
        self.comments.iter().filter(move |comment| comment.thread.unwrap_or(comment.id) == thread)
    }
}

impl Meeting {
    /// A new comment on one of an item's texts.
    pub(super) fn comment(
        &self,
        actor: &Actor,
        (item, document): (ItemId, DocumentKind),
        said: &Said<'_>,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        let item = self.require_item(item)?;
        let on = item.documents.of(document);
        self.require_comment(Some(actor), on)?;
        if item.comments.len() >= MAX_COMMENTS {
            return Err(Rejection::TooMany { what: "kommentarer", limit: MAX_COMMENTS });
        }
        let made = CommentMade {
            item: item.id,
            document: on,
            comment: CommentId::from_bytes((supplies.fresh)()),
            thread: said.thread,
            anchor: said.anchor.map(checked_anchor).transpose()?,
            text: required_lines("Kommentar", said.text, MAX_TEXT)?,
            mentions: self.checked_mentions(supplies.forum, on, said.mentions)?,
        };
        let Some(thread) = made.thread else { return Ok(vec![made.into()]) };
        let began = item.thread(thread).filter(|began| began.document == document);
        let began = began.ok_or(Rejection::Unknown("kommentar"))?;
        if made.anchor.is_some() {
            return Err(Rejection::Invalid("anker"));
        }
        let reopened = began.resolved.as_ref().map(|_| CommentReopened { item: item.id, comment: thread });
        Ok(std::iter::once(made.into()).chain(reopened.map(Event::from)).collect())
    }

    pub(super) fn resolve(&self, actor: &Actor, item: ItemId, comment: CommentId) -> Decided {
        match self.require_thread(actor, item, comment)?.resolved {
            Some(_) => Err(Rejection::NoChange),
            None => Ok(vec![CommentResolved { item, comment }.into()]),
        }
    }

    pub(super) fn reopen(&self, actor: &Actor, item: ItemId, comment: CommentId) -> Decided {
        match self.require_thread(actor, item, comment)?.resolved {
            None => Err(Rejection::NoChange),
            Some(_) => Ok(vec![CommentReopened { item, comment }.into()]),
        }
    }

    /// The comment that began a thread, if the person may settle and reopen it.
    fn require_thread(&self, actor: &Actor, item: ItemId, id: CommentId) -> Result<&Comment, Rejection> {
        let item = self.require_item(item)?;
        let began = item.thread(id).ok_or(Rejection::Unknown("kommentar"))?;
        self.require_comment(Some(actor), item.documents.of(began.document))?;
        Ok(began)
    }

    /// Each person once, and only such as may read what they are called to.
    fn checked_mentions(
        &self,
        forum: &Forum,
        on: DocumentId,
        mentions: &[UserId],
    ) -> Result<Vec<UserId>, Rejection> {
        if mentions.len() > MAX_MENTIONS {
            return Err(Rejection::TooMany { what: "nævnte personer", limit: MAX_MENTIONS });
        }
        let mut checked: Vec<UserId> = Vec::new();
        for user in mentions {
            if self.access(forum.actor(user).as_ref(), on) == Access::None {
                return Err(Rejection::Unknown("medlem"));
            }
            if !checked.contains(user) {
                checked.push(user.clone());
            }
        }
        Ok(checked)
    }

    pub(super) fn comment_made(&mut self, meta: &Meta, e: &CommentMade) -> Applied {
        let known = self.documents.get(&e.document).filter(|document| document.item == e.item);
        let document = known.ok_or_else(|| format!("no document {} of {}", e.document, e.item))?.kind;
        let item = self.item_mut(e.item)?;
        if item.comments.iter().any(|comment| comment.id == e.comment) {
            return Err(format!("comment {} is there twice", e.comment));
        }
        if let Some(thread) = e.thread {
            item.thread(thread).ok_or_else(|| format!("no thread {thread}"))?;
        }
        item.comments.push(Comment {
            id: e.comment,
            document,
            thread: e.thread,
            anchor: e.anchor.clone(),
            text: e.text.clone(),
            mentions: e.mentions.clone(),
            by: meta.by.clone(),
            at: meta.at,
            sequence: meta.sequence,
            resolved: None,
        });
        Ok(())
    }

    pub(super) fn comment_resolved(&mut self, meta: &Meta, e: &CommentResolved) -> Applied {
        let resolution = Resolution { by: meta.by.clone(), at: meta.at };
        match self.thread_mut(e.item, e.comment)?.resolved.replace(resolution) {
            None => Ok(()),
            Some(_) => Err(format!("thread {} is resolved twice", e.comment)),
        }
    }

    pub(super) fn comment_reopened(&mut self, e: &CommentReopened) -> Applied {
        let resolved = self.thread_mut(e.item, e.comment)?.resolved.take();
        resolved.map(drop).ok_or_else(|| format!("thread {} is not resolved", e.comment))
    }

    fn thread_mut(&mut self, item: ItemId, id: CommentId) -> Result<&mut Comment, String> {
        let comments = &mut self.item_mut(item)?.comments;
        let found = comments.iter_mut().find(|comment| comment.id == id && comment.thread.is_none());
        found.ok_or_else(|| format!("no thread {id}"))
    }
}

/// An anchor of the right shape. Whether its words are there changes with every edit, so that
/// is not asked: readers show one that holds on to nothing with its quote.
fn checked_anchor(anchor: &CommentAnchor) -> Result<CommentAnchor, Rejection> {
    let path: Vec<&str> = anchor.path.iter().map(String::as_str).collect();
    let known = matches!(path.as_slice(), ["sections", _, "body"] | ["tables", _, "cells", _, "t"]);
    let short = |text: &str| !text.is_empty() && text.len() <= MAX_CURSOR_BYTES;
    let cursor = |text: &str| short(text) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !known || !path.iter().all(|part| short(part)) || !cursor(&anchor.from) || !cursor(&anchor.to) {
        return Err(Rejection::Invalid("anker"));
    }
    let quote = optional("Citat", &anchor.quote, MAX_QUOTE)?;
    Ok(CommentAnchor { quote, ..anchor.clone() })
}
