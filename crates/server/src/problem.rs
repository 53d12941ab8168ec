//! Errors as `application/problem+json` (RFC 9457), each saying what to do, in the caller's
//! language.

use crate::{
    api::REQUEST_ID,
    auth::{TokenError, language},
    edition::Erased,
};
use agenda::{language::Language, rejection::Rejection};
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
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
    /// Names the request in the service's log; filled in when the answer leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The kind of what a rule refused.
const REJECTED: &str = "rejected";
/// Longest explanation of the framework's that is passed on, in bytes.
const MAX_REASON_BYTES: usize = 1_000;

/// Gives every error answer its form: those of the handlers get the request's id, and those
/// that the framework writes in plain text become problems.
pub async fn shape(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_plain_error(&response) => Problem::of_framework(&mut response, language).await,
        None => return response,
    };
    let (parts, _) = response.into_parts();
    let mut shaped = Problem { request_id: id, ..problem }.into_response();
    for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = parts.headers.get(&name) {
            shaped.headers_mut().insert(name, value.clone());
        }
    }
    shaped
}

fn is_plain_error(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let failed = response.status().is_client_error() || response.status().is_server_error();
    failed && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

impl Problem {
    /// What the framework refused, with its own explanation behind ours.
    async fn of_framework(response: &mut Response, language: Language) -> Self {
        let body = std::mem::take(response.body_mut());
        let reason = axum::body::to_bytes(body, MAX_REASON_BYTES).await.unwrap_or_default();
        let reason = String::from_utf8_lossy(&reason);
        let told = |advice: &str| match reason.as_ref() {
            "" => advice.to_owned(),
            reason => format!("{advice} ({reason})"),
        };
        let status = response.status();
        match status {
            StatusCode::NOT_FOUND => Self::not_found(language),
            StatusCode::PAYLOAD_TOO_LARGE => {
                let (title, detail) = language.pick(
                    ("Det er for stort", "Send højst 1 MiB ad gangen."),
                    ("That is too large", "Send at most 1 MiB at a time."),
                );
                Self::new(status, "too-large", title, detail)
            }
            status if status.is_server_error() => {
                Self { status: status.as_u16(), ..Self::unavailable(language) }
            }
            status => {
                let advice = language.pick(
                    "Ret forespørgslen efter beskrivelsen i /api/openapi.json.",
                    "Correct the request as /api/openapi.json describes it.",
                );
                Self { status: status.as_u16(), ..Self::bad_request(told(advice), language) }
            }
        }
    }

    pub fn new(status: StatusCode, kind: &str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title: title.into(),
            detail: detail.into(),
            status: status.as_u16(),
            request_id: None,
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

    /// Whether a rule said no to something that could be read.
    pub fn is_rejection(&self) -> bool {
        self.kind == format!("/problems/{REJECTED}")
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
            | Rejection::NotPublished
            | Rejection::EditionUnderWay
            | Rejection::InWork
            | Rejection::Held
            | Rejection::NotDue
            | Rejection::NothingOpened
            | Rejection::HasMinutes
            | Rejection::Superseded
            | Rejection::NoChange
            | Rejection::Exists(_)
            | Rejection::Settled
            | Rejection::ChangedMeanwhile
            | Rejection::OtherForum
            | Rejection::SameMeeting
            | Rejection::OtherAgendaShut
            | Rejection::WrittenMeanwhile
            | Rejection::LastSecretary => StatusCode::CONFLICT,
        };
        let title = language.pick("Det kan ikke lade sig gøre", "That cannot be done");
        Self::new(status, REJECTED, title, rejection.explain(language))
    }

    pub fn bad_request(detail: impl Into<String>, language: Language) -> Self {
        let title = language.pick("Forespørgslen kan ikke læses", "The request cannot be read");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-request", title, detail)
    }

    /// A file cannot be made; `detail` says why and what to do.
    pub fn no_file(status: StatusCode, detail: impl Into<String>, language: Language) -> Self {
        let title = language.pick("Filen kan ikke laves", "The file cannot be made");
        Self::new(status, "no-file", title, detail)
    }

    /// Words of it were erased.
    pub fn gone(erased: &Erased, language: Language) -> Self {
        let title = language.pick("Udgaven kan ikke længere vises", "The edition can no longer be shown");
        Self::new(StatusCode::GONE, "erased", title, erased.explain(language))
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
        let mut response = (status, Json(&self)).into_response();
        response.extensions_mut().insert(self);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
