//! The live path: one [`Room`] per open meeting owns its state and its open documents. It is
//! a passive machine without sockets, clock or store: inputs go in, effects come out, so that
//! a whole meeting with many clients can be simulated from a seed.
//!
//! One rule orders everything that leaves: **an effect is held until every append that was
//! issued before it is durable** ([`outbox`]). So no client, reply or other node ever sees an
//! edit that a crash could take back.

mod bringing;
mod commands;
mod document;
mod edits;
mod outbox;
mod peer;
mod presence;
mod refusals;
mod room;
mod suggestions;
mod viewer;

pub use commands::{CommandMeta, Done};
pub use document::LiveDocument;
pub use peer::PeerKey;
pub use room::{LoadError, Room};
pub use viewer::Viewer;

use crate::{
    event::{Commit, Position, Timestamp},
    forum::Forum,
    id::{DocumentId, SessionId, UserId},
    meeting::MeetingCommand,
    rejection::Rejection,
};
use std::sync::Arc;

/// Names an append that is on its way; counted from 1 in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ticket(pub u64);

/// Names an answer that somebody waits for; the shell chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyKey(pub u64);

/// What happens to a room.
#[derive(Debug)]
pub enum Input {
    /// A socket was opened with a ticket for one document.
    Connected {
        peer: PeerKey,
        user: UserId,
        session: SessionId,
        document: DocumentId,
    },
    /// A binary frame came in.
    Frame {
        peer: PeerKey,
        bytes: Vec<u8>,
    },
    Disconnected {
        peer: PeerKey,
    },
    Command {
        reply: ReplyKey,
        meta: CommandMeta,
        command: MeetingCommand,
    },
    /// Somebody wants to know when everything issued so far is durable.
    Barrier {
        reply: ReplyKey,
    },
    /// Members, roles or names changed.
    Forum(Arc<Forum>),
    /// An append returned; they return in the order they were issued in.
    Appended {
        ticket: Ticket,
        position: Position,
    },
}

/// What the shell has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Append to the log and answer [`Input::Appended`]. If it fails the room is over: its
    /// sockets are closed and it is loaded again from the log.
    Append {
        ticket: Ticket,
        commit: Commit,
    },
    Send {
        peer: PeerKey,
        frame: Vec<u8>,
    },
    Close {
        peer: PeerKey,
        close: Close,
    },
    Reply {
        reply: ReplyKey,
        answer: Result<Done, Rejection>,
    },
    /// Something an operator should see.
    Audit(Audit),
}

/// Why the server closes a socket. The numbers are public (SYNC.md 6, contract).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CloseCode {
    Violation = 4400,
    Forbidden = 4403,
    NotFound = 4404,
    Reconnect = 4409,
    TooMany = 4429,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    pub code: CloseCode,
    /// In English, for the log and for developers; people see the code's meaning.
    pub reason: String,
}

/// A security-relevant observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    pub user: UserId,
    pub document: DocumentId,
    pub what: String,
}

/// What the world supplies while an input is handled.
pub struct World<'a> {
    pub now: Timestamp,
    /// Sixteen bytes that never came before.
    pub fresh: &'a mut dyn FnMut() -> [u8; 16],
}

/// The names under which the server speaks; stable per deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerNames {
    /// `senderId` of the server.
    pub peer_id: String,
    /// `storageId`, under which stock clients keep what the server has ("saved").
    pub storage_id: String,
}

/// Rates per socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameLimits {
    pub per_second: u32,
    pub burst: u32,
}
