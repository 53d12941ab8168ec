//! An item's life: who changed what, when.

use super::{drafts::withheld, past::chronicle, published::refusal, read_meeting};
use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    drafts::Detail,
    event::{DocumentKind, Position, Timestamp},
    history::{Entry, HistoryKind, Milestone},
    id::{ItemId, MeetingId, UserId},
    language::Language,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

#[derive(Serialize, ToSchema)]
pub struct PagesView {
    /// Of the item as it is now; null if that cannot be told.
    #[schema(required)]
    pages: Option<u32>,
}

/// How many printed pages an item takes as it is now. Of a closed item it is not told.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/pages",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path)),
    responses((status = 200, body = PagesView), (status = "4XX", body = Problem)))]
pub async fn pages(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
) -> Result<Json<PagesView>, Problem> {
    let publication = read_meeting(&app, &caller, meeting, move |room| {
        let texts = room.texts();
        let known = room.meeting().item(item)?;
        room.meeting().publication(&texts).filter(|_| known.closed.is_none())
    });
    let Some(publication) = publication.await? else { return Ok(Json(PagesView { pages: None })) };
    let pages = app.measure.pages(&publication, item).await;
    Ok(Json(PagesView { pages: pages.map_err(|error| refusal(&error, meeting, caller.language))? }))
}

#[derive(Deserialize, IntoParams)]
pub struct HistoryQuery {
    /// Only what this person did.
    person: Option<UserId>,
    kind: Option<HistoryKind>,
    /// Only this item; of the whole meeting's history.
    item: Option<ItemId>,
    /// "da" (default) or "en".
    lang: Option<String>,
    /// Both, of an item: each single step from the one position to the other, not joined.
    first: Option<u64>,
    last: Option<u64>,
}

/// The longest list of single steps; of a longer one the latest.
const MAX_STEPS: usize = 2_000;

#[derive(Serialize, ToSchema)]
pub struct HistoryView {
    /// Newest first.
    entries: Vec<HistoryEntry>,
    /// Everyone who did something, for the filter.
    people: Vec<Person>,
    kinds: Vec<HistoryKind>,
    /// Single steps that are not in the list because it would be too long.
    left_out: usize,
    /// Why some of the past is not shown to the caller; null if nothing is withheld.
    #[schema(required)]
    withheld: Option<String>,
    /// How fine the forum wants a look to begin.
    detail: Detail,
}

#[derive(Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Where it ended; the item as of then is at `at/{position}`.
    position: Position,
    first_position: Position,
    at: Timestamp,
    by: Person,
    kind: HistoryKind,
    /// Null for what is about the whole agenda.
    #[schema(required)]
    item: Option<ItemId>,
    #[schema(required)]
    section: Option<String>,
    sentence: String,
    /// A turn that readers look for.
    #[schema(required)]
    milestone: Option<Milestone>,
    /// Characters.
    inserted: usize,
    deleted: usize,
}

/// Who changed what in an item, when.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/history",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), HistoryQuery),
    responses((status = 200, body = HistoryView), (status = 404, body = Problem)))]
pub async fn history(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((meeting, item)): Path<(MeetingId, ItemId)>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<HistoryView>, Problem> {
    read_history(&app, &caller, meeting, Some(item), &query).await
}

/// Who changed what in the whole agenda, when.
#[utoipa::path(get, path = "/api/meetings/{meeting}/history",
    params(("meeting" = MeetingId, Path), HistoryQuery),
    responses((status = 200, body = HistoryView), (status = 404, body = Problem)))]
pub async fn meeting_history(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(meeting): Path<MeetingId>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<HistoryView>, Problem> {
    read_history(&app, &caller, meeting, query.item, &query).await
}

async fn read_history(
    app: &App,
    caller: &Caller,
    meeting: MeetingId,
    item: Option<ItemId>,
    query: &HistoryQuery,
) -> Result<Json<HistoryView>, Problem> {
    let (forum, planning) = read_meeting(app, caller, meeting, {
        let user = caller.identity.user.clone();
        move |room| (room.forum().clone(), room.actor(&user).is_some_and(|actor| actor.may_write()))
    })
    .await?;
    let chronicle = chronicle(app, caller, meeting).await?;
    let withheld = withheld(&forum, &chronicle, caller);
    let language = query.lang.as_deref().map_or(caller.language, Language::from_tag);
    let mut all = match (item, query.first, query.last) {
        (Some(item), Some(first), Some(last)) => {
            chronicle.steps(item, (Position(first), Position(last)), &withheld)
        }
        _ => chronicle.shown(item, &withheld),
    };
    drop(chronicle);
    // The planning form is for those who write.
    all.retain(|entry| planning || entry.on != Some(DocumentKind::Planning));
    let left_out = if query.first.is_some() { all.len().saturating_sub(MAX_STEPS) } else { 0 };
    all.drain(..left_out);
    let mut people: Vec<Person> = Vec::new();
    let mut kinds: Vec<HistoryKind> = all.iter().map(|entry| entry.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for entry in &all {
        if !people.iter().any(|known| known.user == entry.by) {
            people.push(person(&forum, &entry.by));
        }
    }
    let wanted = all.iter().rev().filter(|entry| {
        query.person.as_ref().is_none_or(|user| *user == entry.by)
            && query.kind.is_none_or(|kind| kind == entry.kind)
    });
    let withheld = (!withheld.is_empty()).then(|| withheld.explain(language));
    let entries = wanted.map(|entry| history_entry(entry, person(&forum, &entry.by), language)).collect();
    Ok(Json(HistoryView { entries, people, kinds, left_out, withheld, detail: forum.drafts.detail }))
}

fn history_entry(entry: &Entry, by: Person, language: Language) -> HistoryEntry {
    HistoryEntry {
        position: entry.position,
        first_position: entry.first_position,
        at: entry.at,
        sentence: entry.sentence(&by.name, language),
        by,
        milestone: entry.milestone(),
        kind: entry.kind,
        item: entry.item,
        section: entry.section.clone(),
        inserted: entry.inserted,
        deleted: entry.deleted,
    }
}
