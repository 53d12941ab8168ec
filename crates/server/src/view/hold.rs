//! That there is a hold on an item. Why is for the secretariat alone: it may name who asked for access.

use super::{Person, person};
use agenda::{
    event::Timestamp,
    forum::{Actor, Forum},
    meeting::Hold,
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HoldView {
    pub at: Timestamp,
    pub by: Person,
    pub reason: String,
}

pub fn hold(forum: &Forum, hold: &Hold) -> HoldView {
    HoldView { at: hold.at, by: person(forum, &hold.by), reason: hold.reason.clone() }
}

/// For a reader of the meeting.
pub(super) fn shown(forum: &Forum, reader: Option<&Actor>, held: Option<&Hold>) -> Option<HoldView> {
    let secretariat = reader.is_some_and(Actor::is_secretariat);
    held.filter(|_| secretariat).map(|held| hold(forum, held))
}
