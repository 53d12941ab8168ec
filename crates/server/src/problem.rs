//! Errors as `application/problem+json` (RFC 9457), each saying what to do, in the caller's
//! language.

use crate::auth::TokenError;
use agenda::{language::Language, rejection::Rejection};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong and what to do. `type` is stable; programs may rely on it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A path like `/problems/rejected`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub detail: String,
    pub status: u16,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title: title.into(),
            detail: detail.into(),
            status: status.as_u16(),
        }
    }

    pub fn not_signed_in(language: Language) -> Self {
        let (title, detail) = language.pick(
            ("Du er ikke logget på", "Log på og prøv igen."),
            ("You are not signed in", "Sign in and try again."),
        );
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", title, detail)
    }

    pub fn bad_token(error: &TokenError, language: Language) -> Self {
        match error {
            TokenError::Expired => {
                let (title, detail) = language.pick(
                    ("Din session er udløbet", "Log på igen. Det, du har skrevet, er gemt."),
                    ("Your session has expired", "Sign in again. What you wrote is kept."),
                );
                Self::new(StatusCode::UNAUTHORIZED, "expired", title, detail)
            }
            TokenError::Invalid(reason) => {
                let title = language.pick("Adgangsbeviset gælder ikke", "The token is not valid");
                let advice = language.pick("Log på igen.", "Sign in again.");
                Self::new(StatusCode::UNAUTHORIZED, "bad-token", title, format!("{advice} ({reason})"))
            }
        }
    }

    pub fn foreign_origin(language: Language) -> Self {
        let (title, detail) = language.pick(
            ("Kaldet kom fra et andet websted", "Åbn Dagsorden i din browser og gør det derfra."),
            ("The request came from another site", "Open Dagsorden in your browser and do it there."),
        );
        Self::new(StatusCode::FORBIDDEN, "foreign-origin", title, detail)
    }

    pub fn not_found(language: Language) -> Self {
        let (title, detail) = language.pick(
            ("Ikke fundet", "Adressen findes ikke, eller du har ikke adgang til den."),
            ("Not found", "The address does not exist, or you have no access to it."),
        );
        Self::new(StatusCode::NOT_FOUND, "not-found", title, detail)
    }

    pub fn rejected(rejection: &Rejection, language: Language) -> Self {
        let status = match rejection {
            Rejection::NotMember | Rejection::NeedsSecretariat | Rejection::ReadOnly => StatusCode::FORBIDDEN,
            Rejection::UnknownItem | Rejection::Unknown(_) => StatusCode::NOT_FOUND,
            Rejection::Empty(_)
            | Rejection::TooLong { .. }
            | Rejection::TooMany { .. }
            | Rejection::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Rejection::Frozen
            | Rejection::Published
            | Rejection::NotFrozen
            | Rejection::NoChange
            | Rejection::Exists(_)
            | Rejection::LastSecretary => StatusCode::CONFLICT,
        };
        let title = language.pick("Det kan ikke lade sig gøre", "That cannot be done");
        Self::new(status, "rejected", title, rejection.explain(language))
    }

    pub fn bad_request(detail: impl Into<String>, language: Language) -> Self {
        let title = language.pick("Forespørgslen kan ikke læses", "The request cannot be read");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-request", title, detail)
    }

    pub fn too_many(language: Language) -> Self {
        let (title, detail) = language.pick(
            ("For mange kald", "Vent et øjeblik og prøv igen."),
            ("Too many requests", "Wait a moment and try again."),
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", title, detail)
    }

    /// The log or a room cannot answer now; nothing was changed that was not acknowledged.
    pub fn unavailable(language: Language) -> Self {
        let (title, detail) = language.pick(
            ("Tjenesten kan ikke svare lige nu", "Prøv igen om lidt. Intet, der er bekræftet, er tabt."),
            ("The service cannot answer right now", "Try again shortly. Nothing acknowledged is lost."),
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
