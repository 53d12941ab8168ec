//! What was said about an item's texts. Comments are made, resolved and reopened as commands.

use super::read_meeting;
use crate::{
    app::App,
    auth::Caller,
    clock::now,
    problem::Problem,
    view::{self, CommentsView},
};
use agenda::id::{ItemId, MeetingId};
use axum::{
    Json,
    extract::{Path, State},
};
use std::sync::Arc;

/// The comments on an item's texts, as threads.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/comments",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path)),
    responses((status = 200, body = CommentsView), (status = 404, body = Problem)))]
pub async fn comments(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
) -> Result<Json<CommentsView>, Problem> {
    let user = caller.identity.user.clone();
    let seen = read_meeting(&app, &caller, meeting, move |room| {
        let viewer = room.viewer(&user, now());
        room.meeting().item(item).map(|item| view::comments(room, &viewer, item))
    });
    seen.await?.map(Json).ok_or_else(|| Problem::not_found(caller.language))
}
