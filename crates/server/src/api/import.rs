//! Import over HTTP: the file is the body; `dry_run` shows what would be made.

use super::{command_meta, command_problem, own_forum};
use crate::{
    app::App,
    auth::Caller,
    clock::fresh,
    import::{MAX_FILE_BYTES, carry_out},
    problem::Problem,
};
use agenda::{
    event::CommandKind,
    id::{CommandId, ForumId, MeetingId},
};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
pub struct ImportQuery {
    /// The file's name, kept with every event.
    file: String,
    /// True: show what would be made, and make nothing.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ImportDone {
    /// As `dagsorden import --dry-run --format json` prints it.
    #[schema(value_type = Object)]
    imported: import::Imported,
    #[schema(required)]
    meeting: Option<MeetingId>,
}

/// Imports a published agenda or minutes (plain text or Markdown); the secretariat's.
#[utoipa::path(post, path = "/api/forums/{forum}/import", params(("forum" = ForumId, Path), ImportQuery),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = ImportDone), (status = "4XX", body = Problem)))]
pub async fn import(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(query): Query<ImportQuery>,
    body: Bytes,
) -> Result<Json<ImportDone>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    let actor = forum.actor(&caller.identity.user).ok_or_else(|| Problem::not_found(caller.language))?;
    if let Err(rejection) = actor.require_secretariat() {
        if !query.dry_run {
            let meta = command_meta(&caller, CommandId::from_bytes(fresh()));
            let recorded = app.forums.refused(id, &meta, CommandKind::ImportAgenda, &rejection).await;
            recorded.map_err(|error| command_problem(&error.into(), &caller))?;
        }
        return Err(Problem::rejected(&rejection, caller.language));
    }
    let unreadable = caller.language.pick(
        "Filen er ikke ren tekst (UTF-8), eller den er for stor. Gem den som tekst eller Markdown.",
        "The file is not plain text (UTF-8), or it is too large. Save it as text or Markdown.",
    );
    let text = String::from_utf8(body.into()).ok().filter(|text| text.len() <= MAX_FILE_BYTES);
    let text = text.ok_or_else(|| Problem::bad_request(unreadable, caller.language))?;
    let parsed = tokio::task::spawn_blocking(move || import::parse(&text)).await;
    let imported = parsed.map_err(|_| Problem::bad_request(unreadable, caller.language))?;
    let meeting = if query.dry_run {
        None
    } else {
        let (user, session) = (&caller.identity.user, caller.identity.session);
        let file: String = query.file.chars().take(200).collect();
        let made = carry_out(&app, &forum, user, session, &file, &imported).await;
        Some(made.map_err(|error| command_problem(&error, &caller))?.meeting)
    };
    Ok(Json(ImportDone { imported, meeting }))
}
