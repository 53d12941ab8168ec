//! The log and its files for `dagsorden backup` while the service runs. Open to the operator's programs alone: what
//! is here is everything.

use crate::{
    app::App,
    auth::{Operator, language},
    mirror::{Extent, Page, extent},
    problem::Problem,
};
use agenda::{event::Position, id::Hash};
use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use std::{fmt::Display, sync::Arc};

/// Signs how far the log has come, and says so.
pub async fn begin(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: Operator,
) -> Result<Json<Extent>, Problem> {
    let extent = extent(&app).await.map_err(|error| unavailable(&headers, &error))?;
    let extent = extent.ok_or_else(|| Problem::not_found(language(&headers)))?;
    tracing::info!(position = extent.position, "the operator takes a backup");
    Ok(Json(extent))
}

/// The stored commits from a position on: a [`Page`].
pub async fn commits(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: Operator,
    Path(from): Path<u64>,
) -> Result<Response, Problem> {
    let page = Page::read(&app, Position(from)).await.map_err(|error| unavailable(&headers, &error))?;
    Ok(binary(Body::from(page.to_bytes())))
}

/// A stored file.
pub async fn file(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: Operator,
    Path(sha256): Path<Hash>,
) -> Result<Response, Problem> {
    let pieces = app.files.stored(sha256).await.map_err(|error| unavailable(&headers, &error))?;
    let pieces = pieces.ok_or_else(|| Problem::not_found(language(&headers)))?;
    Ok(binary(Body::from_stream(pieces)))
}

fn binary(body: Body) -> Response {
    let head = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")];
    (head, body).into_response()
}

fn unavailable(headers: &HeaderMap, error: &dyn Display) -> Problem {
    tracing::error!(%error, "a backup could not be served");
    Problem::unavailable(language(headers))
}
