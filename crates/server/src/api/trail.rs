//! The audit trail of a meeting and of a forum: all that was done and all that was refused, as
//! sentences, newest first, a page at a time. The secretariat's. Whole, it is taken out as a file
//! ([`super::trail_file`]).

use super::{meetings::unreadable, own_forum, own_meeting, past::chronicle};
use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    event::{Position, Role, Timestamp},
    forum::Forum,
    history::{Chronicle, Entry, ForumChronicle, HistoryKind, Line, OnAgenda, Wanted, lines},
    id::{ForumId, ItemId, MeetingId, StreamId, UserId},
    language::Language,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use utoipa::{IntoParams, ToSchema};

/// Lines of a page. A page goes on to the end of the commit that it ends in.
const PAGE_LINES: usize = 100;
/// Longest text that is searched for, in characters; the rest is left out.
const MAX_WORDS: usize = 200;

#[derive(Deserialize, IntoParams)]
pub struct TrailQuery {
    /// Only what this person did or tried.
    person: Option<UserId>,
    item: Option<ItemId>,
    kind: Option<HistoryKind>,
    /// From this moment on, in milliseconds since 1970 UTC.
    from: Option<i64>,
    /// Before this moment.
    until: Option<i64>,
    /// All of these words stand in the sentence or in the item's title.
    words: Option<String>,
    /// Only what is before this position: the `next` of an earlier page.
    before: Option<u64>,
    /// "da" (default) or "en".
    lang: Option<String>,
}

impl TrailQuery {
    pub(super) fn wanted(&self) -> Wanted {
        let words = self.words.as_deref().unwrap_or_default();
        Wanted {
            person: self.person.clone(),
            item: self.item,
            kind: self.kind,
            from: self.from.map(Timestamp),
            until: self.until.map(Timestamp),
            words: words.chars().take(MAX_WORDS).collect(),
        }
    }

    pub(super) fn language(&self, caller: &Caller) -> Language {
        self.lang.as_deref().map_or(caller.language, Language::from_tag)
    }
}

#[derive(Serialize, ToSchema)]
pub struct TrailView {
    /// Newest first.
    lines: Vec<TrailLine>,
    /// Where the next page begins; null on the last one.
    #[schema(required)]
    next: Option<Position>,
    /// Everyone who did or tried something, for the filter.
    people: Vec<Person>,
    kinds: Vec<HistoryKind>,
    items: Vec<TrailItem>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrailItem {
    pub id: ItemId,
    /// Null for one that is not on the agenda.
    #[schema(required)]
    pub number: Option<usize>,
    pub title: String,
}

#[derive(Serialize, ToSchema)]
pub struct TrailLine {
    position: Position,
    first_position: Position,
    at: Timestamp,
    user: UserId,
    name: String,
    /// Position and roles that the person held then.
    title: String,
    roles: Vec<Role>,
    kind: HistoryKind,
    #[schema(required)]
    item: Option<TrailItem>,
    /// The meeting that the line is about, in the forum's trail.
    #[schema(required)]
    meeting: Option<MeetingId>,
    sentence: String,
}

/// What a trail is made of.
pub(super) struct Trail {
    pub stream: StreamId,
    /// Oldest first.
    pub entries: Vec<Entry>,
    pub forum: ForumChronicle,
    pub items: BTreeMap<ItemId, OnAgenda>,
    /// Where a meeting was scheduled, in the forum's trail.
    pub meetings: BTreeMap<Position, MeetingId>,
}

/// Whether the lines are for reading or for a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// Edits in a row are one line.
    Joined,
    /// A line for each event.
    Event,
}

impl Trail {
    /// A meeting's, if the caller belongs to its secretariat.
    pub async fn of_meeting(
        app: &App,
        caller: &Caller,
        id: MeetingId,
        grain: Grain,
    ) -> Result<(Self, Arc<Forum>), Problem> {
        let forum = own_meeting(app, caller, id)?;
        require_secretariat(&forum, caller)?;
        let of_forum = forum_chronicle(app, caller, forum.id).await?;
        let chronicle = chronicle(app, caller, id).await?;
        let items = chronicle.meeting().map(OnAgenda::of).unwrap_or_default();
        let entries = match grain {
            Grain::Joined => chronicle.trail(),
            Grain::Event => chronicle.acts().to_vec(),
        };
        let (stream, meetings) = (StreamId::Meeting(id), BTreeMap::new());
        Ok((Self { stream, entries, forum: of_forum, items, meetings }, forum))
    }

    /// A forum's, with the meetings that were scheduled, if the caller belongs to its secretariat.
    pub async fn of_forum(app: &App, caller: &Caller, id: ForumId) -> Result<(Self, Arc<Forum>), Problem> {
        let forum = own_forum(app, caller, id)?;
        require_secretariat(&forum, caller)?;
        let of_forum = forum_chronicle(app, caller, id).await?;
        let (mut entries, mut meetings) = (of_forum.acts().to_vec(), BTreeMap::new());
        for (meeting, _) in app.directory.meetings_of(id) {
            let first = app.log.read(StreamId::Meeting(meeting), 1, 1).await;
            for recorded in first.map_err(|error| unreadable(&error, caller))? {
                let mut begun = Chronicle::new(meeting);
                begun.read(&recorded);
                meetings.insert(recorded.position, meeting);
                entries.extend_from_slice(begun.acts());
            }
        }
        entries.sort_by_key(|entry| entry.position);
        let (stream, items) = (StreamId::Forum(id), BTreeMap::new());
        Ok((Self { stream, entries, forum: of_forum, items, meetings }, forum))
    }

    /// The stream that a line stands in.
    pub fn stream_of(&self, line: &Line) -> StreamId {
        self.meetings.get(&line.position).map_or(self.stream, |meeting| StreamId::Meeting(*meeting))
    }

    pub fn item(&self, id: ItemId) -> TrailItem {
        let known = self.items.get(&id);
        let title = known.map_or_else(String::new, |item| item.title.clone());
        TrailItem { id, number: known.and_then(|item| item.number), title }
    }

    fn view(&self, forum: &Forum, query: &TrailQuery, language: Language) -> TrailView {
        let wanted = query.wanted();
        let before = query.before.map_or(u64::MAX, |before| before);
        let entries = self.entries.iter().rev().filter(|entry| entry.position.0 < before);
        let mut found = lines(entries, &self.forum, &self.items, &wanted, language).peekable();
        let mut page: Vec<Line> = Vec::new();
        while let Some(line) = found.next_if(|next| {
            let same_commit = page.last().is_some_and(|last| last.position == next.position);
            page.len() < PAGE_LINES || same_commit
        }) {
            page.push(line);
        }
        let next = found.peek().and(page.last()).map(|last| last.position);
        let mut kinds: Vec<HistoryKind> = self.entries.iter().map(|entry| entry.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let items = self.items.keys().map(|id| self.item(*id));
        let mut items: Vec<TrailItem> = items.collect();
        items.sort_by_key(|item| (item.number.is_none(), item.number));
        let lines = page.into_iter().map(|line| self.line(line)).collect();
        TrailView { lines, next, people: self.people(forum), kinds, items }
    }

    fn line(&self, line: Line) -> TrailLine {
        TrailLine {
            meeting: self.meetings.get(&line.position).copied(),
            position: line.position,
            first_position: line.first_position,
            at: line.at,
            user: line.by,
            name: line.name,
            title: line.title,
            roles: line.roles,
            kind: line.kind,
            item: line.item.map(|item| self.item(item)),
            sentence: line.sentence,
        }
    }

    fn people(&self, forum: &Forum) -> Vec<Person> {
        let mut users: Vec<&UserId> = self.entries.iter().map(|entry| &entry.by).collect();
        users.sort_unstable();
        users.dedup();
        let mut people: Vec<Person> = users.into_iter().map(|user| person(forum, user)).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        people
    }
}

pub(super) fn require_secretariat(forum: &Forum, caller: &Caller) -> Result<(), Problem> {
    let actor = forum.actor(&caller.identity.user).ok_or_else(|| Problem::not_found(caller.language))?;
    actor.require_secretariat().map_err(|rejection| Problem::rejected(&rejection, caller.language))
}

/// A forum's life so far. Forums are few and small, so it is read anew.
async fn forum_chronicle(app: &App, caller: &Caller, id: ForumId) -> Result<ForumChronicle, Problem> {
    let mut chronicle = ForumChronicle::new(id);
    loop {
        let page = app.log.read(StreamId::Forum(id), chronicle.sequence() + 1, eventlog::MAX_PAGE).await;
        let page = page.map_err(|error| unreadable(&error, caller))?;
        if page.is_empty() {
            return Ok(chronicle);
        }
        page.iter().for_each(|recorded| chronicle.read(recorded));
    }
}

/// Makes the page away from the threads that serve requests.
async fn page(
    (trail, forum): (Trail, Arc<Forum>),
    query: TrailQuery,
    caller: &Caller,
) -> Result<Json<TrailView>, Problem> {
    let language = query.language(caller);
    let view = tokio::task::spawn_blocking(move || trail.view(&forum, &query, language)).await;
    view.map(Json).map_err(|error| {
        tracing::error!(%error, "a trail cannot be made");
        Problem::unavailable(caller.language)
    })
}

/// All that was done and refused in a meeting. The secretariat's.
#[utoipa::path(get, path = "/api/meetings/{meeting}/trail", params(("meeting" = MeetingId, Path), TrailQuery),
    responses((status = 200, body = TrailView), (status = "4XX", body = Problem)))]
pub async fn meeting_trail(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<TrailView>, Problem> {
    page(Trail::of_meeting(&app, &caller, id, Grain::Joined).await?, query, &caller).await
}

/// Who became a member of a forum and what they may do, which meetings were scheduled, and what
/// was refused. The secretariat's.
#[utoipa::path(get, path = "/api/forums/{forum}/trail", params(("forum" = ForumId, Path), TrailQuery),
    responses((status = 200, body = TrailView), (status = "4XX", body = Problem)))]
pub async fn forum_trail(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<TrailView>, Problem> {
    page(Trail::of_forum(&app, &caller, id).await?, query, &caller).await
}
