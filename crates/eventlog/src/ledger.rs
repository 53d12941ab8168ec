//! The rules of an append, without a disk: which commit may come next, and what it hashes to.
//! Every backend asks here.

use crate::codec::{self, CodecError, MAX_COMMIT_BYTES};
use crate::{AppendError, Appended, Head, StreamHead, chain};
use agenda::event::{Commit, Position, Recorded};
use agenda::id::{Hash, StreamId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The heads of the log and of all its streams.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    head: Head,
    streams: BTreeMap<StreamId, StreamHead>,
}

/// A commit that has its place, its bytes and its hashes.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub recorded: Arc<Recorded>,
    pub envelope: Vec<u8>,
    pub leaf: Hash,
    pub chain: Hash,
}

impl Default for Ledger {
    fn default() -> Self {
        let head = Head { position: Position(0), hash: chain::ORIGIN };
        Self { head, streams: BTreeMap::new() }
    }
}

impl Ledger {
    pub fn head(&self) -> Head {
        self.head
    }

    pub fn head_of(&self, stream: StreamId) -> StreamHead {
        self.streams.get(&stream).copied().unwrap_or(StreamHead { sequence: 0, hash: chain::ORIGIN })
    }

    pub fn stream_heads(&self) -> Vec<(StreamId, StreamHead)> {
        self.streams.iter().map(|(stream, head)| (*stream, *head)).collect()
    }

    /// Gives a commit the next place, or says why it cannot have it. Changes nothing.
    pub fn seal(&self, commit: Commit) -> Result<Sealed, AppendError> {
        let before = self.head_of(commit.stream);
        if commit.sequence != before.sequence + 1 {
            return Err(AppendError::Conflict { head: before.sequence });
        }
        let envelope = codec::encode(&commit, &before.hash).map_err(invalid)?;
        if envelope.len() > MAX_COMMIT_BYTES {
            return Err(AppendError::TooLarge { bytes: envelope.len(), limit: MAX_COMMIT_BYTES });
        }
        let leaf = chain::leaf(&envelope);
        let position = Position(self.head.position.0 + 1);
        let chain = chain::link(&self.head.hash, &leaf);
        Ok(Sealed { recorded: Arc::new(Recorded { position, commit }), envelope, leaf, chain })
    }

    /// Takes the commit as the new head.
    pub fn advance(&mut self, recorded: &Recorded, leaf: Hash, chain: Hash) {
        self.head = Head { position: recorded.position, hash: chain };
        let head = StreamHead { sequence: recorded.commit.sequence, hash: leaf };
        self.streams.insert(recorded.commit.stream, head);
    }
}

impl Sealed {
    /// The answer to the append that wrote it.
    pub fn appended(&self) -> Appended {
        appended(&self.recorded, self.leaf, false)
    }
}

/// What a command that has been carried out as `stored` answers when it comes again.
pub(crate) fn repeat(stored: &Recorded, leaf: Hash, commit: &Commit) -> Result<Appended, AppendError> {
    if stored.commit.by != commit.by || stored.commit.events != commit.events {
        return Err(AppendError::CommandReused { position: stored.position });
    }
    Ok(appended(stored, leaf, true))
}

fn appended(recorded: &Recorded, hash: Hash, duplicate: bool) -> Appended {
    Appended { position: recorded.position, sequence: recorded.commit.sequence, hash, duplicate }
}

fn invalid(error: CodecError) -> AppendError {
    AppendError::Invalid(error.to_string())
}
