//! The access log over HTTP: the secretariat's way to read it. It is written by [`super::access_layer`].

use super::{
    own_forum,
    trail_file::{FileFormat, FormatQuery, iso},
    trail_source::require_secretariat,
};
use crate::{
    access::{self, Choice, Looked, Lookup},
    app::App,
    auth::Caller,
    clock::now,
    csv,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    event::Position,
    forum::Forum,
    id::{ForumId, UserId},
    language::Language,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use std::{io, sync::Arc};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

/// Lines of a page.
const PAGE_LINES: usize = 100;
/// Pieces of a file that wait for a slow reader.
const PIECES_WAITING: usize = 4;
/// Bytes of a piece.
const PIECE_BYTES: usize = 64 * 1024;

pub(super) fn failed(error: &io::Error, language: Language) -> Problem {
    tracing::error!(%error, "the access log cannot be written or read");
    Problem::unavailable(language)
}

#[derive(Deserialize, IntoParams)]
pub struct AccessQuery {
    /// "2026-11", in UTC; the newest that has lines, if it is left out.
    month: Option<String>,
    /// Only what this person looked at.
    person: Option<UserId>,
    what: Option<Looked>,
    /// True: only what was refused or could not be read.
    #[serde(default)]
    refused: bool,
    /// The `next` of an earlier page.
    before: Option<u64>,
    /// "da" (default) or "en".
    lang: Option<String>,
}

impl AccessQuery {
    fn choice(&self, forum: ForumId) -> Choice {
        Choice { forum, person: self.person.clone(), what: self.what, refused: self.refused }
    }
}

#[derive(Serialize, ToSchema)]
pub struct AccessView {
    month: String,
    /// That have a file, newest first.
    months: Vec<String>,
    /// Newest first.
    lines: Vec<AccessLine>,
    /// Where the next page begins; null on the last one.
    #[schema(required)]
    next: Option<u64>,
    /// Lines of the month's file that cannot be read.
    unreadable: u64,
    /// The members, for the filter.
    people: Vec<Person>,
}

#[derive(Serialize, ToSchema)]
pub struct AccessLine {
    #[serde(flatten)]
    access: Lookup,
    /// Day of the meeting that was looked at.
    #[schema(required)]
    meeting_date: Option<String>,
}

/// Who looked back in what belongs to a forum. The secretariat's.
#[utoipa::path(get, path = "/api/forums/{forum}/access", params(("forum" = ForumId, Path), AccessQuery),
    responses((status = 200, body = AccessView), (status = "4XX", body = Problem)))]
pub async fn log(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(query): Query<AccessQuery>,
) -> Result<Json<AccessView>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    require_secretariat(&forum, &caller)?;
    let folder = app.access.folder().to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let months = access::months(&folder)?;
        let month = query.month.clone().or_else(|| months.first().cloned());
        let month = month.unwrap_or_else(|| iso(now()).chars().take(7).collect());
        let found = access::page(&folder, &month, &query.choice(id), query.before, PAGE_LINES)?;
        Ok((months, month, found))
    });
    let (months, month, found) =
        read.await.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error: io::Error| {
            match error.kind() {
                io::ErrorKind::InvalidInput => bad_month(caller.language),
                _ => failed(&error, caller.language),
            }
        })?;
    let line = |access: Lookup| {
        let entry = access.meeting.and_then(|meeting| app.directory.meeting(meeting));
        AccessLine { access, meeting_date: entry.map(|entry| entry.date.to_string()) }
    };
    let lines = found.lines.into_iter().map(line).collect();
    let (next, unreadable, people) = (found.next, found.unreadable, everyone(&forum));
    Ok(Json(AccessView { month, months, lines, next, unreadable, people }))
}

fn everyone(forum: &Forum) -> Vec<Person> {
    let mut people: Vec<Person> = forum.members.keys().map(|user| person(forum, user)).collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people
}

fn bad_month(language: Language) -> Problem {
    Problem::bad_request(language.pick("Skriv måneden som 2026-11.", "Write the month as 2026-11."), language)
}

/// A month of the access log as a file, as far as it is wanted. The secretariat's.
#[utoipa::path(get, path = "/api/forums/{forum}/access/file",
    params(("forum" = ForumId, Path), FormatQuery, AccessQuery),
    responses((status = 200, content((Lookup = "application/jsonl"), (String = "text/csv"))),
        (status = "4XX", body = Problem)))]
pub async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(FormatQuery { format }): Query<FormatQuery>,
    Query(query): Query<AccessQuery>,
) -> Result<Response, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    require_secretariat(&forum, &caller)?;
    let language = query.lang.as_deref().map_or(caller.language, Language::from_tag);
    let month = query.month.clone().ok_or_else(|| bad_month(language))?;
    let name = format!("{}-{month}", language.pick("adgangslog", "access-log"));
    let (folder, choice) = (app.access.folder().to_owned(), query.choice(id));
    let (pieces, waiting) = mpsc::channel::<io::Result<String>>(PIECES_WAITING);
    tokio::task::spawn_blocking(move || {
        let mut piece = start(format, language);
        let each = |access| {
            piece.push_str(&written(&access, format, language));
            piece.len() < PIECE_BYTES || pieces.blocking_send(Ok(std::mem::take(&mut piece))).is_ok()
        };
        let end = access::all(&folder, &month, &choice, each);
        // Whoever asked may have gone.
        drop(pieces.blocking_send(end.map(|()| piece)));
    });
    Ok(format.answer(&name, Body::from_stream(ReceiverStream::new(waiting))))
}

fn start(format: FileFormat, language: Language) -> String {
    let headings = language.pick(
        [
            "Tid (UTC)",
            "Bruger",
            "Navn",
            "Stilling",
            "Roller",
            "Så",
            "Møde-id",
            "Punkt-id",
            "Position",
            "Fra position",
            "Svar",
            "Adresse",
        ],
        [
            "Time (UTC)",
            "User",
            "Name",
            "Title",
            "Roles",
            "Saw",
            "Meeting id",
            "Item id",
            "Position",
            "From position",
            "Answer",
            "Address",
        ],
    );
    match format {
        FileFormat::Csv => format!("{}{}", csv::MARK, csv::line(headings)),
        FileFormat::Jsonl => String::new(),
    }
}

fn written(access: &Lookup, format: FileFormat, language: Language) -> String {
    if format == FileFormat::Jsonl {
        let timed = Timed { time: iso(access.at), access };
        return format!("{}\n", serde_json::to_string(&timed).unwrap_or_default());
    }
    let roles: Vec<&str> = access.roles.iter().map(|role| role.word(language)).collect();
    let position = |at: Option<Position>| at.map_or_else(String::new, |at| at.to_string());
    csv::line([
        iso(access.at).as_str(),
        access.user.as_str(),
        access.name.as_str(),
        access.title.as_str(),
        roles.join(", ").as_str(),
        access.what.word(language),
        access.meeting.map_or_else(String::new, |id| id.to_string()).as_str(),
        access.item.map_or_else(String::new, |id| id.to_string()).as_str(),
        position(access.moment).as_str(),
        position(access.since).as_str(),
        access.outcome.word(language),
        access.path.as_deref().unwrap_or_default(),
    ])
}

/// A line with its time as people write it.
#[derive(Serialize)]
struct Timed<'a> {
    time: String,
    #[serde(flatten)]
    access: &'a Lookup,
}
