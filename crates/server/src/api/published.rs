//! The published agenda: a page for everyone, made from frozen content alone, at an address
//! that stays.

use super::{
    meetings::{commits, unreadable},
    own_forum,
};
use crate::{
    app::App,
    auth::{Caller, MaybeCaller, language},
    edition::{draft_page, edition_page},
    problem::Problem,
};
use agenda::id::MeetingId;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use std::sync::Arc;

/// The newest edition of a meeting's published agenda.
#[utoipa::path(get, path = "/dagsorden/{meeting}", params(("meeting" = MeetingId, Path)),
    responses((status = 307), (status = 404, body = Problem)))]
pub async fn latest(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
) -> Result<Redirect, Problem> {
    let not_found = || Problem::not_found(language(&headers));
    let room = app.room(id).ok_or_else(not_found)?;
    let newest = room.read(|room| room.meeting().publications.last().map(|p| p.edition)).await;
    let edition = newest.map_err(|_| Problem::unavailable(language(&headers)))?.ok_or_else(not_found)?;
    Ok(Redirect::temporary(&format!("/dagsorden/{id}/{edition}")))
}

/// One edition; public. `udkast` is the draft as it would be published, for members.
#[utoipa::path(get, path = "/dagsorden/{meeting}/{edition}",
    params(("meeting" = MeetingId, Path), ("edition" = String, Path, description = "a number, or `udkast`")),
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn edition(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    MaybeCaller(caller): MaybeCaller,
    Path((id, edition)): Path<(MeetingId, String)>,
) -> Result<Response, Problem> {
    let language = language(&headers);
    let not_found = || Problem::not_found(language);
    if edition == "udkast" {
        let caller = caller.ok_or_else(|| Problem::not_signed_in(language))?;
        return draft(&app, &caller, id).await;
    }
    let number: u32 = edition.parse().map_err(|_| not_found())?;
    app.directory.meeting(id).ok_or_else(not_found)?;
    let commits = commits(&*app.log, id).await.map_err(|error| {
        tracing::error!(%error, "the log cannot be read");
        Problem::unavailable(language)
    })?;
    let made = tokio::task::spawn_blocking(move || edition_page(id, &commits, number)).await;
    let page = made.map_err(|_| Problem::unavailable(language))?.map_err(|error| {
        tracing::warn!(%error, meeting = %id, "no such edition");
        not_found()
    })?;
    Ok(html(page))
}

async fn draft(app: &App, caller: &Caller, id: MeetingId) -> Result<Response, Problem> {
    let entry = app.directory.meeting(id).ok_or_else(|| Problem::not_found(caller.language))?;
    own_forum(app, caller, entry.forum)?;
    let commits = commits(&*app.log, id).await.map_err(|error| unreadable(&error, caller))?;
    let made = tokio::task::spawn_blocking(move || draft_page(id, &commits)).await;
    let page = made.ok().and_then(Result::ok).ok_or_else(|| Problem::unavailable(caller.language))?;
    Ok(html(page))
}

fn html(page: String) -> Response {
    let mut response = Html(page).into_response();
    if let Ok(policy) = HeaderValue::from_str(&publish::html::content_security_policy()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
