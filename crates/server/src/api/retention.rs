//! The retention plan of a forum: its versions, and what it would do. Nothing here changes anything: what is due is
//! erased by a command to its meeting.

use super::{
    own_forum,
    trail_source::require_secretariat,
    versions::{Version, versions},
};
use crate::{
    app::App,
    auth::Caller,
    clock::now,
    problem::Problem,
    retention::{Listed, RetentionError, Row},
    view::{HoldView, Person, hold},
};
use agenda::{
    event::{Event, Position, Timestamp},
    forum::Forum,
    id::{ForumId, ItemId, MeetingId},
    language::Language,
    rejection::Rejection,
    retention::{Class, RetentionPlan, Standing, day_of},
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A version of the plan, and who set it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPlanVersion {
    position: Position,
    at: Timestamp,
    by: Person,
    plan: RetentionPlan,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPlanView {
    plan: RetentionPlan,
    /// The newest first; none if it is as every forum begins.
    versions: Vec<RetentionPlanVersion>,
}

/// After how long the words of a forum's items are to be erased, and every version of that.
#[utoipa::path(get, path = "/api/forums/{forum}/retention-plan", params(("forum" = ForumId, Path)),
    responses((status = 200, body = RetentionPlanView), (status = 404, body = Problem)))]
pub async fn plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
) -> Result<Json<RetentionPlanView>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    let versions = versions(&app, &caller, &forum, |event| match event {
        Event::RetentionPlanChanged(e) => Some(e.plan),
        _ => None,
    });
    let view = |v: Version<RetentionPlan>| {
        let Version { position, at, by, what: plan } = v;
        RetentionPlanVersion { position, at, by, plan }
    };
    let versions = versions.await?.into_iter().map(view).collect();
    Ok(Json(RetentionPlanView { plan: forum.retention, versions }))
}

/// A plan to try, in months; what is left empty is kept for ever. Without any of them it is the plan in force.
#[derive(Deserialize, IntoParams)]
pub struct TriedPlan {
    closed: Option<String>,
    open: Option<String>,
    withdrawn: Option<String>,
}

impl TriedPlan {
    fn plan(&self) -> Result<Option<RetentionPlan>, Rejection> {
        if [&self.closed, &self.open, &self.withdrawn].into_iter().all(Option::is_none) {
            return Ok(None);
        }
        let (closed, open) = (months(self.closed.as_deref())?, months(self.open.as_deref())?);
        let withdrawn = months(self.withdrawn.as_deref())?;
        RetentionPlan { closed, open, withdrawn }.checked().map(Some)
    }
}

fn months(text: Option<&str>) -> Result<Option<u16>, Rejection> {
    let text = text.unwrap_or_default();
    let read = || text.parse().map_err(|_| Rejection::Invalid("antal måneder"));
    if text.is_empty() { Ok(None) } else { read().map(Some) }
}

/// What a plan would do now.
#[derive(Serialize, ToSchema)]
pub struct DryRunView {
    plan: RetentionPlan,
    /// Whether the plan is only tried, and not in force.
    tried: bool,
    /// The day in Denmark that it was made on.
    #[schema(value_type = String)]
    today: Date,
    due: RetentionList,
    /// Due within twelve months.
    soon: RetentionList,
    /// Items that there is a hold on, due or not.
    held: RetentionList,
    /// Due, and cannot be erased now.
    blocked: RetentionList,
    /// How many are due after that, are kept for ever, are neither published nor withdrawn, are erased already.
    later: usize,
    for_ever: usize,
    not_begun: usize,
    erased: usize,
}

#[derive(Serialize, ToSchema)]
pub struct RetentionList {
    /// The first due first.
    items: Vec<RetentionItem>,
    /// How many more there are that are not named.
    more: usize,
}

#[derive(Serialize, ToSchema)]
pub struct RetentionItem {
    meeting: MeetingId,
    /// Of the meeting.
    #[schema(value_type = String)]
    date: Date,
    item: ItemId,
    /// On the agenda, counted from 1; null for one that was withdrawn.
    #[schema(required)]
    number: Option<usize>,
    title: String,
    class: Class,
    /// When its time begins; null if it has not.
    #[schema(required)]
    since: Option<Timestamp>,
    /// Null only for one with a hold that would not be due.
    #[schema(required, value_type = Option<String>)]
    due: Option<Date>,
    #[schema(required)]
    hold: Option<HoldView>,
    /// Why it cannot be erased now, and what to do.
    #[schema(required)]
    blocked: Option<String>,
}

fn list(forum: &Forum, listed: Listed, language: Language) -> RetentionList {
    let more = listed.total - listed.rows.len();
    RetentionList { items: listed.rows.into_iter().map(|row| item(forum, row, language)).collect(), more }
}

fn item(forum: &Forum, row: Row, language: Language) -> RetentionItem {
    let due = row.standing.due();
    let (held, blocked) = match row.standing {
        Standing::Held { hold: held, .. } => (Some(hold(forum, &held)), None),
        Standing::Blocked { why, .. } => (None, Some(why.explain(language))),
        _ => (None, None),
    };
    RetentionItem {
        meeting: row.meeting,
        date: row.date,
        item: row.item.item,
        number: row.item.number,
        title: row.item.title,
        class: row.item.class,
        since: row.item.since,
        due,
        hold: held,
        blocked,
    }
}

/// What the plan in force, or one that is only tried, would do in all meetings of a forum. The secretariat's.
/// It changes nothing.
#[utoipa::path(get, path = "/api/forums/{forum}/retention", params(("forum" = ForumId, Path), TriedPlan),
    responses((status = 200, body = DryRunView), (status = "4XX", body = Problem)))]
pub async fn dry_run(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
    Query(tried): Query<TriedPlan>,
) -> Result<Json<DryRunView>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    require_secretariat(&forum, &caller)?;
    let tried = tried.plan().map_err(|rejection| Problem::rejected(&rejection, caller.language))?;
    let (plan, today) = (tried.unwrap_or(forum.retention), day_of(now()));
    let run = app.retention.dry_run(&app.directory, id, plan, today).await;
    let run = run.map_err(|error| unreadable(&error, &caller))?;
    let list = |listed| list(&forum, listed, caller.language);
    Ok(Json(DryRunView {
        plan,
        tried: plan != forum.retention,
        today,
        due: list(run.due),
        soon: list(run.soon),
        held: list(run.held),
        blocked: list(run.blocked),
        later: run.later,
        for_ever: run.for_ever,
        not_begun: run.not_begun,
        erased: run.erased,
    }))
}

#[derive(Serialize, ToSchema)]
pub struct DueView {
    due: usize,
}

/// How many items of a forum are due under the plan in force. The secretariat's.
#[utoipa::path(get, path = "/api/forums/{forum}/retention/due", params(("forum" = ForumId, Path)),
    responses((status = 200, body = DueView), (status = "4XX", body = Problem)))]
pub async fn due(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<ForumId>,
) -> Result<Json<DueView>, Problem> {
    let forum = own_forum(&app, &caller, id)?;
    require_secretariat(&forum, &caller)?;
    let due = app.retention.due(&app.directory, id, forum.retention, day_of(now())).await;
    Ok(Json(DueView { due: due.map_err(|error| unreadable(&error, &caller))? }))
}

fn unreadable(error: &RetentionError, caller: &Caller) -> Problem {
    tracing::error!(%error, "what is due cannot be told");
    Problem::unavailable(caller.language)
}
