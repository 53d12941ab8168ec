//! Meetings: what they are, what may be asked of them, and edits that were not taken in.

use super::{command_meta, command_problem, own_meeting, read_meeting};
use crate::{
    app::App,
    auth::Caller,
    clock::now,
    edition::commits,
    problem::Problem,
    view::{self, MeetingView, RefusedView, person},
};
use agenda::{
    event::{Event, Position},
    history::refused_text,
    id::{CommandId, ItemId, MeetingId},
    meeting::MeetingCommand,
};
use axum::{
    Json,
    extract::{Path, State},
};
use eventlog::ReadError;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tracing::Instrument;
use utoipa::ToSchema;

/// A meeting with its agenda.
#[utoipa::path(get, path = "/api/meetings/{meeting}", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = MeetingView), (status = 404, body = Problem)))]
pub async fn meeting(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Json<MeetingView>, Problem> {
    let user = caller.identity.user.clone();
    let view = read_meeting(&app, &caller, id, move |room| view::meeting(room, &user, now())).await?;
    let view = view.ok_or_else(|| Problem::not_found(caller.language))?;
    read_meeting(&app, &caller, id, move |room| view.clone().with_positions(room)).await.map(Json)
}

#[derive(Deserialize, ToSchema)]
pub struct MeetingCommandRequest {
    id: CommandId,
    command: MeetingCommand,
}

#[derive(Serialize, ToSchema)]
pub struct MeetingCommandDone {
    /// Where the log has it.
    position: Position,
    /// The item, attachment or comment that was created.
    #[schema(required)]
    created: Option<ItemId>,
}

/// Carries out a command on a meeting. A retry with the same id is carried out once.
#[utoipa::path(post, path = "/api/meetings/{meeting}/commands", params(("meeting" = MeetingId, Path)),
    request_body = MeetingCommandRequest,
    responses((status = 200, body = MeetingCommandDone), (status = "4XX", body = Problem)))]
pub async fn command(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(request): Json<MeetingCommandRequest>,
) -> Result<Json<MeetingCommandDone>, Problem> {
    own_meeting(&app, &caller, id)?;
    let meta = command_meta(&caller, request.id);
    let span = tracing::info_span!("command", id = %request.id, meeting = %id, user = %meta.user);
    let done = app.command(id, &meta, &request.command).instrument(span).await;
    let done = done.map_err(|error| command_problem(&error, &caller))?;
    Ok(Json(MeetingCommandDone { position: done.position, created: done.created.map(ItemId::from_bytes) }))
}

/// The caller's edits that were not taken in; the secretariat sees everybody's.
#[utoipa::path(get, path = "/api/meetings/{meeting}/refused", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = Vec<RefusedView>), (status = 404, body = Problem)))]
pub async fn refused(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Json<Vec<RefusedView>>, Problem> {
    let user = caller.identity.user.clone();
    let (forum, items, all) = read_meeting(&app, &caller, id, move |room| {
        let items: Vec<_> = room.meeting().documents.iter().map(|(id, d)| (*id, d.item)).collect();
        let all = room.actor(&user).is_some_and(|actor| actor.is_secretariat());
        (room.forum().clone(), items, all)
    })
    .await?;
    let commits = commits(&*app.log, id).await.map_err(|error| unreadable(&error, &caller))?;
    let mut refused = Vec::new();
    for recorded in commits.iter().filter(|r| all || r.commit.by == caller.identity.user) {
        for event in &recorded.commit.events {
            let Event::EditRefused(e) = event else { continue };
            // Its words were erased: there is nothing to hand back.
            if e.change.0.is_empty() {
                continue;
            }
            refused.push(RefusedView {
                position: recorded.position,
                at: recorded.commit.at,
                by: person(&forum, &recorded.commit.by),
                document: e.document,
                item: items.iter().find(|(id, _)| *id == e.document).map(|(_, item)| *item),
                reason: e.reason,
                text: refused_text(&e.change.0),
            });
        }
    }
    Ok(Json(refused))
}

pub(super) fn unreadable(error: &ReadError, caller: &Caller) -> Problem {
    tracing::error!(%error, "the log cannot be read");
    Problem::unavailable(caller.language)
}
