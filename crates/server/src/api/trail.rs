//! The audit trail of a meeting and of a forum: all that was done and all that was refused, as
//! sentences, newest first, a page at a time. The secretariat's. Whole, it is taken out as a file
//! ([`super::trail_file`]).

use super::{
    meetings::unreadable,
    past::chronicle,
    trail_source::{Commits, Telling, Whose},
};
use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    event::{Position, Role, Timestamp},
    history::{Entry, ForumChronicle, HistoryKind, Line, OnAgenda, Wanted, signer},
    id::{ForumId, ItemId, MeetingId, StreamId, UserId},
    language::Language,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::task::JoinError;
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
    /// True: a forum's trail also tells of every checkpoint that the service signed, up to one an hour and
    /// more. It does so too when `kind` asks for them.
    #[serde(default)]
    checkpoints: bool,
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

    pub(super) fn checkpoints(&self) -> bool {
        self.checkpoints || self.kind == Some(HistoryKind::Checkpoint)
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

/// The newest entries that are wanted, whatever order they come in; what all lines are of, for the filter.
struct Page<'a> {
    query: &'a TrailQuery,
    wanted: Wanted,
    language: Language,
    roles: &'a ForumChronicle,
    items: &'a BTreeMap<ItemId, OnAgenda>,
    /// By commit, each commit's in their order.
    entries: BTreeMap<Position, Vec<Entry>>,
    count: usize,
    /// Older ones were left out.
    more: bool,
    people: BTreeSet<(UserId, bool)>,
    kinds: BTreeSet<HistoryKind>,
}

impl<'a> Page<'a> {
    fn new(
        query: &'a TrailQuery,
        language: Language,
        roles: &'a ForumChronicle,
        items: &'a BTreeMap<ItemId, OnAgenda>,
    ) -> Self {
        let (wanted, entries) = (query.wanted(), BTreeMap::new());
        let (people, kinds) = (BTreeSet::new(), BTreeSet::new());
        Self { query, wanted, language, roles, items, entries, count: 0, more: false, people, kinds }
    }

    fn offer(&mut self, entry: Entry) {
        self.people.insert((entry.by.clone(), entry.stream == StreamId::Seals));
        self.kinds.insert(entry.kind);
        let before = self.query.before.is_none_or(|before| entry.position.0 < before);
        if !before || !self.wanted.takes(&entry, self.roles, self.items, self.language) {
            return;
        }
        self.entries.entry(entry.position).or_default().push(entry);
        self.count += 1;
        // The oldest commit goes when those after it fill the page.
        while let Some(oldest) = self.entries.first_entry()
            && self.count - oldest.get().len() >= PAGE_LINES
        {
            self.count -= oldest.remove().len();
            self.more = true;
        }
    }

    fn view(self, whose: &Whose) -> TrailView {
        let next = self.entries.keys().next().copied().filter(|_| self.more);
        let item = |id| TrailItem::of(self.items, id);
        let mut items: Vec<TrailItem> = self.items.keys().map(|id| item(*id)).collect();
        items.sort_by_key(|item| (item.number.is_none(), item.number));
        let in_forum = matches!(whose.stream, StreamId::Forum(_));
        let newest_first = self.entries.into_values().rev().flat_map(|entries| entries.into_iter().rev());
        let lines = newest_first.map(|entry| Line::of(&entry, self.roles, self.language));
        let lines = lines.map(|line| TrailLine::of(line, self.items, in_forum)).collect();
        let person = |(user, service): (UserId, bool)| match service {
            true => Person { user, name: signer(self.language).to_owned(), title: String::new() },
            false => person(&whose.forum, &user),
        };
        let mut people: Vec<Person> = self.people.into_iter().map(person).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        let kinds = self.kinds.into_iter().collect();
        TrailView { lines, next, people, kinds, items }
    }
}

impl TrailItem {
    pub fn of(items: &BTreeMap<ItemId, OnAgenda>, id: ItemId) -> Self {
        let known = items.get(&id);
        let title = known.map_or_else(String::new, |item| item.title.clone());
        Self { id, number: known.and_then(|item| item.number), title }
    }
}

impl TrailLine {
    fn of(line: Line, items: &BTreeMap<ItemId, OnAgenda>, in_forum: bool) -> Self {
        Self {
            meeting: line.meeting.filter(|_| in_forum),
            position: line.position,
            first_position: line.first_position,
            at: line.at,
            user: line.by,
            name: line.name,
            title: line.title,
            roles: line.roles,
            kind: line.kind,
            item: line.item.map(|item| TrailItem::of(items, item)),
            sentence: line.sentence,
        }
    }
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
    let whose = Whose::meeting(&app, &caller, id).await?;
    let roles = whose.roles(&app, &caller).await?;
    let seals = told(&mut whose.seals(&app), whose.telling(&app), &caller).await?;
    let chronicle = chronicle(&app, &caller, id).await?;
    let language = query.language(&caller);
    let view = tokio::task::spawn_blocking(move || {
        let items = chronicle.meeting().map(OnAgenda::of).unwrap_or_default();
        let mut page = Page::new(&query, language, &roles, &items);
        chronicle.trail().for_each(|entry| page.offer(entry));
        seals.into_iter().for_each(|entry| page.offer(entry));
        page.view(&whose)
    });
    view.await.map(Json).map_err(|error| interrupted(&error, &caller))
}

/// Few commits, whole.
async fn told(commits: &mut Commits, mut telling: Telling, caller: &Caller) -> Result<Vec<Entry>, Problem> {
    let mut entries = Vec::new();
    loop {
        let batch = commits.next().await.map_err(|error| unreadable(&error, caller))?;
        if batch.is_empty() {
            return Ok(entries);
        }
        entries.extend(batch.iter().flat_map(|recorded| telling.tell(recorded)));
    }
}

/// Who became a member of a forum and what they may do, which meetings were scheduled, what the
/// service signed, and what was refused. The secretariat's.
#[utoipa::path(get, path = "/api/forums/{forum}/trail", params(("forum" = ForumId, Path), TrailQuery),
    responses((status = 200, body = TrailView), (status = "4XX", body = Problem)))]
pub async fn forum_trail(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(query): Query<TrailQuery>,
) -> Result<Json<TrailView>, Problem> {
    let whose = Whose::forum(&app, &caller, id).await?;
    let (roles, items) = (whose.roles(&app, &caller).await?, BTreeMap::new());
    let (mut commits, mut telling) = (whose.commits(&app, query.checkpoints()), whose.telling(&app));
    let mut page = Page::new(&query, query.language(&caller), &roles, &items);
    if app.directory.checkpoint().is_some() {
        page.kinds.insert(HistoryKind::Checkpoint);
    }
    loop {
        let batch = commits.next().await.map_err(|error| unreadable(&error, &caller))?;
        if batch.is_empty() {
            return Ok(Json(page.view(&whose)));
        }
        for recorded in &batch {
            telling.tell(recorded).into_iter().for_each(|entry| page.offer(entry));
        }
    }
}

pub(super) fn interrupted(error: &JoinError, caller: &Caller) -> Problem {
    tracing::error!(%error, "a trail cannot be made");
    Problem::unavailable(caller.language)
}
