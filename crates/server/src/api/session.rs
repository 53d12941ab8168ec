//! Signing in and out, and who the caller is.

use crate::{
    app::App,
    auth::{Caller, clear_cookie, language, session_cookie},
    clock::{fresh, now},
    problem::Problem,
    view::{Me, MemberView, MyForum, members},
};
use agenda::{forum::Forum, id::UserId};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Who is signed in, and their forums.
#[utoipa::path(get, path = "/api/me", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn me(State(app): State<Arc<App>>, caller: Caller) -> Json<Me> {
    let user = caller.identity.user;
    let all = app.forums.latest();
    let mine: Vec<(&Arc<Forum>, _)> = all
        .values()
        .filter_map(|forum| Some((forum, forum.members.get(&user).filter(|m| m.active)?)))
        .collect();
    let name = mine.first().map(|(_, member)| member.name.clone()).or(caller.identity.name);
    let forums = mine
        .into_iter()
        .map(|(forum, member)| MyForum {
            id: forum.id,
            name: forum.name.clone(),
            title: member.title.clone(),
            roles: member.roles.clone(),
        })
        .collect();
    let name = name.unwrap_or_else(|| user.as_str().to_owned());
    Json(Me { user, name, demo: app.demo.is_some(), forums })
}

/// Turns a bearer token into a session cookie for a browser.
#[utoipa::path(post, path = "/api/session", responses((status = 204), (status = 401, body = Problem)))]
pub async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<impl IntoResponse, Problem> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let cookie = token.and_then(|token| session_cookie(token, app.is_https()));
    let cookie = cookie.ok_or_else(|| Problem::not_signed_in(caller.language))?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

/// Signs the browser out.
#[utoipa::path(delete, path = "/api/session", responses((status = 204)))]
pub async fn sign_out() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, clear_cookie())]))
}

/// The people one may sign in as in the demonstration; not found outside of it.
#[utoipa::path(get, path = "/api/demo/people", responses((status = 200, body = Vec<MemberView>), (status = 404, body = Problem)))]
pub async fn demo_people(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Json<Vec<MemberView>>, Problem> {
    app.demo.as_ref().ok_or_else(|| Problem::not_found(language(&headers)))?;
    let mut people: Vec<MemberView> = Vec::new();
    for member in app.forums.latest().values().flat_map(|forum| members(forum)) {
        if member.active && !people.iter().any(|known| known.user == member.user) {
            people.push(member);
        }
    }
    Ok(Json(people))
}

#[derive(Deserialize, ToSchema)]
pub struct DemoSignIn {
    user: UserId,
}

/// Signs in as one of the demonstration's people; not found outside of it.
#[utoipa::path(post, path = "/api/demo/session", request_body = DemoSignIn, responses((status = 204), (status = 404, body = Problem)))]
pub async fn demo_sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(body): Json<DemoSignIn>,
) -> Result<impl IntoResponse, Problem> {
    let not_found = || Problem::not_found(language(&headers));
    let demo = app.demo.as_ref().ok_or_else(not_found)?;
    let all = app.forums.latest();
    let name =
        all.values().find_map(|forum| forum.members.get(&body.user).filter(|m| m.active).map(|m| &m.name));
    let token = demo.issue(&body.user, name.ok_or_else(not_found)?, now(), u128::from_be_bytes(fresh()));
    let cookie = token.ok().and_then(|token| session_cookie(&token, app.is_https())).ok_or_else(not_found)?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}
