//! Documents: how a program or a browser gets to one's WebSocket, and what one says, for those from whom
//! it is withheld how it came about.

use super::drafts::draft_withheld;
use crate::{app::App, auth::Caller, clock::now, problem::Problem, view::SectionContent};
use agenda::{
    event::Timestamp,
    id::{DocumentId, UserId},
    meeting::Access,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct TicketView {
    /// A path with the ticket in it: `/sync?ticket=…`. Give the whole URL to any
    /// automerge-repo client.
    url: String,
    document: DocumentId,
    /// Whose edits it brings: who asked for it.
    user: UserId,
    /// When the ticket stops opening sockets; an open one goes on.
    expires: Timestamp,
}

/// A ticket for one document's WebSocket.
#[utoipa::path(post, path = "/api/documents/{document}/ticket", params(("document" = DocumentId, Path)),
    responses((status = 200, body = TicketView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn ticket(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(document): Path<DocumentId>,
) -> Result<Json<TicketView>, Problem> {
    let not_found = || Problem::not_found(caller.language);
    let room = app.room_of_document(document).ok_or_else(not_found)?;
    let user = caller.identity.user.clone();
    let seen = room.read(move |room| {
        let viewer = room.viewer(&user, now());
        (viewer.access(document), viewer.withheld)
    });
    match seen.await.map_err(|_| Problem::unavailable(caller.language))? {
        (Access::None, _) => return Err(not_found()),
        (Access::Text, withheld) => return Err(draft_withheld(&withheld, &caller)),
        (Access::Read | Access::Write, _) => {}
    }
    let issued = app.tickets.issue(&caller.identity, document, now());
    let (ticket, expires) = issued.map_err(|error| Problem::bad_token(&error, caller.language))?;
    let user = caller.identity.user;
    Ok(Json(TicketView { url: format!("/sync?ticket={ticket}"), document, user, expires }))
}

/// What a document says now: only sections that say something, as they would be published.
#[utoipa::path(get, path = "/api/documents/{document}/text", params(("document" = DocumentId, Path)),
    responses((status = 200, body = Vec<SectionContent>), (status = 404, body = Problem)))]
pub async fn text(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(document): Path<DocumentId>,
) -> Result<Json<Vec<SectionContent>>, Problem> {
    let not_found = || Problem::not_found(caller.language);
    let room = app.room_of_document(document).ok_or_else(not_found)?;
    let user = caller.identity.user.clone();
    let read = room.read(move |room| match room.viewer(&user, now()).access(document) {
        Access::None => None,
        Access::Text | Access::Read | Access::Write => room.published_sections(document),
    });
    let sections = read.await.map_err(|_| Problem::unavailable(caller.language))?.ok_or_else(not_found)?;
    Ok(Json(sections.into_iter().map(SectionContent::from).collect()))
}
