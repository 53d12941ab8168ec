//! Who is calling. Three proofs, one result ([`Identity`]): a bearer token of the identity
//! provider (programs), the same token in a cookie (browsers), and a short-lived ticket for
//! one document (WebSocket URLs, which can carry nothing else). What the person may do is
//! not in any of them; that comes from the log.

mod caller;
mod cookie;
mod operator;
mod ticket;
mod token;

pub(crate) use caller::language;
pub use caller::{Caller, MaybeCaller, require_same_origin};
pub use cookie::{clear_cookie, session_cookie};
pub use operator::{Operator, OperatorKey};
pub use ticket::{TICKET_SECONDS, Ticket, TicketKey};
pub use token::{DEMO_SESSION_SECONDS, DemoTokens, TokenError, Verifier};

use agenda::{
    event::Timestamp,
    id::{SessionId, UserId},
};
use std::time::Duration;

/// A person whom a token vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub user: UserId,
    /// The token's `name`, if it has one; the log's member name is shown where there is one.
    pub name: Option<String>,
    /// Made from the token, so that all requests of one sign-in share it.
    pub session: SessionId,
    pub expires: Timestamp,
}

impl Identity {
    /// How long the session still lasts; what stays open ends with it.
    pub fn time_left(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.expires.0.saturating_sub(now.0)).unwrap_or(0))
    }
}
