//! An item's life: who changed what, and what it said at any moment.

use super::{
    meetings::{commits, unreadable},
    read_meeting,
};
use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{ItemAt, Person, SectionContent, person},
};
use agenda::{
    event::{DocumentKind, Position, Timestamp},
    history::{Entry, HistoryKind, entries},
    id::{ItemId, MeetingId, UserId},
    language::Language,
    meeting::{Access, Meeting, Meta},
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
pub struct HistoryQuery {
    /// Only what this person did.
    person: Option<UserId>,
    kind: Option<HistoryKind>,
    /// Only this item; of the whole meeting's history.
    item: Option<ItemId>,
    /// "da" (default) or "en".
    lang: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct HistoryView {
    /// Newest first.
    entries: Vec<HistoryEntry>,
    /// Everyone who did something, for the filter.
    people: Vec<Person>,
    kinds: Vec<HistoryKind>,
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
    let commits = commits(&*app.log, meeting).await.map_err(|error| unreadable(&error, caller))?;
    let language = query.lang.as_deref().map_or(caller.language, Language::from_tag);
    let mut all = entries(commits.iter().map(|recorded| &**recorded), item);
    // The planning form is for those who write.
    all.retain(|entry| planning || entry.on != Some(DocumentKind::Planning));
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
    let entries = wanted.map(|entry| history_entry(entry, person(&forum, &entry.by), language)).collect();
    Ok(Json(HistoryView { entries, people, kinds }))
}

fn history_entry(entry: &Entry, by: Person, language: Language) -> HistoryEntry {
    HistoryEntry {
        position: entry.position,
        first_position: entry.first_position,
        at: entry.at,
        sentence: entry.sentence(&by.name, language),
        by,
        kind: entry.kind,
        item: entry.item,
        section: entry.section.clone(),
        inserted: entry.inserted,
        deleted: entry.deleted,
    }
}

/// What an item said at a position of the log.
#[utoipa::path(get, path = "/api/meetings/{meeting}/items/{item}/at/{position}",
    params(("meeting" = MeetingId, Path), ("item" = ItemId, Path), ("position" = u64, Path)),
    responses((status = 200, body = ItemAt), (status = 404, body = Problem)))]
pub async fn item_at(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((id, item, position)): Path<(MeetingId, ItemId, u64)>,
) -> Result<Json<ItemAt>, Problem> {
    let not_found = || Problem::not_found(caller.language);
    let commits = commits(&*app.log, id).await.map_err(|error| unreadable(&error, &caller))?;
    let mut then = Meeting::new(id);
    let mut last = None;
    for recorded in commits.iter().take_while(|recorded| recorded.position.0 <= position) {
        let commit = &recorded.commit;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        commit.events.iter().try_for_each(|event| then.apply(&meta, event)).map_err(|_| not_found())?;
        last = Some((recorded.position, commit.at, commit.by.clone(), commit.sequence));
    }
    let (position, at, by, sequence) = last.ok_or_else(not_found)?;
    let withdrawn = then.withdrawn.iter().map(|withdrawn| &withdrawn.item);
    let known =
        then.items.iter().chain(withdrawn).find(|known| known.id == item).cloned().ok_or_else(not_found)?;
    let sections: Vec<(String, String)> =
        then.sections(DocumentKind::Case).into_iter().map(|(k, h)| (k.to_owned(), h.to_owned())).collect();
    let user = caller.identity.user.clone();
    let (forum, text) = read_meeting(&app, &caller, id, move |room| {
        let actor = room.actor(&user);
        let allowed = room.meeting().access(actor.as_ref(), known.documents.case) != Access::None;
        let keys: Vec<&str> = sections.iter().map(|(key, _)| key.as_str()).collect();
        let text = room.document(known.documents.case).filter(|_| allowed).map(|d| d.read_at(keys, sequence));
        let sections = text.map(|text| with_headings(text.sections, &sections));
        (room.forum().clone(), sections.map(|sections| (known.clone(), sections)))
    })
    .await?;
    let (known, sections) = text.ok_or_else(not_found)?;
    Ok(Json(ItemAt {
        position,
        at,
        by: person(&forum, &by),
        title: known.title,
        journal_number: known.journal_number,
        minutes: known.minutes,
        state: known.state,
        sections,
    }))
}

fn with_headings(
    sections: Vec<agenda::document::SectionText>,
    headings: &[(String, String)],
) -> Vec<SectionContent> {
    let heading = |key: &str| headings.iter().find(|(known, _)| known == key).map(|(_, h)| h.clone());
    sections
        .into_iter()
        .map(|text| SectionContent {
            heading: heading(&text.key).unwrap_or_default(),
            key: text.key,
            nothing: text.nothing,
            blocks: text.blocks,
        })
        .collect()
}
