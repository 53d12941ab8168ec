//! What happens to the items of an agenda, apart from their texts.

use super::{ItemDocuments, ItemOrigin, ItemState, ItemType, MovedTo, Source};
use crate::id::{ItemId, UserId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAdded {
    pub item: ItemId,
    pub title: String,
    /// Kept verbatim; a broken one is warned of, never refused.
    pub journal_number: Option<String>,
    pub minutes: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_type: Option<ItemType>,
    pub documents: ItemDocuments,
    pub source: Option<Source>,
    /// The item of another meeting that it was copied or moved from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ItemOrigin>,
    /// Why it was moved here; empty for one that was not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub moved_because: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDetailsChanged {
    pub item: ItemId,
    pub title: String,
    pub journal_number: Option<String>,
    pub minutes: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_type: Option<ItemType>,
}
/// The item now stands at `index`, counted from 0 among the items not withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReordered {
    pub item: ItemId,
    pub index: u32,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemWithdrawn {
    pub item: ItemId,
    /// Empty only for one that was moved.
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<MovedTo>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributorsChanged {
    pub item: ItemId,
    /// The first of them is responsible.
    pub contributors: Vec<UserId>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStateChanged {
    pub item: ItemId,
    pub state: ItemState,
}
/// Lukket punkt: members work on it as before, and the published agenda only says that it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemClosed {
    pub item: ItemId,
    pub reason: String,
}
/// It is published like any other again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOpened {
    pub item: ItemId,
}
