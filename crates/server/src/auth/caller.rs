//! Extractors: who calls a handler. A handler that takes [`Caller`] is closed to everyone
//! who has not signed in.

use super::{Identity, cookie};
use crate::{app::App, problem::Problem};
use agenda::language::Language;
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Someone signed in, and the language they want answers in.
#[derive(Debug, Clone)]
pub struct Caller {
    pub identity: Identity,
    pub language: Language,
}

/// Someone who may be signed in.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Option<Caller>);

/// The language of `Accept-Language`, Danish by default.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let tag = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    tag.map_or(Language::Danish, Language::from_tag)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let language = language(&parts.headers);
        let token = bearer(&parts.headers).or_else(|| cookie::token(&parts.headers));
        let token = token.ok_or_else(|| Problem::not_signed_in(language))?;
        let identity = app.identify(token).map_err(|e| Problem::bad_token(&e, language))?;
        Ok(Self { identity, language })
    }
}

impl FromRequestParts<Arc<App>> for MaybeCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(Caller::from_request_parts(parts, app).await.ok()))
    }
}

/// Refuses requests that would change something and come from another site's page. Programs
/// send no cookie, so they need no `Origin`.
pub async fn require_same_origin(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && bearer(headers).is_none() && !app.is_own_origin(headers) {
        return Problem::foreign_origin(language(headers)).into_response();
    }
    next.run(request).await
}
