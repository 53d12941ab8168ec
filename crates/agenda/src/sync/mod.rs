//! The wire and the acceptance of changes: automerge-repo protocol 1 frames, automerge sync
//! messages and changes, decoded by hand so that nothing a client sends reaches automerge
//! before it is known to be well formed. Pure; every size is bounded before memory is taken.
//!
//! The way in: [`wire::decode`] -> [`message::decode`] -> [`chunk::split`] ->
//! [`change::Change::parse`] -> [`history::History::check`] -> `insert`.
//! The way out: [`message::Outgoing`] -> [`frame`].

pub mod change;
pub mod chunk;
mod column;
pub mod frame;
pub mod graph;
pub mod history;
pub mod message;
pub mod operation;
pub mod operations;
mod reader;
pub mod trial;
pub mod wire;

#[cfg(test)]
mod cost_tests;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
pub(crate) mod oracle_tests;
#[cfg(test)]
mod refusal_tests;

/// Why a client's bytes break the protocol. An honest client never causes one, so the answer
/// is to close its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("{part} is {size} long; at most {limit} is allowed")]
    TooLarge { part: &'static str, size: u64, limit: u64 },
    #[error("{0} ends too early")]
    Truncated(&'static str),
    #[error("{part}: {reason}")]
    Malformed { part: &'static str, reason: &'static str },
    #[error("the message lacks {0}")]
    Lacks(&'static str),
    #[error("a {0} chunk was sent where only single changes are taken; reconnect to sync change by change")]
    ChunkType(&'static str),
    #[error("the checksum of a change does not fit its bytes")]
    Checksum,
}

/// Refuses `size` above `limit`.
fn limit(part: &'static str, size: u64, limit: u64) -> Result<(), Violation> {
    if size > limit { Err(Violation::TooLarge { part, size, limit }) } else { Ok(()) }
}
