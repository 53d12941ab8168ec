//! Tickets: how a program or a browser gets to a document's WebSocket.

use crate::{app::App, auth::Caller, clock::now, problem::Problem};
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
    responses((status = 200, body = TicketView), (status = 404, body = Problem)))]
pub async fn ticket(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(document): Path<DocumentId>,
) -> Result<Json<TicketView>, Problem> {
    let not_found = || Problem::not_found(caller.language);
    let room = app.room_of_document(document).ok_or_else(not_found)?;
    let user = caller.identity.user.clone();
    let access = room
        .read(move |room| room.meeting().access(room.actor(&user).as_ref(), document))
        .await
        .map_err(|_| Problem::unavailable(caller.language))?;
    if access == Access::None {
        return Err(not_found());
    }
    let issued = app.tickets.issue(&caller.identity, document, now());
    let (ticket, expires) = issued.map_err(|error| Problem::bad_token(&error, caller.language))?;
    let user = caller.identity.user;
    Ok(Json(TicketView { url: format!("/sync?ticket={ticket}"), document, user, expires }))
}
