//! The audit trail as a file: CSV for a spreadsheet, JSON Lines for a program. One line for each
//! event, in the order of the log, with the leaf hash of its commit, by which a proof is joined to
//! it. The file is written while it is sent.

use super::{
    disposition::disposition,
    trail::{Grain, Trail, TrailItem, TrailQuery},
};
use crate::{app::App, auth::Caller, csv, problem::Problem};
use agenda::{
    event::{Position, Role, Timestamp},
    history::{HistoryKind, Line, lines},
    id::{ForumId, Hash, MeetingId, UserId},
    language::Language,
};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use eventlog::EventLog;
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError};
use utoipa::{IntoParams, ToSchema};

/// Lines that are written together.
const LINES_AT_ONCE: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// UTF-8 with a mark in front, semicolons between, as a Danish Excel opens it.
    Csv,
    /// A JSON object on each line.
    Jsonl,
}

impl FileFormat {
    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl; charset=utf-8",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The answer that is saved under this name.
    pub fn answer(self, name: &str, body: Body) -> Response {
        let disposition = disposition("attachment", &format!("{name}.{}", self.extension()));
        let headers = [
            (header::CONTENT_TYPE, self.content_type()),
            (header::CONTENT_DISPOSITION, disposition.as_str()),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (headers, body).into_response()
    }
}

#[derive(Deserialize, IntoParams)]
pub struct FormatQuery {
    #[param(inline)]
    pub format: FileFormat,
}

/// One line of the file, as JSON.
#[derive(Serialize, ToSchema)]
pub struct TrailRecord<'a> {
    /// Of the commit, in the log.
    position: Position,
    /// Of the commit, in its stream.
    sequence: u64,
    stream: String,
    /// ISO 8601, UTC.
    time: String,
    user: &'a UserId,
    name: &'a str,
    /// Position and roles that the person held then.
    title: &'a str,
    roles: &'a [Role],
    kind: HistoryKind,
    /// The stored name of the event.
    event: &'a str,
    #[schema(required)]
    item: Option<TrailItem>,
    sentence: &'a str,
    /// SHA-256 of the stored commit as RFC 6962 hashes a leaf; in hex.
    leaf: String,
}

/// "2026-11-22T08:15:00.25Z".
pub(super) fn iso(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |time| time.to_string())
}

fn headings(language: Language) -> [&'static str; 14] {
    language.pick(
        [
            "Position",
            "Nr. i strøm",
            "Strøm",
            "Tid (UTC)",
            "Bruger",
            "Navn",
            "Stilling",
            "Roller",
            "Hændelse",
            "Punkt nr.",
            "Punkt",
            "Punkt-id",
            "Beskrivelse",
            "Blad (SHA-256)",
        ],
        [
            "Position",
            "No. in stream",
            "Stream",
            "Time (UTC)",
            "User",
            "Name",
            "Title",
            "Roles",
            "Event",
            "Item no.",
            "Item",
            "Item id",
            "Description",
            "Leaf (SHA-256)",
        ],
    )
}

impl TrailRecord<'_> {
    fn csv(&self, language: Language) -> String {
        let roles: Vec<&str> = self.roles.iter().map(|role| role.word(language)).collect();
        let item = self.item.as_ref();
        csv::line([
            self.position.to_string().as_str(),
            self.sequence.to_string().as_str(),
            self.stream.as_str(),
            self.time.as_str(),
            self.user.as_str(),
            self.name,
            self.title,
            roles.join(", ").as_str(),
            self.event,
            item.and_then(|item| item.number).map_or_else(String::new, |number| number.to_string()).as_str(),
            item.map_or("", |item| item.title.as_str()),
            item.map_or_else(String::new, |item| item.id.to_string()).as_str(),
            self.sentence,
            self.leaf.as_str(),
        ])
    }

    fn json(&self) -> String {
        let line = serde_json::to_string(self).unwrap_or_default();
        format!("{line}\n")
    }
}

impl Trail {
    fn write(&self, line: &Line, leaf: &Hash, format: FileFormat, language: Language) -> String {
        let record = TrailRecord {
            position: line.position,
            sequence: line.sequence,
            stream: self.stream_of(line).to_string(),
            time: iso(line.at),
            user: &line.by,
            name: &line.name,
            title: &line.title,
            roles: &line.roles,
            kind: line.kind,
            event: line.event,
            item: line.item.map(|item| self.item(item)),
            sentence: &line.sentence,
            leaf: leaf.to_string(),
        };
        match format {
            FileFormat::Csv => record.csv(language),
            FileFormat::Jsonl => record.json(),
        }
    }
}

/// The log's tree does not reach as far as its commits do.
#[derive(Debug, thiserror::Error)]
#[error("the tree has no commit at position {0}")]
struct NoLeaf(Position);

/// What is still to be written.
struct Rest {
    log: Arc<dyn EventLog>,
    trail: Trail,
    lines: std::vec::IntoIter<Line>,
    format: FileFormat,
    language: Language,
}

impl Rest {
    async fn next(mut self) -> Option<(Result<String, NoLeaf>, Self)> {
        let lines: Vec<Line> = self.lines.by_ref().take(LINES_AT_ONCE).collect();
        if lines.is_empty() {
            return None;
        }
        let leaves = self.leaves(&lines);
        let text = leaves.map(|leaves| {
            let pairs = lines.iter().zip(&leaves);
            pairs.map(|(line, leaf)| self.trail.write(line, leaf, self.format, self.language)).collect()
        });
        Some((text, self))
    }

    /// The commits' hashes, as the log's tree has them.
    fn leaves(&self, lines: &[Line]) -> Result<Vec<Hash>, NoLeaf> {
        let tree = self.log.tree();
        let tree = tree.read().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| tree.commit(line.position.0).ok_or(NoLeaf(line.position))).collect()
    }
}

/// What fails on the way cuts the answer off, so that no half file is taken for a whole one.
fn file(
    app: &App,
    caller: &Caller,
    trail: Trail,
    query: &TrailQuery,
    format: FileFormat,
    name: &str,
) -> Response {
    let language = query.language(caller);
    let wanted = query.wanted();
    let found = lines(&trail.entries, &trail.forum, &trail.items, &wanted, language);
    let lines: Vec<Line> = found.collect();
    let start = match format {
        FileFormat::Csv => Some(Ok(format!("{}{}", csv::MARK, csv::line(headings(language))))),
        FileFormat::Jsonl => None,
    };
    let rest = Rest { log: app.log.clone(), trail, lines: lines.into_iter(), format, language };
    let written = stream::iter(start).chain(stream::unfold(rest, Rest::next)).fuse();
    format.answer(name, Body::from_stream(written))
}

/// A meeting's trail as a file, as far as it is wanted. The secretariat's.
#[utoipa::path(get, path = "/api/meetings/{meeting}/trail/file",
    params(("meeting" = MeetingId, Path), FormatQuery, TrailQuery),
    responses((status = 200, content((TrailRecord = "application/jsonl"), (String = "text/csv"))),
        (status = "4XX", body = Problem)))]
pub async fn meeting_file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(format): Query<FormatQuery>,
    Query(query): Query<TrailQuery>,
) -> Result<Response, Problem> {
    let (trail, _) = Trail::of_meeting(&app, &caller, id, Grain::Event).await?;
    let date = app.directory.meeting(id).map_or_else(String::new, |entry| format!("-{}", entry.date));
    let name = query.language(&caller).pick("revisionsspor", "audit-trail");
    Ok(file(&app, &caller, trail, &query, format.format, &format!("{name}{date}")))
}

/// A forum's trail as a file, as far as it is wanted. The secretariat's.
#[utoipa::path(get, path = "/api/forums/{forum}/trail/file",
    params(("forum" = ForumId, Path), FormatQuery, TrailQuery),
    responses((status = 200, content((TrailRecord = "application/jsonl"), (String = "text/csv"))),
        (status = "4XX", body = Problem)))]
pub async fn forum_file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(format): Query<FormatQuery>,
    Query(query): Query<TrailQuery>,
) -> Result<Response, Problem> {
    let (trail, _) = Trail::of_forum(&app, &caller, id).await?;
    let name = query.language(&caller).pick("revisionsspor-forum", "audit-trail-forum");
    Ok(file(&app, &caller, trail, &query, format.format, name))
}
