//! Tickets of the operator's programs: whoever can read the service's secret in the data folder can read the
//! log there as well, so such a ticket shows nobody more than they have.

use super::{TokenError, language};
use crate::{app::App, problem::Problem};
use agenda::event::Timestamp;
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long a ticket is good, in seconds; each request has its own.
const SECONDS: i64 = 60;
const AUDIENCE: &str = "dagsorden-operator";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    exp: i64,
    aud: String,
}

/// Signs and checks the operator's tickets, under the secret of the data folder.
pub struct OperatorKey {
    secret: [u8; 32],
}

impl OperatorKey {
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    pub fn issue(&self, now: Timestamp) -> Result<String, TokenError> {
        let claims = Claims { exp: now.0 / 1_000 + SECONDS, aud: AUDIENCE.into() };
        encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&self.secret))
            .map_err(|error| TokenError::Invalid(error.to_string()))
    }

    pub fn verify(&self, token: &str) -> Result<(), TokenError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        decode::<Claims>(token, &DecodingKey::from_secret(&self.secret), &validation)
            .map(drop)
            .map_err(|error| TokenError::Invalid(error.to_string()))
    }
}

/// A program of the operator's. A handler that takes it is closed to everyone else, also to who signed in.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let language = language(&parts.headers);
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| Problem::not_signed_in(language))?;
        app.operator.verify(token).map(|()| Self).map_err(|error| Problem::bad_token(&error, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::{Identity, TicketKey},
        clock::now,
    };
    use agenda::id::{DocumentId, SessionId, UserId};

    #[test]
    fn only_a_fresh_ticket_under_the_same_secret_and_for_this_is_good() {
        let (key, now) = (OperatorKey::new([1; 32]), now());
        assert_eq!(key.verify(&key.issue(now).unwrap()), Ok(()));
        assert!(OperatorKey::new([2; 32]).verify(&key.issue(now).unwrap()).is_err());
        assert!(key.verify(&key.issue(Timestamp(now.0 - 600_000)).unwrap()).is_err(), "an old one");
        let (user, session) = (UserId::new("anne").unwrap(), SessionId::from_bytes([1; 16]));
        let anne = Identity { user, name: None, session, expires: Timestamp(now.0 + 600_000) };
        let (ticket, _) = TicketKey::new([1; 32]).issue(&anne, DocumentId::from_bytes([1; 16]), now).unwrap();
        assert!(key.verify(&ticket).is_err(), "a ticket for a document");
    }
}
