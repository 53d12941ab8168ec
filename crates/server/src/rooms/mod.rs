//! Open meetings: one task per meeting owns its [`agenda::live::Room`]; a registry starts at
//! most one per meeting and forgets those that are done.

pub(crate) mod actor;
mod registry;
mod socket_queue;

pub use registry::{Registry, RoomHandle};
pub use socket_queue::{Outgoing, SocketFeed, SocketQueue, socket_queue};

use agenda::{
    id::{DocumentId, SessionId, UserId},
    live::{CommandMeta, Done, PeerKey, Room},
    meeting::MeetingCommand,
    rejection::Rejection,
};
use tokio::sync::oneshot;

/// Messages that wait in front of one room; senders wait when it is full.
pub const MAILBOX_MESSAGES: usize = 256;

/// What is sent to a room's task.
pub enum Mail {
    Connect {
        peer: PeerKey,
        user: UserId,
        session: SessionId,
        document: DocumentId,
        queue: SocketQueue,
    },
    Frame {
        peer: PeerKey,
        bytes: Vec<u8>,
    },
    Disconnect {
        peer: PeerKey,
    },
    Command {
        meta: CommandMeta,
        command: MeetingCommand,
        reply: oneshot::Sender<Result<Done, Rejection>>,
    },
    /// Reads the room; the answer is delivered when everything it may show is durable.
    Read(Reading),
    /// Finish what is on its way and end.
    Stop,
}

/// Looks at the room, and returns how to deliver what it saw.
pub type Reading = Box<dyn FnOnce(&mut Room) -> Box<dyn FnOnce() + Send> + Send>;

/// The room ended before it answered; nothing that it acknowledged is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the meeting's task ended")]
pub struct RoomEnded;
