//! Forums: what they are, their members and templates, and the meetings they schedule.

use super::{command_meta, command_problem, own_forum};
use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{ForumView, MeetingSummary, members, you},
};
use agenda::{
    event::Position,
    forum::ForumCommand,
    id::{CommandId, ForumId, MeetingId},
    publication::clock_time,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tracing::Instrument;
use utoipa::ToSchema;

/// A forum with its members and meetings.
#[utoipa::path(get, path = "/api/forums/{forum}", params(("forum" = ForumId, Path)),
    responses((status = 200, body = ForumView), (status = 404, body = Problem)))]
pub async fn forum(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
) -> Result<Json<ForumView>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    let meetings = app.directory.meetings_of(id).into_iter().map(|(id, entry)| MeetingSummary {
        id,
        date: entry.date,
        time: entry.time,
        place: entry.place,
        phase: entry.phase.into(),
        published: entry.published,
        items: entry.items,
    });
    Ok(Json(ForumView {
        id,
        name: forum.name.clone(),
        template: forum.template.clone(),
        members: members(&forum),
        meetings: meetings.collect(),
        you: you(&forum, &caller.identity.user),
    }))
}

#[derive(Deserialize, ToSchema)]
pub struct ForumCommandRequest {
    id: CommandId,
    command: ForumCommand,
}

#[derive(Serialize, ToSchema)]
pub struct Recorded {
    /// Where the log has it.
    position: Position,
}

/// Changes members or the template; the secretariat's.
#[utoipa::path(post, path = "/api/forums/{forum}/commands", params(("forum" = ForumId, Path)),
    request_body = ForumCommandRequest,
    responses((status = 200, body = Recorded), (status = "4XX", body = Problem)))]
pub async fn command(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Json(request): Json<ForumCommandRequest>,
) -> Result<Json<Recorded>, Problem> {
    own_forum(&app, &caller, id)?;
    let meta = command_meta(&caller, request.id);
    let span = tracing::info_span!("command", id = %request.id, forum = %id, user = %meta.user);
    let done = app.forums.command(id, &meta, &request.command).instrument(span).await;
    let position = done.map_err(|error| command_problem(&error.into(), &caller))?;
    Ok(Json(Recorded { position }))
}

#[derive(Deserialize, ToSchema)]
pub struct ScheduleRequest {
    /// The command's id; the meeting gets the same one.
    id: CommandId,
    #[schema(value_type = String)]
    date: Date,
    #[schema(value_type = String)]
    #[serde(with = "clock_time")]
    time: Time,
    place: String,
}

#[derive(Serialize, ToSchema)]
pub struct Scheduled {
    meeting: MeetingId,
    position: Position,
}

/// Schedules a meeting; the secretariat's. The same command again answers the same meeting.
#[utoipa::path(post, path = "/api/forums/{forum}/meetings", params(("forum" = ForumId, Path)),
    request_body = ScheduleRequest,
    responses((status = 201, body = Scheduled), (status = "4XX", body = Problem)))]
pub async fn schedule(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Json(request): Json<ScheduleRequest>,
) -> Result<(StatusCode, Json<Scheduled>), Problem> {
    let forum = own_forum(&app, &caller, id)?;
    let meeting = MeetingId::from_bytes(*request.id.as_bytes());
    let meta = command_meta(&caller, request.id);
    let details = (request.date, request.time, request.place.as_str());
    let scheduled = app.schedule(&forum, meeting, &meta, details, None).await;
    let position = scheduled.map_err(|error| command_problem(&error, &caller))?;
    Ok((StatusCode::CREATED, Json(Scheduled { meeting, position })))
}
