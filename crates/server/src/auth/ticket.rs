//! Tickets for WebSocket URLs: a browser's WebSocket can carry no header, so a short-lived
//! token for one document and one person stands in the URL.

use super::{Identity, TokenError, token::session_id};
use agenda::{
    event::Timestamp,
    id::{DocumentId, UserId},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

/// How long a ticket opens a socket, in seconds. An open socket outlives its ticket, not its
/// session.
pub const TICKET_SECONDS: i64 = 5 * 60;
const AUDIENCE: &str = "dagsorden-sync";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    doc: DocumentId,
    /// When the session behind the ticket ends, in milliseconds.
    ses: i64,
    exp: i64,
    aud: String,
    jti: String,
}

/// What a valid ticket says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub identity: Identity,
    pub document: DocumentId,
}

/// Signs and checks tickets, under a secret that lives in the data folder.
pub struct TicketKey {
    secret: [u8; 32],
}

impl TicketKey {
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// A ticket for one person and document, and when it ends.
    pub fn issue(
        &self,
        identity: &Identity,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<(String, Timestamp), TokenError> {
        let exp = now.0 / 1_000 + TICKET_SECONDS;
        let claims = Claims {
            sub: identity.user.as_str().to_owned(),
            doc: document,
            ses: identity.expires.0,
            exp,
            aud: AUDIENCE.into(),
            jti: identity.session.to_string(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&self.secret))
            .map(|token| (token, Timestamp(exp * 1_000)))
            .map_err(|e| TokenError::Invalid(e.to_string()))
    }

    pub fn verify(&self, token: &str) -> Result<Ticket, TokenError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        let key = DecodingKey::from_secret(&self.secret);
        let claims = decode::<Claims>(token, &key, &validation)
            .map_err(|e| match e.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Invalid(e.to_string()),
            })?
            .claims;
        let user = UserId::new(claims.sub).map_err(|e| TokenError::Invalid(e.to_string()))?;
        let session = claims.jti.parse().unwrap_or_else(|_| session_id(&claims.jti));
        let identity = Identity { user, name: None, session, expires: Timestamp(claims.ses) };
        Ok(Ticket { identity, document: claims.doc })
    }
}
