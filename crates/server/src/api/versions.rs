//! The versions of what a forum's secretariat has decided: what was decided, when and by whom.

use crate::{
    app::App,
    auth::Caller,
    problem::Problem,
    view::{Person, person},
};
use agenda::{
    event::{Event, Position, Timestamp},
    forum::Forum,
    id::StreamId,
};

pub(super) struct Version<What> {
    pub position: Position,
    pub at: Timestamp,
    pub by: Person,
    pub what: What,
}

/// Every version of what `decided` finds in an event, the newest first.
pub(super) async fn versions<What>(
    app: &App,
    caller: &Caller,
    forum: &Forum,
    decided: impl Fn(&Event) -> Option<What>,
) -> Result<Vec<Version<What>>, Problem> {
    let mut versions = Vec::new();
    let mut next = 1;
    loop {
        let page = app.log.read(StreamId::Forum(forum.id), next, eventlog::MAX_PAGE).await;
        let page = page.map_err(|error| {
            tracing::error!(%error, "a forum's stream cannot be read");
            Problem::unavailable(caller.language)
        })?;
        let Some(last) = page.last() else { break };
        next = last.commit.sequence + 1;
        for recorded in &page {
            versions.extend(recorded.commit.events.iter().filter_map(&decided).map(|what| Version {
                position: recorded.position,
                at: recorded.commit.at,
                by: person(forum, &recorded.commit.by),
                what,
            }));
        }
    }
    versions.reverse();
    Ok(versions)
}
