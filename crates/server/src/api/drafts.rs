//! The forum's policy for drafts: its versions, and its enforcement for every look at the past.

use super::own_forum;
use crate::{
    app::App,
    auth::Caller,
    clock::now,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    drafts::{DraftPolicy, Withheld},
    event::{Event, Position, Timestamp},
    forum::Forum,
    history::Chronicle,
    id::{ForumId, StreamId},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What of the meeting's past the caller may not see now.
pub(super) fn withheld(forum: &Forum, chronicle: &Chronicle, caller: &Caller) -> Withheld {
    let actor = forum.actor(&caller.identity.user);
    let meeting = chronicle.meeting();
    meeting.map(|meeting| forum.drafts.withheld(actor.as_ref(), meeting, now())).unwrap_or_default()
}

/// Refuses a moment that is withheld.
pub(super) fn require_shown(withheld: &Withheld, sequence: u64, caller: &Caller) -> Result<(), Problem> {
    if withheld.hides(sequence) { Err(draft_withheld(withheld, caller)) } else { Ok(()) }
}

pub(super) fn draft_withheld(withheld: &Withheld, caller: &Caller) -> Problem {
    let title = caller.language.pick("Kladden vises ikke længere", "The draft is not shown any more");
    let detail = withheld.explain(caller.language);
    Problem::new(StatusCode::FORBIDDEN, "withheld", title, detail)
}

/// A version of the policy, and who set it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftPolicyVersion {
    position: Position,
    at: Timestamp,
    by: Person,
    policy: DraftPolicy,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DraftPolicyView {
    policy: DraftPolicy,
    /// The newest first; none if it is as every forum begins.
    versions: Vec<DraftPolicyVersion>,
}

/// How drafts may be looked back at in a forum, and every version of that.
#[utoipa::path(get, path = "/api/forums/{forum}/draft-policy", params(("forum" = ForumId, Path)),
    responses((status = 200, body = DraftPolicyView), (status = 404, body = Problem)))]
pub async fn draft_policy(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
) -> Result<Json<DraftPolicyView>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    let mut versions = Vec::new();
    let mut next = 1;
    loop {
        let page = app.log.read(StreamId::Forum(id), next, eventlog::MAX_PAGE).await.map_err(|error| {
            tracing::error!(%error, "a forum's stream cannot be read");
            Problem::unavailable(caller.language)
        })?;
        let Some(last) = page.last() else { break };
        next = last.commit.sequence + 1;
        for recorded in &page {
            versions.extend(recorded.commit.events.iter().filter_map(|event| match event {
                Event::DraftPolicyChanged(e) => Some(DraftPolicyVersion {
                    position: recorded.position,
                    at: recorded.commit.at,
                    by: person(&forum, &recorded.commit.by),
                    policy: e.policy,
                }),
                _ => None,
            }));
        }
    }
    versions.reverse();
    Ok(Json(DraftPolicyView { policy: forum.drafts, versions }))
}
