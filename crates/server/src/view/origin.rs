//! Where items and words came from that were brought from another meeting, and where they went.

use super::{Person, person};
use agenda::{
    event::{MovedTo, Timestamp},
    forum::Forum,
    id::{ItemId, MeetingId},
    meeting::Arrived,
};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// How an item came from another meeting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OriginView {
    pub meeting: MeetingId,
    pub item: ItemId,
    /// When that meeting was to be.
    #[schema(value_type = String)]
    pub date: Date,
    /// Moved here, and not copied.
    pub moved: bool,
    /// Why it was moved; may be empty.
    pub reason: String,
    /// Who brought it, and when.
    pub by: Person,
    pub at: Timestamp,
}

/// Where an item went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MovedToView {
    pub meeting: MeetingId,
    pub item: ItemId,
    #[schema(value_type = String)]
    pub date: Date,
}

pub fn origin(forum: &Forum, arrived: &Arrived) -> OriginView {
    OriginView {
        meeting: arrived.from.meeting,
        item: arrived.from.item,
        date: arrived.from.date,
        moved: arrived.from.moved,
        reason: arrived.because.clone(),
        by: person(forum, &arrived.by),
        at: arrived.at,
    }
}

pub fn moved_to(to: &MovedTo) -> MovedToView {
    MovedToView { meeting: to.meeting, item: to.item, date: to.date }
}
