//! Items from one meeting to another: copied from an earlier agenda, or moved.

use super::{command_meta, command_problem, own_meeting};
use crate::{app::App, auth::Caller, bringing::Place, problem::Problem};
use agenda::{
    event::Position,
    id::{CommandId, ItemId, MeetingId},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
pub struct CopyItemRequest {
    /// Names the command, so that a retry is carried out once.
    id: CommandId,
    /// The meeting that the item is copied from, of the same forum.
    from: MeetingId,
    item: ItemId,
}

#[derive(Deserialize, ToSchema)]
pub struct MoveItemRequest {
    /// Names the command, so that a retry is carried out once.
    id: CommandId,
    /// The meeting that it is moved to, of the same forum.
    to: MeetingId,
    /// May be empty.
    #[serde(default)]
    reason: String,
}

#[derive(Serialize, ToSchema)]
pub struct ItemBrought {
    /// Where the log has it.
    position: Position,
    /// The item, in the meeting that it came to.
    #[schema(required)]
    created: Option<ItemId>,
}

/// Copies an item of another meeting, on its agenda or withdrawn, to the end of this one's agenda: its
/// particulars, its case and its planning form as they are now, with who wrote what, and its attachments.
#[utoipa::path(post, path = "/api/meetings/{meeting}/copied-items", params(("meeting" = MeetingId, Path)),
    request_body = CopyItemRequest, responses((status = 200, body = ItemBrought), (status = "4XX", body = Problem)))]
pub async fn copy_item(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(meeting): Path<MeetingId>,
    Json(request): Json<CopyItemRequest>,
) -> Result<Json<ItemBrought>, Problem> {
    own_meeting(&app, &caller, meeting)?;
    let from = Place { meeting: request.from, item: request.item };
    let done = app.copy_item(&command_meta(&caller, request.id), from, meeting).await;
    let done = done.map_err(|error| command_problem(&error, &caller))?;
    Ok(Json(ItemBrought { position: done.position, created: done.created.map(ItemId::from_bytes) }))
}

/// Moves an item to another meeting: it is withdrawn here and comes last on the agenda there.
#[utoipa::path(post, path = "/api/meetings/{meeting}/items/{item}/move",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path)), request_body = MoveItemRequest,
    responses((status = 200, body = ItemBrought), (status = "4XX", body = Problem)))]
pub async fn move_item(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
    Json(request): Json<MoveItemRequest>,
) -> Result<Json<ItemBrought>, Problem> {
    own_meeting(&app, &caller, meeting)?;
    let (from, meta) = (Place { meeting, item }, command_meta(&caller, request.id));
    let done = app.move_item(&meta, from, request.to, request.reason).await;
    let done = done.map_err(|error| command_problem(&error, &caller))?;
    Ok(Json(ItemBrought { position: done.position, created: done.created.map(ItemId::from_bytes) }))
}
