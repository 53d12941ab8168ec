//! A hold on an item: as long as it is there, the words of the item are not erased. It concerns what is kept, not
//! what is written, so it may come and go at any time.

use super::{
    Item, Meeting, Meta,
    decide::{Decided, MAX_REASON, one},
};
use crate::{
    event::{ItemHeld, ItemReleased, Timestamp},
    id::{ItemId, UserId},
    rejection::{Rejection, required},
};

/// Who wants the words of an item kept, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub at: Timestamp,
    pub by: UserId,
    pub reason: String,
}

impl Hold {
    pub(super) fn new(meta: &Meta, reason: &str) -> Self {
        Self { at: meta.at, by: meta.by.clone(), reason: reason.to_owned() }
    }
}

impl Meeting {
    /// The item, on the agenda or withdrawn.
    pub fn known_item(&self, id: ItemId) -> Option<&Item> {
        let withdrawn = self.withdrawn.iter().map(|withdrawn| &withdrawn.item);
        self.items.iter().chain(withdrawn).find(|item| item.id == id)
    }

    pub(super) fn known_item_mut(&mut self, id: ItemId) -> Result<&mut Item, String> {
        let withdrawn = self.withdrawn.iter_mut().map(|withdrawn| &mut withdrawn.item);
        let mut all = self.items.iter_mut().chain(withdrawn);
        all.find(|item| item.id == id).ok_or_else(|| format!("no item {id}"))
    }

    pub(super) fn hold_item(&self, id: ItemId, reason: &str) -> Decided {
        let item = self.known_item(id).ok_or(Rejection::UnknownItem)?;
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        if item.held.as_ref().is_some_and(|hold| hold.reason == reason) {
            return Err(Rejection::NoChange);
        }
        one(ItemHeld { item: id, reason })
    }

    pub(super) fn release_item(&self, id: ItemId) -> Decided {
        let item = self.known_item(id).ok_or(Rejection::UnknownItem)?;
        item.held.as_ref().ok_or(Rejection::NoChange)?;
        one(ItemReleased { item: id })
    }
}
