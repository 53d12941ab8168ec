//! The layers that write the access log: one around every route by which one looks back, one around
//! every route by which one changes something. What cannot be written down is not answered.

use super::access::failed;
use crate::{
    access::{Admission, Looked, Lookup, Outcome},
    app::App,
    auth::{Caller, MaybeCaller},
    clock::now,
    problem::Problem,
};
use agenda::{
    event::Position,
    forum::Forum,
    id::{ItemId, MeetingId},
};
use axum::{
    extract::{MatchedPath, Query, RawPathParams, Request, State},
    http::Uri,
    middleware::Next,
    response::Response,
};
use serde::Deserialize;
use std::{str::FromStr, sync::Arc};

/// The most of an address, and of the name of one who is no member, that is kept, in characters.
const KEPT_CHARACTERS: usize = 200;

/// The moments that a request may name, as the routes call them.
#[derive(Default, Deserialize)]
struct Moments {
    at: Option<String>,
    to: Option<String>,
    from: Option<String>,
}

/// Writes down who looked at what, or was refused it, once the answer is there and before it leaves.
pub async fn looking_back(
    State(app): State<Arc<App>>,
    caller: Caller,
    matched: MatchedPath,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(line) = line_of(&app, &caller, looked(matched.as_str()), &params, request.uri()) else {
        // For what is not there at all; the handler says so.
        return Ok(next.run(request).await);
    };
    match app.access.admit(&line.user, line.at) {
        Admission::Yes => {}
        Admission::FirstOver => {
            write(&app, &caller, line, Outcome::OverLimit).await?;
            return Err(Problem::too_many(caller.language));
        }
        Admission::Over => return Err(Problem::too_many(caller.language)),
    }
    let response = next.run(request).await;
    if let Some(outcome) = Outcome::of(response.status()) {
        write(&app, &caller, line, outcome).await?;
    }
    Ok(response)
}

/// Writes down who sent a command, or a file for one, that could not be read. What the rules refused
/// stands in the log itself.
pub async fn changing(
    State(app): State<Arc<App>>,
    MaybeCaller(caller): MaybeCaller,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let line = caller.and_then(|caller| {
        let line = line_of(&app, &caller, Looked::Command, &params, request.uri())?;
        Some((caller, line))
    });
    let response = next.run(request).await;
    let (Some((caller, line)), Some(outcome)) = (line, unreadable(&response)) else { return Ok(response) };
    match app.access.admit(&line.user, line.at) {
        Admission::Yes => write(&app, &caller, line, outcome).await?,
        Admission::FirstOver => write(&app, &caller, line, Outcome::OverLimit).await?,
        Admission::Over => {}
    }
    Ok(response)
}

/// What was wrong with a request that no rule was asked about.
fn unreadable(response: &Response) -> Option<Outcome> {
    let by_rule = response.extensions().get::<Problem>().is_some_and(Problem::is_rejection);
    let outcome = Outcome::of(response.status()).filter(|_| !by_rule)?;
    use Outcome::{TooLarge, Unfit, Unreadable, WrongType};
    matches!(outcome, Unreadable | TooLarge | WrongType | Unfit).then_some(outcome)
}

async fn write(app: &App, caller: &Caller, line: Lookup, outcome: Outcome) -> Result<(), Problem> {
    let path = line.path.filter(|_| outcome != Outcome::Shown);
    let written = app.access.write(Lookup { outcome, path, ..line }).await;
    written.map_err(|error| failed(&error, caller.language))
}

/// The line of a request for something of a forum that is there, as if it was shown.
fn line_of(app: &App, caller: &Caller, what: Looked, params: &RawPathParams, uri: &Uri) -> Option<Lookup> {
    let text = |name: &str| params.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let meeting: Option<MeetingId> = parsed(text("meeting"));
    let forum = match meeting {
        Some(meeting) => app.directory.meeting(meeting)?.forum,
        None => parsed(text("forum"))?,
    };
    let forum = app.forums.get(forum)?;
    let moments = Query::<Moments>::try_from_uri(uri).map(|Query(moments)| moments).unwrap_or_default();
    let position = |text: Option<&str>| parsed(text).map(Position);
    let named = moments.at.as_deref().or(moments.to.as_deref());
    Some(Lookup {
        meeting,
        item: parsed::<ItemId>(text("item")),
        moment: position(text("position").or(named)),
        since: position(moments.from.as_deref().filter(|_| what == Looked::Diff)),
        path: Some(cut(uri.path())),
        ..of_person(&forum, caller, what)
    })
}

/// The line with nothing but who it was, as the forum knows the person.
fn of_person(forum: &Forum, caller: &Caller, what: Looked) -> Lookup {
    let user = caller.identity.user.clone();
    let member = forum.members.get(&user);
    let unknown = || cut(caller.identity.name.as_deref().unwrap_or(user.as_str()));
    Lookup {
        at: now(),
        name: member.map_or_else(unknown, |member| member.name.clone()),
        title: member.map_or_else(String::new, |member| member.title.clone()),
        roles: member.map_or_else(Vec::new, |member| member.roles.clone()),
        user,
        what,
        forum: forum.id,
        meeting: None,
        item: None,
        moment: None,
        since: None,
        outcome: Outcome::Shown,
        path: None,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(KEPT_CHARACTERS).collect()
}

fn parsed<T: FromStr>(text: Option<&str>) -> Option<T> {
    text.and_then(|text| text.parse().ok())
}

/// What a route shows; whatever else looks back shows a moment.
fn looked(route: &str) -> Looked {
    let parts: Vec<&str> = route.rsplit('/').take(2).collect();
    match parts.as_slice() {
        ["blame", ..] => Looked::Blame,
        ["diff", ..] => Looked::Diff,
        ["history", ..] => Looked::History,
        ["trail", ..] => Looked::Trail,
        ["file", "trail"] => Looked::TrailFile,
        ["access", ..] => Looked::Access,
        ["file", "access"] => Looked::AccessFile,
        _ => Looked::Replay,
    }
}
