//! The published agenda: a page for everyone, made from frozen content alone, at an address that
//! stays, with the same agenda below it in every format. `udkast` instead of a number is the draft
//! as it would be published, for members.

use super::{disposition::disposition, own_meeting};
use crate::{
    app::App,
    auth::{Caller, MaybeCaller, language},
    edition::{EditionError, Erased},
    editions::FileError,
    notices::notices,
    problem::Problem,
    seals::{EditionId, Seals},
    worker::WorkError,
};
use agenda::{
    id::{Hash, MeetingId},
    language::Language,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use publish::{Artefact, RenderError, Stand, html};
use std::sync::Arc;

const DRAFT: &str = "udkast";

/// A published file may be kept, but is asked for again: the program that makes it may change.
const PUBLISHED_CACHING: &str = "no-cache";
const DRAFT_CACHING: &str = "no-store";
/// A file is for the disk: if a browser shows it all the same, it may do nothing.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The edition of a meeting that holds: of its minutes, or else of its agenda.
#[utoipa::path(get, path = "/dagsorden/{meeting}", params(("meeting" = MeetingId, Path)),
    responses((status = 307), (status = 404, body = Problem)))]
pub async fn latest(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
) -> Result<Redirect, Problem> {
    let not_found = || Problem::not_found(language(&headers));
    let room = app.room(id).ok_or_else(not_found)?;
    let main = room.read(|room| room.meeting().main_edition().map(|p| p.edition)).await;
    let edition = main.map_err(|_| Problem::unavailable(language(&headers)))?.ok_or_else(not_found)?;
    Ok(Redirect::temporary(&format!("/dagsorden/{id}/{edition}")))
}

/// One edition as a page; public. `udkast` is the draft as it would be published, for members.
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
    let address = format!("/dagsorden/{id}/{edition}");
    let page = match which(&app, caller, id, &edition, language)? {
        Which::Draft => app.editions.draft_page(id, &address).await,
        Which::Edition(number) => {
            let notices = around(&app, id, number, language).await?;
            app.editions.edition(id, number).await.map(|edition| {
                let stand = Stand::Published(&edition.proof);
                html::served(&edition.publication, stand, &address, &notices)
            })
        }
    };
    let page = match page {
        Err(FileError::Edition(EditionError::Erased(erased))) => {
            return Ok(gone(
                &erased,
                &around(&app, id, edition.parse().unwrap_or_default(), language).await?,
            ));
        }
        page => page.map_err(|error| refusal(&error, id, language))?,
    };
    let policy = (header::CONTENT_SECURITY_POLICY, html::content_security_policy());
    Ok(([policy, (header::CACHE_CONTROL, caching(&edition).to_owned())], Html(page)).into_response())
}

/// Words that an edition was published with are gone.
fn gone(erased: &Erased, notices: &[html::Notice]) -> Response {
    let policy = (header::CONTENT_SECURITY_POLICY, html::content_security_policy());
    let page = html::gone(&erased.explain(Language::Danish), notices);
    let about = [policy, (header::CACHE_CONTROL, PUBLISHED_CACHING.to_owned())];
    (StatusCode::GONE, about, Html(page)).into_response()
}

/// What the page says of other editions now.
async fn around(
    app: &App,
    id: MeetingId,
    number: u32,
    language: Language,
) -> Result<Vec<html::Notice>, Problem> {
    let room = app.room(id).ok_or_else(|| Problem::not_found(language))?;
    let notices = room.read(move |room| notices(room.meeting(), number)).await;
    notices.map_err(|_| Problem::unavailable(language))
}

/// The agenda as a file: `dagsorden.pdf`, `-samlet.pdf`, `.html`, `.docx`, `.md`, `.json`, `.oparl.json`,
/// `.akn.xml`, `.sbsys.xml`, or `.zip` with all of them.
#[utoipa::path(get, path = "/dagsorden/{meeting}/{edition}/{file}",
    params(("meeting" = MeetingId, Path), ("edition" = String, Path, description = "a number, or `udkast`"),
        ("file" = String, Path, description = "`dagsorden.pdf` and the like")),
    responses((status = 200, content_type = "application/octet-stream"), (status = "4XX", body = Problem)))]
pub async fn file(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    MaybeCaller(caller): MaybeCaller,
    Path((id, edition, file)): Path<(MeetingId, String, String)>,
) -> Result<Response, Problem> {
    download(&app, &headers, caller, (id, &edition), &file).await
}

/// One item as a file for the case system: `punkt-1.html`, `.docx` or `.json`.
#[utoipa::path(get, path = "/dagsorden/{meeting}/{edition}/punkter/{file}",
    params(("meeting" = MeetingId, Path), ("edition" = String, Path, description = "a number, or `udkast`"),
        ("file" = String, Path, description = "`punkt-1.docx` and the like")),
    responses((status = 200, content_type = "application/octet-stream"), (status = "4XX", body = Problem)))]
pub async fn item_file(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    MaybeCaller(caller): MaybeCaller,
    Path((id, edition, file)): Path<(MeetingId, String, String)>,
) -> Result<Response, Problem> {
    download(&app, &headers, caller, (id, &edition), &format!("punkter/{file}")).await
}

enum Which {
    Draft,
    Edition(u32),
}

/// What an address means to this caller. Outsiders cannot tell whether there is a draft.
fn which(
    app: &App,
    caller: Option<Caller>,
    id: MeetingId,
    edition: &str,
    language: Language,
) -> Result<Which, Problem> {
    if edition == DRAFT {
        let caller = caller.ok_or_else(|| Problem::not_signed_in(language))?;
        return own_meeting(app, &caller, id).map(|_| Which::Draft);
    }
    let number = edition.parse().ok().filter(|_| app.directory.meeting(id).is_some());
    number.map(Which::Edition).ok_or_else(|| Problem::not_found(language))
}

async fn download(
    app: &App,
    headers: &HeaderMap,
    caller: Option<Caller>,
    (id, edition): (MeetingId, &str),
    path: &str,
) -> Result<Response, Problem> {
    let language = language(headers);
    let artefact = Artefact::at(path).ok_or_else(|| Problem::not_found(language))?;
    let made = match which(app, caller, id, edition, language)? {
        Which::Draft => app.editions.draft_file(id, artefact).await.map(Arc::new),
        Which::Edition(number) => {
            let file = app.editions.file(id, number, artefact).await;
            if let Ok(file) = &file {
                keep_sealed(app, (id, number), path, file.hash);
            }
            file
        }
    };
    let file = made.map_err(|error| refusal(&error, id, language))?;
    let tag = format!("\"{}\"", file.hash);
    let about = [
        (header::CACHE_CONTROL, caching(edition).to_owned()),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY.to_owned()),
        (header::CONTENT_DISPOSITION, disposition("attachment", &file.name)),
        (header::ETAG, tag.clone()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [(header::CONTENT_TYPE, file.artefact.format().media_type())];
    Ok((about, kind, file.bytes.clone()).into_response())
}

/// A program that makes other bytes than the one before it signs for them too.
fn keep_sealed(app: &App, edition: EditionId, path: &str, sha256: Hash) {
    let sealed = |seals: &Seals| seals.newest(edition).is_some() && !seals.names(edition, path, sha256);
    if app.directory.seals(sealed) {
        app.outdated.add(edition);
    }
}

fn caching(edition: &str) -> &'static str {
    if edition == DRAFT { DRAFT_CACHING } else { PUBLISHED_CACHING }
}

/// What a caller is told when there is no edition, or no file of it.
pub fn refusal(error: &FileError, id: MeetingId, language: Language) -> Problem {
    match error {
        FileError::Edition(EditionError::NoEdition(_) | EditionError::NoMeeting)
        | FileError::Work(WorkError::Refused(RenderError::NoItem { .. } | RenderError::NotOfItems(_))) => {
            Problem::not_found(language)
        }
        FileError::Edition(EditionError::Erased(erased)) => Problem::gone(erased, language),
        FileError::Work(error @ (WorkError::Refused(_) | WorkError::TooSlow(_) | WorkError::TooLarge(_))) => {
            tracing::warn!(%error, meeting = %id, "a file was refused");
            Problem::no_file(StatusCode::UNPROCESSABLE_ENTITY, error.explain(language), language)
        }
        FileError::Work(error) => {
            tracing::error!(%error, meeting = %id, "a file could not be made");
            Problem::no_file(StatusCode::SERVICE_UNAVAILABLE, error.explain(language), language)
        }
        error => {
            tracing::error!(%error, meeting = %id, "an edition cannot be read");
            Problem::unavailable(language)
        }
    }
}
