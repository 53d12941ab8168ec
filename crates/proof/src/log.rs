//! The whole log as a file that anyone can read, and its check.
//!
//! ```text
//! {"format":"dagsorden-log","version":1}
//! {"position":1,"hash":"hex","chain":"hex","commit":"base64 of the stored bytes"}
//! {"position":2,...}
//! ```
//!
//! One JSON object a line; positions from 1 without gaps; the bytes are those of [`crate::envelope`], hash and
//! chain those of [`crate::chain`]. Both follow from the bytes: they are there so that a change is found where
//! it is and not only where something no longer fits it. Whoever computes them anew is found out by a
//! checkpoint that lies elsewhere.

use crate::{
    chain,
    checkpoint::{Checkpoint, SignedCheckpoint, origin},
    envelope::{BadEnvelope, Envelope, StoredEvent},
    hash::Hash,
    note::Verifier,
    readable::readable,
    tree::Tree,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::HashMap};

/// What the first line says.
pub const FORMAT: &str = "dagsorden-log";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Header<'a> {
    format: &'a str,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    position: u64,
    hash: Hash,
    chain: Hash,
    #[serde(borrow)]
    commit: Cow<'a, str>,
}

/// The first line, without a newline.
pub fn header() -> String {
    // A struct of a text and a number always has a JSON form.
    serde_json::to_string(&Header { format: FORMAT, version: VERSION }).unwrap_or_default()
}

/// The lines of a log, one after the other.
#[derive(Debug, Clone)]
pub struct Writer {
    position: u64,
    chain: Hash,
}

impl Default for Writer {
    fn default() -> Self {
        Self { position: 0, chain: chain::ORIGIN }
    }
}

impl Writer {
    /// The line of the next commit, without a newline.
    pub fn line(&mut self, bytes: &[u8]) -> String {
        let hash = chain::leaf(bytes);
        self.position += 1;
        self.chain = chain::link(&self.chain, &hash);
        let commit = Cow::Owned(BASE64.encode(bytes));
        let line = Line { position: self.position, hash, chain: self.chain, commit };
        serde_json::to_string(&line).unwrap_or_default()
    }
}

/// Whether a line is the first of a log.
pub fn is_header(line: &str) -> bool {
    serde_json::from_str::<Header<'_>>(line).is_ok_and(|header| header.format == FORMAT)
}

/// What is wrong with a log, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("position {position}: {fault}")]
pub struct BadLog {
    pub position: u64,
    pub fault: Fault,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the line is not that of a commit: {0}")]
    Line(String),
    #[error("here stands position {0}")]
    Gap(u64),
    #[error(transparent)]
    Envelope(#[from] BadEnvelope),
    #[error("it should be number {0} of its stream")]
    Sequence(u64),
    #[error("the bytes are not those of its hash")]
    Hash,
    #[error("the chain does not go on here from the commit before")]
    Chain,
    /// Holds the position of that other commit.
    #[error("it names another commit before it in its stream than position {0}: one of the two was changed")]
    StreamChain(u64),
    #[error("the checkpoint in it is not one of this log ({why}); what was changed is one of {from} to {to}")]
    Checkpoint { why: &'static str, from: u64, to: u64 },
    #[error("an event in it cannot be read: {0}")]
    Event(String),
}

/// Checks a log commit by commit, from the first on. At the end it knows the tree.
#[derive(Default)]
pub struct LogCheck {
    /// Of each stream its last sequence, that commit's hash, and its position.
    streams: HashMap<[u8; 17], (u64, Hash, u64)>,
    chain: Option<Hash>,
    tree: Tree,
    /// Keys that sign checkpoints; with none, signatures are not checked.
    keys: Vec<Verifier>,
    checkpoints: u64,
    /// The commits that the last good checkpoint covers.
    covered: u64,
}

impl LogCheck {
    pub fn new(keys: Vec<Verifier>) -> Self {
        Self { keys, ..Self::default() }
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Writes the lines that come after these.
    pub fn writer(&self) -> Writer {
        Writer { position: self.tree.size(), chain: self.chain() }
    }

    pub fn into_tree(self) -> Tree {
        self.tree
    }

    /// The running chain after the last commit.
    pub fn chain(&self) -> Hash {
        self.chain.unwrap_or(chain::ORIGIN)
    }

    /// Streams, and signed checkpoints, so far.
    pub fn counts(&self) -> (usize, u64) {
        (self.streams.len(), self.checkpoints)
    }

    /// Takes in a line of the file; the bytes of its commit.
    pub fn line(&mut self, line: &str) -> Result<Vec<u8>, BadLog> {
        let position = self.tree.size() + 1;
        let bad = |fault| BadLog { position, fault };
        let line: Line<'_> =
            serde_json::from_str(line).map_err(|error| bad(Fault::Line(error.to_string())))?;
        if line.position != position {
            return Err(bad(Fault::Gap(line.position)));
        }
        let bytes =
            BASE64.decode(line.commit.as_bytes()).map_err(|error| bad(Fault::Line(error.to_string())))?;
        let hash = chain::leaf(&bytes);
        if hash != line.hash {
            return Err(bad(Fault::Hash));
        }
        if chain::link(&self.chain(), &hash) != line.chain {
            return Err(bad(Fault::Chain));
        }
        self.take(&bytes)?;
        Ok(bytes)
    }

    /// Takes in the stored bytes of the next commit.
    pub fn take<'a>(&mut self, bytes: &'a [u8]) -> Result<Envelope<'a>, BadLog> {
        let position = self.tree.size() + 1;
        let bad = |fault| BadLog { position, fault };
        let envelope = Envelope::decode(bytes).map_err(|error| bad(error.into()))?;
        let first = (0, chain::ORIGIN, 0);
        let (last, before, there) = self.streams.get(&envelope.stream).copied().unwrap_or(first);
        if envelope.sequence != last + 1 {
            return Err(bad(Fault::Sequence(last + 1)));
        }
        if envelope.previous != before {
            return Err(bad(Fault::StreamChain(there)));
        }
        for event in envelope.events.iter().filter(|event| event.kind == CHECKPOINT_SIGNED) {
            self.checkpoint(event).map_err(bad)?;
        }
        let leaf = chain::leaf(bytes);
        self.streams.insert(envelope.stream, (envelope.sequence, leaf, position));
        self.chain = Some(chain::link(&self.chain(), &leaf));
        self.tree.push(leaf);
        Ok(envelope)
    }

    fn checkpoint(&mut self, event: &StoredEvent<'_>) -> Result<(), Fault> {
        let body = readable(event.body).map_err(Fault::Event)?;
        let note = body.get("note").and_then(|note| note.as_str()).unwrap_or_default();
        let (before, from) = (self.tree.size(), self.covered + 1);
        let covers = check_recorded(note, before, &self.tree, &self.keys);
        self.covered = covers.map_err(|(why, to)| Fault::Checkpoint { why, from, to })?;
        self.checkpoints += 1;
        Ok(())
    }
}

/// The event that holds a checkpoint.
pub const CHECKPOINT_SIGNED: &str = "CheckpointSigned";

/// Whether a note that stands in the log is a good checkpoint of the `before` commits before it: how many
/// it covers, or why not and how far something is wrong. The tree is that of the log, and may be longer. With
/// no keys, its signature is not checked.
pub fn check_recorded(
    note: &str,
    before: u64,
    tree: &Tree,
    keys: &[Verifier],
) -> Result<u64, (&'static str, u64)> {
    let signed = SignedCheckpoint::parse(note).map_err(|_| ("it is no checkpoint", before + 1))?;
    let size = signed.checkpoint.size;
    if size > before {
        return Err(("it counts more commits than there are before it", before + 1));
    }
    hold(&signed.checkpoint, tree).map_err(|why| (why, size))?;
    if !keys.is_empty() && signed.signed_by(keys).is_err() {
        return Err(("no known key signed it", before + 1));
    }
    Ok(size)
}

/// Whether the log with this tree is the one that the checkpoint is of.
pub fn hold(checkpoint: &Checkpoint, tree: &Tree) -> Result<(), &'static str> {
    if tree.commit(1).map(origin).as_ref() != Some(&checkpoint.origin) {
        return Err("it is of another log");
    }
    match tree.root(checkpoint.size) {
        None => Err("it counts more commits than the log has"),
        Some(root) if root != checkpoint.root => {
            Err("the commits before it are not those that it was made of")
        }
        Some(_) => Ok(()),
    }
}
