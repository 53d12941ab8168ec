//! What is closed to the public: members work on it as before, and of it nothing but its place is
//! published.

use super::{
    Meeting, Meta,
    decide::{Decided, MAX_REASON, one},
};
use crate::{
    event::{ItemClosed, ItemOpened, Timestamp},
    id::{ItemId, UserId},
    rejection::{Rejection, required},
};

/// Who closed an item or an attachment, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub reason: String,
    pub by: UserId,
    pub at: Timestamp,
}

impl Closed {
    pub(super) fn new(meta: &Meta, reason: &str) -> Self {
        Self { reason: reason.to_owned(), by: meta.by.clone(), at: meta.at }
    }
}

impl Meeting {
    pub(super) fn close_item(&self, item: ItemId, reason: &str) -> Decided {
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        if self.require_item(item)?.closed.as_ref().is_some_and(|closed| closed.reason == reason) {
            return Err(Rejection::NoChange);
        }
        one(ItemClosed { item, reason })
    }

    pub(super) fn open_item(&self, item: ItemId) -> Decided {
        self.require_item(item)?.closed.as_ref().ok_or(Rejection::NoChange)?;
        one(ItemOpened { item })
    }
}
