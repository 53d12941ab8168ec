//! What happened, in order, for ever: the event log. One trait with its contract in words, its
//! backends, and one conformance suite that every backend passes.
//!
//! The log is the record; all else can be rebuilt from it. See [`EventLog`] for what it
//! promises, [`chain`] for what its hashes prove, [`verify`] for the check of a whole log.

pub mod backend;
pub mod codec;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod follow;
pub mod keys;
mod ledger;
pub mod unread;
pub mod verify;

use agenda::event::{Commit, Position, Recorded};
use agenda::id::{Hash, StreamId};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use proof::tree::Tree;
use std::sync::{Arc, RwLock};

pub use backend::memory::MemoryLog;
pub use backend::sled::{OpenError, SledLog};
pub use proof::chain;

/// The most commits that one page of [`EventLog::read`] or [`EventLog::scan`] holds.
pub const MAX_PAGE: usize = 1_000;

/// A page ends after the commit with which it reaches this many bytes.
pub const PAGE_BYTES: usize = 16 << 20;

/// Commits as a reader gets them: shared, because many readers get the same one.
pub type Page = Vec<Arc<Recorded>>;

/// An append-only log of commits in streams.
///
/// # What an append promises
///
/// * **Durable when it returns.** `Ok` means that the commit survives a power cut. Nobody,
///   reader or follower, sees a commit before it is durable.
/// * **Expected sequence.** `commit.sequence` must be the head of its stream plus one, else
///   [`AppendError::Conflict`]; so of two writers that saw the same head only one can win.
/// * **All or nothing.** The events of a commit are written together or not at all.
/// * **Idempotent.** The same command in the same stream by the same user with the same
///   events answers what the first append answered, with `duplicate` set, for ever, whatever
///   sequence, time and session the retry carries. The same command with other content is
///   [`AppendError::CommandReused`]. This is asked before the expected sequence is.
/// * **In order of the calls.** Appends are queued when `append` is *called*, not when its
///   future is first polled. So one task may have several in flight: they are decided and
///   committed in the order of the calls. If one of them is refused, those after it in its
///   stream conflict.
/// * **Back-pressure is the wait** until it is durable. A caller bounds what it has in flight;
///   only past a limit that no healthy system reaches is an append [`AppendError::Overloaded`].
///   Nothing is dropped; and dropping the future does not take a queued commit back.
/// * **Gapless positions**, from 1, in the whole log; gapless sequences, from 1, in a stream.
/// * **Words are encrypted** under the key of the text that they belong to (see [`keys`]), which is durable before
///   they are. When an `ItemErased` is durable, the keys of its texts are destroyed before it is answered;
///   then every read shows what stands in the place of those words, and no hash has changed.
/// * **An error of the disk sticks.** After [`AppendError::Unavailable`] it is not known
///   whether the commit was written, and the log takes no more until it is opened anew. Then
///   a retry with the same command finds out.
///
/// Every read checks the commit against its hash.
pub trait EventLog: Send + Sync + 'static {
    /// Adds a commit to its stream; see above.
    fn append(&self, commit: Commit) -> BoxFuture<'static, Result<Appended, AppendError>>;

    /// Adds a commit as another log stored it: the same bytes, so the same hashes and the same proofs, also where
    /// the keys of its words are not here. It must follow the commit before it in its stream.
    fn append_stored(&self, bytes: Vec<u8>) -> BoxFuture<'static, Result<Appended, AppendError>>;

    /// The commits of one stream from a sequence (counted from 1) on: at most `limit`, and
    /// never more than a page ([`MAX_PAGE`], [`PAGE_BYTES`]). Only an empty page means that
    /// there are no more.
    fn read(
        &self,
        stream: StreamId,
        from_sequence: u64,
        limit: usize,
    ) -> BoxFuture<'static, Result<Page, ReadError>>;

    /// The commits of the whole log from a position (counted from 1) on; paged as `read`.
    fn scan(&self, from: Position, limit: usize) -> BoxFuture<'static, Result<Page, ReadError>>;

    /// The stored bytes of the commits from a position (counted from 1) on, for those who check or carry
    /// the log; paged as `read`. An event that was stored in an older version is so here too.
    fn bytes(&self, from: Position, limit: usize) -> BoxFuture<'static, Result<Vec<Vec<u8>>, ReadError>>;

    /// Every commit from a position on, in order, without gaps or repetition: first those
    /// that stand there, then each new one. A slow follower reads again what it has missed;
    /// it never skips and never holds anyone up. Ends when the log is shut down, or after
    /// its first error.
    fn follow(&self, from: Position) -> BoxStream<'static, Result<Arc<Recorded>, ReadError>>;

    /// The last durable commit of the whole log.
    fn head(&self) -> Head;

    /// The last durable commit of one stream; all zero when it has none.
    fn head_of(&self, stream: StreamId) -> StreamHead;

    /// The heads of all streams, in the order of their ids.
    fn stream_heads(&self) -> Vec<(StreamId, StreamHead)>;

    /// The Merkle tree over the durable commits. Whoever holds the lock delays the next append's answer.
    fn tree(&self) -> Arc<RwLock<Tree>>;

    /// Makes durable what was submitted before, answers it, and closes. Later appends and
    /// reads are `Unavailable`; followers end.
    fn shutdown(&self) -> BoxFuture<'static, Result<(), Unavailable>>;
}

/// Where a commit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub position: Position,
    pub sequence: u64,
    /// The leaf hash of the stored commit; see [`chain::leaf`].
    pub hash: Hash,
    /// The command had been carried out before; nothing was written now.
    pub duplicate: bool,
}

/// The end of the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub position: Position,
    /// The running chain over all commits; see [`chain::link`]. Zero for the empty log.
    pub hash: Hash,
}

/// The end of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    pub sequence: u64,
    /// The leaf hash of its last commit. Zero for the empty stream.
    pub hash: Hash,
}

/// The log takes no appends, or cannot be read, until it is opened again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event log is not available: {0}")]
pub struct Unavailable(pub String);

/// Why a commit was not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Somebody else was first. `head` is the sequence of the stream's last commit.
    #[error("the stream is at sequence {head}")]
    Conflict { head: u64 },
    /// The command was carried out before, with another content.
    #[error("the command has been used for another change, at position {position}")]
    CommandReused { position: Position },
    #[error("the commit is {bytes} bytes, and may be at most {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// Far too many appends wait already. Nothing was queued; try again later.
    #[error("{waiting} appends wait for the disk already")]
    Overloaded { waiting: usize },
    /// The commit holds no events, or one that cannot be encoded.
    #[error("the commit cannot be stored: {0}")]
    Invalid(String),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Why commits cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// What is stored is not what was written.
    #[error(transparent)]
    Damaged(#[from] Box<verify::Finding>),
}

impl From<verify::Finding> for ReadError {
    fn from(finding: verify::Finding) -> Self {
        Self::Damaged(Box::new(finding))
    }
}
