//! The rules of an append, without a disk: which commit may come next, and what it hashes to.
//! Every backend asks here.

use crate::codec::{self, CodecError, MAX_COMMIT_BYTES};
use crate::keys::TextKeys;
use crate::{AppendError, Appended, Head, StreamHead, chain};
use agenda::event::{Commit, Event, Position, Recorded};
use agenda::id::{CommandId, Hash, StreamId, TextId};
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

/// What is to be appended.
pub(crate) struct Incoming {
    pub commit: Commit,
    /// The bytes that another log stored it as, which it keeps.
    stored: Option<Stored>,
}

struct Stored {
    bytes: Vec<u8>,
    previous: Hash,
}

const OTHER_PREVIOUS: &str = "it names another commit as the one before it in its stream";

impl Incoming {
    pub fn stored(bytes: Vec<u8>, keys: &TextKeys) -> Result<Self, AppendError> {
        let envelope = codec::decode(&bytes, keys).map_err(invalid)?;
        let stored = Some(Stored { bytes, previous: envelope.previous });
        Ok(Self { commit: envelope.commit, stored })
    }

    pub fn command(&self) -> (StreamId, CommandId) {
        (self.commit.stream, self.commit.command)
    }

    /// What it answers when its command has been carried out as `before`.
    pub fn repeats(&self, before: &Recorded, leaf: Hash) -> Result<Appended, AppendError> {
        let same = match &self.stored {
            Some(stored) => chain::leaf(&stored.bytes) == leaf,
            None => before.commit.by == self.commit.by && before.commit.events == self.commit.events,
        };
        if same {
            Ok(appended(before, leaf, true))
        } else {
            Err(AppendError::CommandReused { position: before.position })
        }
    }
}

impl From<Commit> for Incoming {
    fn from(commit: Commit) -> Self {
        Self { commit, stored: None }
    }
}

/// The texts whose keys a commit destroys.
pub(crate) fn erased(commit: &Commit) -> impl Iterator<Item = TextId> {
    commit
        .events
        .iter()
        .filter_map(|event| match event {
            Event::ItemErased(e) => Some(&e.texts),
            _ => None,
        })
        .flatten()
        .copied()
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
    pub fn seal(&self, incoming: Incoming, keys: &TextKeys) -> Result<Sealed, AppendError> {
        let before = self.head_of(incoming.commit.stream);
        if incoming.commit.sequence != before.sequence + 1 {
            return Err(AppendError::Conflict { head: before.sequence });
        }
        let envelope = match incoming.stored {
            None => codec::encode(&incoming.commit, &before.hash, keys).map_err(invalid)?,
            Some(stored) if stored.previous == before.hash => stored.bytes,
            Some(_) => return Err(AppendError::Invalid(OTHER_PREVIOUS.to_owned())),
        };
        if envelope.len() > MAX_COMMIT_BYTES {
            return Err(AppendError::TooLarge { bytes: envelope.len(), limit: MAX_COMMIT_BYTES });
        }
        let leaf = chain::leaf(&envelope);
        let position = Position(self.head.position.0 + 1);
        let chain = chain::link(&self.head.hash, &leaf);
        let recorded = Arc::new(Recorded { position, commit: incoming.commit });
        Ok(Sealed { recorded, envelope, leaf, chain })
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

fn appended(recorded: &Recorded, hash: Hash, duplicate: bool) -> Appended {
    Appended { position: recorded.position, sequence: recorded.commit.sequence, hash, duplicate }
}

fn invalid(error: CodecError) -> AppendError {
    AppendError::Invalid(error.to_string())
}
