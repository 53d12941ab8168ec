//! A meeting's events as they happen, as server-sent events: replay from any position and
//! then live (`Last-Event-ID`).

use super::{drafts::withheld, own_forum, past::chronicle};
use crate::{
    app::App,
    auth::Caller,
    clock::now,
    problem::Problem,
    view::{Person, person},
    ws::stopped,
};
use agenda::{
    drafts::Withheld,
    event::{Event, Position, Recorded, Timestamp},
    forum::Forum,
    id::{DocumentId, ItemId, MeetingId, StreamId},
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::sse::{self, KeepAlive, Sse},
};
use futures::{Stream, StreamExt};
use serde::Serialize;
use std::{convert::Infallible, sync::Arc};
use tokio::time::timeout;
use utoipa::ToSchema;

/// What one commit was about, without its texts.
#[derive(Serialize, ToSchema)]
pub struct CommitNotice {
    position: Position,
    at: Timestamp,
    by: Person,
    /// Kinds of its events.
    kinds: Vec<&'static str>,
    items: Vec<ItemId>,
    documents: Vec<DocumentId>,
}

/// Follows a meeting. Each event is `commit` with a `CommitNotice`; its id is the position.
#[utoipa::path(get, path = "/api/meetings/{meeting}/events", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = CommitNotice, content_type = "text/event-stream"), (status = 404, body = Problem)))]
pub async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, Problem> {
    let entry = app.directory.meeting(id).ok_or_else(|| Problem::not_found(caller.language))?;
    let forum = own_forum(&app, &caller, entry.forum)?;
    let last: Option<u64> =
        headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    // Only who asks for what has been, where there is a limit, can ask for too much.
    let withheld = match (last, forum.drafts.days) {
        (Some(_), Some(_)) => withheld(&forum, &*chronicle(&app, &caller, id).await?, &caller),
        _ => Withheld::default(),
    };
    let from = Position(last.unwrap_or(app.log.head().position.0).saturating_add(1));
    let (mut stopping, time_left) = (app.stopping(), caller.identity.time_left(now()));
    let user = caller.identity.user.clone();
    let commits = app
        .log
        .follow(from)
        // A reader who meets an unreadable commit is cut off, and asks again from there.
        .take_while(|recorded| std::future::ready(recorded.is_ok()))
        .filter_map(|recorded| std::future::ready(recorded.ok()))
        .filter(move |recorded| {
            let own = recorded.commit.stream == StreamId::Meeting(id);
            std::future::ready(own && changes_something(recorded))
        })
        .filter(move |recorded| std::future::ready(!withheld.hides(recorded.commit.sequence)))
        .map(move |recorded| {
            let forum = app.forums.get(entry.forum).filter(|forum| forum.actor(&user).is_some());
            forum.map(|forum| notice(&forum, &recorded))
        })
        // Whoever is no longer a member is cut off, and cannot come back.
        .take_while(|notice| std::future::ready(notice.is_some()))
        .filter_map(std::future::ready)
        .take_until(async move {
            // The answer to either is the same, so it does not matter which it was.
            let _ = timeout(time_left, stopped(&mut stopping)).await;
        });
    Ok(Sse::new(commits).keep_alive(KeepAlive::default()))
}

/// A refused command has changed nothing; nobody but the audit trail tells of it.
fn changes_something(recorded: &Recorded) -> bool {
    recorded.commit.events.iter().any(|event| !matches!(event, Event::CommandRefused(_)))
}

fn notice(forum: &Forum, recorded: &Recorded) -> Result<sse::Event, Infallible> {
    let commit = &recorded.commit;
    let mut notice = CommitNotice {
        position: recorded.position,
        at: commit.at,
        by: person(forum, &commit.by),
        kinds: Vec::new(),
        items: Vec::new(),
        documents: Vec::new(),
    };
    for event in &commit.events {
        let (kind, _) = event.kind();
        if !notice.kinds.contains(&kind) {
            notice.kinds.push(kind);
        }
        match event {
            Event::ItemAdded(e) => notice.items.push(e.item),
            Event::ItemDetailsChanged(e) => notice.items.push(e.item),
            Event::ItemReordered(e) => notice.items.push(e.item),
            Event::ItemWithdrawn(e) => notice.items.push(e.item),
            Event::ItemErased(e) => notice.items.push(e.item),
            Event::ItemHeld(e) => notice.items.push(e.item),
            Event::ItemReleased(e) => notice.items.push(e.item),
            Event::ContributorsChanged(e) => notice.items.push(e.item),
            Event::ItemStateChanged(e) => notice.items.push(e.item),
            Event::ItemClosed(e) => notice.items.push(e.item),
            Event::ItemOpened(e) => notice.items.push(e.item),
            Event::AttachmentAdded(e) => notice.items.push(e.item),
            Event::AttachmentRemoved(e) => notice.items.push(e.item),
            Event::AttachmentReplaced(e) => notice.items.push(e.item),
            Event::AttachmentRenamed(e) => notice.items.push(e.item),
            Event::AttachmentReordered(e) => notice.items.push(e.item),
            Event::AttachmentClosed(e) => notice.items.push(e.item),
            Event::AttachmentOpened(e) => notice.items.push(e.item),
            Event::CommentMade(e) => notice.items.push(e.item),
            Event::CommentResolved(e) => notice.items.push(e.item),
            Event::CommentReopened(e) => notice.items.push(e.item),
            Event::ChangesRecorded(e) => notice.documents.push(e.document),
            Event::EditRefused(e) => notice.documents.push(e.document),
            Event::TextCopied(e) => notice.documents.push(e.document),
            Event::SuggestionOpened(e) => notice.items.push(e.item),
            Event::SuggestionAccepted(e) => notice.documents.push(e.document),
            Event::SuggestionRejected(e) => notice.documents.push(e.document),
            _ => {}
        }
    }
    let event = sse::Event::default().event("commit").id(recorded.position.to_string());
    Ok(event.json_data(&notice).unwrap_or_default())
}
