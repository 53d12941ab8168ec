//! The items of a meeting whose words are kept, as a retention plan sees them.

use crate::{
    event::Timestamp,
    id::ItemId,
    meeting::{Hold, Item, Meeting},
    rejection::Rejection,
};
use serde::{Deserialize, Serialize};

/// A class of items that a plan has a time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Class {
    Closed,
    Open,
    /// Also an item that was moved to another meeting: its words are still in the first.
    Withdrawn,
}

/// What a plan asks of an item, whatever the plan says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub item: ItemId,
    /// On the agenda, counted from 1; none for one that was withdrawn.
    pub number: Option<usize>,
    pub title: String,
    pub class: Class,
    /// When its time begins: the publication of the newest edition that has it, or its withdrawal.
    pub since: Option<Timestamp>,
    /// Its words are gone, and it was in no edition since.
    pub erased: bool,
    pub held: Option<Hold>,
    /// Why its words could not be erased now.
    pub refused: Option<Rejection>,
}

/// All items of a meeting, in agenda order, and those that were withdrawn.
pub fn kept(meeting: &Meeting) -> Vec<Kept> {
    let on = meeting.items.iter().enumerate().map(|(index, item)| {
        let class = if item.closed.is_some() { Class::Closed } else { Class::Open };
        Kept { number: Some(index + 1), ..of_item(meeting, item, class, newest_edition(meeting, item)) }
    });
    let withdrawn = meeting.withdrawn.iter();
    let withdrawn = withdrawn.map(|gone| of_item(meeting, &gone.item, Class::Withdrawn, Some(gone.at)));
    on.chain(withdrawn).collect()
}

fn of_item(meeting: &Meeting, item: &Item, class: Class, since: Option<Timestamp>) -> Kept {
    Kept {
        item: item.id,
        number: None,
        title: item.title.clone(),
        class,
        since,
        erased: item.erased.as_ref().is_some_and(|erased| since.is_none_or(|since| since <= erased.at)),
        held: item.held.clone(),
        refused: meeting.require_not_in_work(item.id).err(),
    }
}

fn newest_edition(meeting: &Meeting, item: &Item) -> Option<Timestamp> {
    let has = meeting.publications.iter().filter(|edition| edition.scope.has(item));
    has.map(|edition| edition.at).max()
}
