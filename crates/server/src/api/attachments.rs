//! The files of attachments: how they come in, and how they are served to members and, of a
//! published agenda, to everyone. A closed one is for members alone.

use super::{
    command_meta, command_problem, disposition::disposition, drafts::draft_withheld, own_meeting, published,
    read_meeting,
};
use crate::{
    app::{App, CommandError},
    auth::{Caller, language},
    clock::now,
    files::{ByteStream, IntakeError, drain},
    problem::Problem,
    view::CreatedAttachment,
};
use agenda::{
    event::{AttachedFile, FileKind},
    id::{AttachmentId, CommandId, ItemId, MeetingId},
    language::Language,
    live::CommandMeta,
    meeting::{Attachment, MeetingCommand},
    rejection::Rejection,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// What a served file may do in a browser: nothing at all.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// A file of an edition never changes.
const PUBLIC_CACHE: &str = "public, max-age=31536000, immutable";
const MEMBERS_CACHE: &str = "private, no-cache";

#[derive(Deserialize, IntoParams)]
pub struct UploadQuery {
    /// Names the command, so that a retry is carried out once.
    id: CommandId,
    /// The file's name.
    file: String,
}

/// Gives an item a new attachment; the body is the file. Its title is the file's name.
#[utoipa::path(post, path = "/api/meetings/{meeting}/items/{item}/attachments",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = CreatedAttachment), (status = "4XX", body = Problem)))]
pub async fn upload(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
    Query(query): Query<UploadQuery>,
    body: Body,
) -> Result<Json<CreatedAttachment>, Problem> {
    let name = title_of(&query.file);
    let command = |file| MeetingCommand::AttachFile { item, name, file };
    take_in(&app, &caller, (meeting, item), &query, body, command).await
}

/// A new version of an attachment's file; what it was before stays.
#[utoipa::path(post, path = "/api/meetings/{meeting}/items/{item}/attachments/{attachment}/versions",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), ("attachment" = AttachmentId, Path), UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = CreatedAttachment), (status = "4XX", body = Problem)))]
pub async fn replace(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item, attachment)): Path<(MeetingId, ItemId, AttachmentId)>,
    Query(query): Query<UploadQuery>,
    body: Body,
) -> Result<Json<CreatedAttachment>, Problem> {
    let command = |file| MeetingCommand::ReplaceFile { item, attachment, file };
    take_in(&app, &caller, (meeting, item), &query, body, command).await
}

async fn take_in(
    app: &Arc<App>,
    caller: &Caller,
    (meeting, item): (MeetingId, ItemId),
    query: &UploadQuery,
    body: Body,
    command: impl FnOnce(AttachedFile) -> MeetingCommand,
) -> Result<Json<CreatedAttachment>, Problem> {
    if let Err(problem) = may_attach(app, caller, meeting, item).await {
        drain(body).await;
        return Err(problem);
    }
    let file = app.files.take_in(&query.file, body).await;
    let (file, naming) = file.map_err(|error| intake_problem(&error, caller.language))?;
    let stored = file.stored();
    let (meta, command): (CommandMeta, _) = (command_meta(caller, query.id), command(file));
    let to_name_it = app.clone();
    let done = App::to_the_end(async move {
        let _naming = naming;
        let done = to_name_it.command(meeting, &meta, &command).await;
        if matches!(done, Err(CommandError::Rejected(_))) {
            to_name_it.files.never_named(stored).await;
        }
        done
    })
    .await;
    let done = done.map_err(|error| command_problem(&error, caller))?;
    Ok(Json(CreatedAttachment {
        position: done.position,
        created: done.created.map(AttachmentId::from_bytes),
    }))
}

/// Asked before the file is taken in; the command decides it again.
async fn may_attach(app: &App, caller: &Caller, meeting: MeetingId, item: ItemId) -> Result<(), Problem> {
    let user = caller.identity.user.clone();
    let may = read_meeting(app, caller, meeting, move |room| {
        let actor = room.actor(&user).ok_or(Rejection::NotMember)?;
        room.meeting().require_attach(&actor, item)
    });
    may.await?.map_err(|rejection| Problem::rejected(&rejection, caller.language))
}

fn intake_problem(error: &IntakeError, language: Language) -> Problem {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let refused = language.pick("Filen kan ikke bruges som bilag", "The file cannot be an attachment");
    match error {
        IntakeError::Refused(why @ attachment::Refusal::TooLarge) => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file-refused", refused, why.explain(language))
        }
        IntakeError::Refused(why) => {
            Problem::new(unprocessable, "file-refused", refused, why.explain(language))
        }
        IntakeError::Infected(what) => {
            tracing::warn!(what, "a file was refused by the virus scanner");
            let detail = language.pick(
                format!("Viruskontrollen fandt {what}. Slet filen, og kontakt it-afdelingen."),
                format!("The virus scanner found {what}. Delete the file and tell your IT department."),
            );
            Problem::new(unprocessable, "file-infected", refused, detail)
        }
        IntakeError::ScannerAway(why) => {
            tracing::error!(why, "the virus scanner did not answer");
            let (title, detail) = language.pick(
                ("Filen kunne ikke kontrolleres for virus", "Prøv igen om lidt. Filen er ikke gemt."),
                ("The file could not be checked for viruses", "Try again shortly. The file is not kept."),
            );
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "scanner-away", title, detail)
        }
        IntakeError::Cut => {
            let (title, detail) = language.pick(
                ("Filen nåede ikke frem", "Forbindelsen blev afbrudt. Læg filen op igen."),
                ("The file did not arrive", "The connection was lost. Upload the file again."),
            );
            Problem::new(StatusCode::BAD_REQUEST, "file-cut", title, detail)
        }
        IntakeError::Busy => Problem::too_many(language),
        IntakeError::Storage(error) => {
            tracing::error!(%error, "a file could not be stored");
            Problem::unavailable(language)
        }
    }
}

/// "Kort over havnen.pdf" -> "Kort over havnen".
fn title_of(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).trim();
    if stem.is_empty() { file.to_owned() } else { stem.to_owned() }
}

#[derive(Deserialize, IntoParams)]
pub struct FileQuery {
    /// An earlier version, counted from 1; by default the newest.
    version: Option<usize>,
}

/// An attachment's file, for members.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/attachments/{attachment}",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), ("attachment" = AttachmentId, Path), FileQuery),
    responses((status = 200, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
pub async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item, attachment)): Path<(MeetingId, ItemId, AttachmentId)>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Problem> {
    own_meeting(&app, &caller, meeting)?;
    let user = caller.identity.user.clone();
    let found = read_meeting(&app, &caller, meeting, move |room| {
        let known = room.meeting().item(item)?.attachment(attachment)?;
        let wanted = query.version.unwrap_or(known.versions.len());
        let viewer = room.viewer(&user, now());
        let shown = viewer.versions(known).any(|(number, _)| number == wanted);
        let version = known.versions.get(wanted.checked_sub(1)?)?;
        Some(if shown { Ok(served(known, &version.file)) } else { Err(viewer.withheld) })
    });
    let found = found.await?.ok_or_else(|| Problem::not_found(caller.language))?;
    let found = found.map_err(|withheld| draft_withheld(&withheld, &caller))?;
    respond(&app, &found, MEMBERS_CACHE, caller.language).await
}

/// The file of an attachment of a published edition, for everyone. Closed ones are not there.
#[utoipa::path(get, path = "/dagsorden/{meeting}/{edition}/punkt/{point}/bilag/{number}",
    params(("meeting" = MeetingId, Path), ("edition" = u32, Path), ("point" = u32, Path), ("number" = u32, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
pub async fn published(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path((meeting, edition, point, number)): Path<(MeetingId, u32, u32, u32)>,
) -> Result<Response, Problem> {
    let language = language(&headers);
    app.directory.meeting(meeting).ok_or_else(|| Problem::not_found(language))?;
    let edition = app.editions.edition(meeting, edition).await;
    let edition = edition.map_err(|error| published::refusal(&error, meeting, language))?;
    let file = edition.attachment(point, number).ok_or_else(|| Problem::not_found(language))?;
    let known = edition.attached.get(&file.sha256).ok_or_else(|| Problem::not_found(language))?;
    let served = Served { title: file.title.clone(), file: known.clone() };
    respond(&app, &served, PUBLIC_CACHE, language).await
}

/// What an answer with a file says of it.
struct Served {
    title: String,
    file: AttachedFile,
}

fn served(attachment: &Attachment, file: &AttachedFile) -> Served {
    Served { title: attachment.name.clone(), file: file.clone() }
}

async fn respond(
    app: &App,
    Served { title, file }: &Served,
    cache: &'static str,
    language: Language,
) -> Result<Response, Problem> {
    let pieces: Option<ByteStream> = app.files.read(file).await.unwrap_or_else(|error| {
        tracing::error!(%error, sha256 = %file.stored(), "a stored file cannot be read");
        None
    });
    let pieces = pieces.ok_or_else(|| {
        tracing::error!(sha256 = %file.stored(), "a file that the log names is not stored");
        Problem::unavailable(language)
    })?;
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    for (name, value) in [
        (header::CONTENT_TYPE, file.kind.media_type()),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, cache),
        (corp, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    let shown = if file.kind.is_shown_inline() { "inline" } else { "attachment" };
    if let Ok(disposition) = HeaderValue::from_str(&disposition(shown, &file_name(title, file.kind))) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// The title as a name that every file system takes, with the ending of its kind.
fn file_name(title: &str, kind: FileKind) -> String {
    let safe = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c };
    let name: String = title.chars().map(safe).collect();
    let name = name.trim_matches(['.', ' ']);
    let name = if name.is_empty() { "Bilag" } else { name };
    let extension = kind.extensions().first().copied().unwrap_or_default();
    if FileKind::of_name(name) == Some(kind) { name.to_owned() } else { format!("{name}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_so_that_every_browser_and_disk_takes_it() {
        assert_eq!(file_name("../a\"b", FileKind::Csv), "-a-b.csv");
        assert_eq!(file_name("Budget.xlsx", FileKind::Xlsx), "Budget.xlsx");
        assert_eq!(file_name("Budget.pdf", FileKind::Xlsx), "Budget.pdf.xlsx");
        assert_eq!(file_name(" .. ", FileKind::Png), "Bilag.png");
    }

    #[test]
    fn a_title_is_the_name_without_its_ending() {
        let titles = ["Kort over havnen.pdf", "Referat 1. del.docx", "uden ending", ".pdf"].map(title_of);
        assert_eq!(titles, ["Kort over havnen", "Referat 1. del", "uden ending", ".pdf"]);
    }
}
