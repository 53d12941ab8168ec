//! The audit trail as a file: CSV for a spreadsheet, JSON Lines for a program. One line for each
//! event, in the order of the log, with the leaf hash of its commit, by which a proof is joined to
//! it. The file is written while it is sent.

use super::{
    disposition::disposition,
    trail::{TrailItem, TrailQuery},
    trail_source::{Commits, Telling, Whose},
};
use crate::{app::App, auth::Caller, csv, problem::Problem};
use agenda::{
    event::{Position, Recorded, Role, Timestamp},
    history::{ForumChronicle, HistoryKind, Line, OnAgenda, Wanted},
    id::{ForumId, Hash, ItemId, MeetingId, UserId},
    language::Language,
};
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use eventlog::{EventLog, ReadError};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};
use tokio::task::JoinError;
use utoipa::{IntoParams, ToSchema};

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
    /// The meeting that it is about; null for what is about no single one.
    #[schema(required)]
    meeting: Option<MeetingId>,
    /// SHA-256 of the stored commit as RFC 6962 hashes a leaf; in hex.
    leaf: String,
}

/// "2026-11-22T08:15:00.25Z".
pub(super) fn iso(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |time| time.to_string())
}

fn headings(language: Language) -> [&'static str; 15] {
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
            "Møde-id",
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
            "Meeting id",
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
            self.meeting.map_or_else(String::new, |id| id.to_string()).as_str(),
        ])
    }

    fn json(&self) -> String {
        let line = serde_json::to_string(self).unwrap_or_default();
        format!("{line}\n")
    }
}

/// Why a file ends before its time.
#[derive(Debug, thiserror::Error)]
enum Torn {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the tree has no commit at position {0}")]
    NoLeaf(Position),
    #[error("reading was interrupted: {0}")]
    Interrupted(#[from] JoinError),
}

/// Makes lines of commits.
struct Writer {
    log: Arc<dyn EventLog>,
    telling: Telling,
    wanted: Wanted,
    roles: ForumChronicle,
    items: BTreeMap<ItemId, OnAgenda>,
    format: FileFormat,
    language: Language,
}

impl Writer {
    fn write(&mut self, batch: &[Arc<Recorded>]) -> Result<String, Torn> {
        let mut text = String::new();
        for recorded in batch {
            for entry in self.telling.tell(recorded) {
                if self.wanted.takes(&entry, &self.roles, &self.items, self.language) {
                    text.push_str(&self.line(&Line::of(&entry, &self.roles, self.language))?);
                }
            }
        }
        Ok(text)
    }

    fn line(&self, line: &Line) -> Result<String, Torn> {
        let record = TrailRecord {
            position: line.position,
            sequence: line.sequence,
            stream: line.stream.to_string(),
            time: iso(line.at),
            user: &line.by,
            name: &line.name,
            title: &line.title,
            roles: &line.roles,
            kind: line.kind,
            event: line.event,
            item: line.item.map(|item| TrailItem::of(&self.items, item)),
            sentence: &line.sentence,
            meeting: line.meeting,
            leaf: self.leaf(line.position)?.to_string(),
        };
        Ok(match self.format {
            FileFormat::Csv => record.csv(self.language),
            FileFormat::Jsonl => record.json(),
        })
    }

    /// The commit's hash, as the log's tree has it.
    fn leaf(&self, position: Position) -> Result<Hash, Torn> {
        let tree = self.log.tree();
        let tree = tree.read().unwrap_or_else(PoisonError::into_inner);
        tree.commit(position.0).ok_or(Torn::NoLeaf(position))
    }
}

/// What is still to be written.
struct Rest {
    commits: Commits,
    writer: Writer,
}

impl Rest {
    /// The next piece that says something, and what comes after it.
    async fn next(mut self) -> Result<Option<(String, Self)>, Torn> {
        loop {
            let batch = self.commits.next().await?;
            if batch.is_empty() {
                return Ok(None);
            }
            let Self { commits, mut writer } = self;
            let (text, writer) = tokio::task::spawn_blocking(move || (writer.write(&batch), writer)).await?;
            self = Self { commits, writer };
            let text = text?;
            if !text.is_empty() {
                return Ok(Some((text, self)));
            }
        }
    }
}

/// What fails on the way cuts the answer off, so that no half file is taken for a whole one. The name says
/// how far the log had come.
async fn file(
    app: &App,
    caller: &Caller,
    whose: Whose,
    query: &TrailQuery,
    format: FileFormat,
    name: &str,
) -> Result<Response, Problem> {
    let language = query.language(caller);
    let start = match format {
        FileFormat::Csv => Some(Ok(format!("{}{}", csv::MARK, csv::line(headings(language))))),
        FileFormat::Jsonl => None,
    };
    let writer = Writer {
        log: app.log.clone(),
        telling: whose.telling(app),
        wanted: query.wanted(),
        roles: whose.roles(app, caller).await?,
        items: whose.items(app, caller).await?,
        format,
        language,
    };
    let rest = Rest { commits: whose.commits(app, query.checkpoints()), writer };
    let written = stream::iter(start).chain(stream::try_unfold(rest, Rest::next)).fuse();
    let until = language.pick("til-position", "to-position");
    Ok(format.answer(&format!("{name}-{until}-{}", whose.until), Body::from_stream(written)))
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
    let whose = Whose::meeting(&app, &caller, id).await?;
    let date = app.directory.meeting(id).map_or_else(String::new, |entry| format!("-{}", entry.date));
    let name = query.language(&caller).pick("revisionsspor", "audit-trail");
    file(&app, &caller, whose, &query, format.format, &format!("{name}{date}")).await
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
    let whose = Whose::forum(&app, &caller, id).await?;
    let name = query.language(&caller).pick("revisionsspor-forum", "audit-trail-forum");
    file(&app, &caller, whose, &query, format.format, name).await
}
