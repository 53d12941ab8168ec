//! Who chases an agenda sees which departments had a hand in each item, and which feedback waits. It tells no
//! moment of the past and nobody's words, so it is no look back, and is not written into the access log.

use super::{own_meeting, past::chronicle};
use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    event::{DocumentKind, Timestamp},
    history::{Contribution, Feedback, contributions as contributions_of},
    id::{ItemId, MeetingId},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct ContributionView {
    item: ItemId,
    /// The departments that wrote, suggested or commented, in the order of the alphabet.
    departments: Vec<String>,
    /// Open comments and suggestions, the oldest first.
    waiting: Vec<WaitingView>,
}

#[derive(Serialize, ToSchema)]
pub struct WaitingView {
    kind: FeedbackKind,
    /// The comment that began the thread, or the suggestion's document.
    id: String,
    /// The text that it is about.
    document: DocumentKind,
    by: Person,
    since: Timestamp,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    Comment,
    Suggestion,
}

/// Which departments had a hand in each item, and which feedback waits for an answer. The secretariat's.
#[utoipa::path(get, path = "/api/meetings/{meeting}/contributions", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = Vec<ContributionView>), (status = "4XX", body = Problem)))]
pub async fn contributions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(meeting): Path<MeetingId>,
) -> Result<Json<Vec<ContributionView>>, Problem> {
    let forum = own_meeting(&app, &caller, meeting)?;
    let actor = forum.actor(&caller.identity.user).ok_or_else(|| Problem::not_found(caller.language))?;
    actor.require_secretariat().map_err(|rejection| Problem::rejected(&rejection, caller.language))?;
    let chronicle = chronicle(&app, &caller, meeting).await?;
    let view = |one: Contribution| ContributionView {
        item: one.item,
        departments: one.departments.into_iter().collect(),
        waiting: one
            .waiting
            .into_iter()
            .map(|waiting| {
                let (kind, id, document) = match waiting.what {
                    Feedback::Comment(id, document) => (FeedbackKind::Comment, id.to_string(), document),
                    Feedback::Suggestion(id) => {
                        (FeedbackKind::Suggestion, id.to_string(), DocumentKind::Case)
                    }
                };
                WaitingView { kind, id, document, by: person(&forum, &waiting.by), since: waiting.since }
            })
            .collect(),
    };
    Ok(Json(contributions_of(&chronicle, &forum).into_iter().map(view).collect()))
}
