//! What keeps an item from being erased.

use crate::id::ItemId;
use serde::{Deserialize, Serialize};

/// The words of the item may not be erased until it is released: somebody has asked for access to them, or they
/// are on their way to an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemHeld {
    pub item: ItemId,
    pub reason: String,
}

/// The words of the item may be erased again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReleased {
    pub item: ItemId,
}
