//! Where things lie in the one sled tree. The first byte of a key says what it is:
//!
//! ```text
//! L position:u64be              -> chain 32, leaf 32, length:u32be, first bytes of the commit
//! L position:u64be part:u16be   -> further bytes; parts count from 1
//! D stream:17 sequence:u64be    -> position:u64be
//! I stream:17 command:16        -> position:u64be
//! M name                        -> what the log is ("format" -> 1)
//! ```
//!
//! No value is longer than 4 KiB: sled puts leaves above about 128 KiB into files of their
//! own which it never syncs.

use crate::codec::MAX_COMMIT_BYTES;
use crate::ledger::Sealed;
use crate::verify::{Damage, Finding, Stored};
use agenda::id::{CommandId, Hash, StreamId};
use sled::{Batch, IVec, Tree};

pub(super) const STREAMS: u8 = b'D';
pub(super) const COMMANDS: u8 = b'I';
const LOG: u8 = b'L';

pub(super) const FORMAT_KEY: &[u8] = b"Mformat";
pub(super) const FORMAT: &[u8] = &[1];

const MAX_VALUE_BYTES: usize = 4_096;
const HEADER_BYTES: usize = 32 + 32 + 4;

/// Adds all rows of one commit to a batch.
pub(super) fn put(batch: &mut Batch, sealed: &Sealed) {
    let position = sealed.recorded.position.0;
    let commit = &sealed.recorded.commit;
    let (first, rest) = sealed.envelope.split_at(sealed.envelope.len().min(MAX_VALUE_BYTES - HEADER_BYTES));
    // At most MAX_COMMIT_BYTES, so neither the length nor the number of parts overflows.
    let length = sealed.envelope.len() as u32;
    let header = [&sealed.chain.0[..], &sealed.leaf.0, &length.to_be_bytes(), first].concat();
    batch.insert(log_key(position), header);
    for (part, bytes) in (1u16..).zip(rest.chunks(MAX_VALUE_BYTES)) {
        batch.insert([&log_key(position)[..], &part.to_be_bytes()].concat(), bytes);
    }
    let place = position.to_be_bytes();
    batch.insert(stream_key(commit.stream, commit.sequence), &place);
    batch.insert(command_key(commit.stream, commit.command), &place);
}

pub(super) fn stream_key(stream: StreamId, sequence: u64) -> Vec<u8> {
    [&[STREAMS][..], &stream.to_key(), &sequence.to_be_bytes()].concat()
}

pub(super) fn command_key(stream: StreamId, command: CommandId) -> Vec<u8> {
    [&[COMMANDS][..], &stream.to_key(), command.as_bytes()].concat()
}

fn log_key(position: u64) -> Vec<u8> {
    [&[LOG][..], &position.to_be_bytes()].concat()
}

/// The position that an index row leads to.
pub(super) fn lookup(tree: &Tree, key: &[u8]) -> Result<Option<u64>, Finding> {
    let row = tree.get(key).map_err(store)?;
    row.map(|value| {
        position(&value).ok_or_else(|| Damage::Store("an index entry has another length".into()).anywhere())
    })
    .transpose()
}

/// The commit at a position, as an index row names it.
pub(super) fn load(tree: &Tree, position: u64) -> Result<Stored, Finding> {
    let next = Commits::new(tree, position).next().transpose()?;
    let stored = next.filter(|stored| stored.position == position);
    stored.ok_or_else(|| Damage::Store("an index names a commit that is not there".into()).at(position))
}

/// The number of rows in an index.
pub(super) fn count(tree: &Tree, index: u8) -> Result<u64, Finding> {
    tree.scan_prefix([index]).try_fold(0, |n, row| row.map(|_| n + 1).map_err(store))
}

/// The stored commits from a position on, put together from their parts but not checked.
pub(super) struct Commits {
    rows: std::iter::Peekable<sled::Iter>,
}

impl Commits {
    pub fn new(tree: &Tree, from: u64) -> Self {
        Self { rows: tree.range(log_key(from)..vec![LOG + 1]).peekable() }
    }

    fn join(&mut self, key: &IVec, value: &IVec) -> Result<Stored, Finding> {
        let at = key.get(1..).and_then(position);
        let at = at.ok_or_else(|| Damage::Store("a key has another length".into()).anywhere())?;
        let incomplete = || Damage::Incomplete.at(at);
        let (chain, rest) = value.split_first_chunk().ok_or_else(incomplete)?;
        let (leaf, rest) = rest.split_first_chunk().ok_or_else(incomplete)?;
        let (length, first) = rest.split_first_chunk().ok_or_else(incomplete)?;
        let length = u32::from_be_bytes(*length) as usize;
        if length > MAX_COMMIT_BYTES {
            return Err(incomplete());
        }
        let mut envelope = first.to_vec();
        self.parts(key, &mut envelope)?;
        if envelope.len() != length {
            return Err(incomplete());
        }
        Ok(Stored { position: at, leaf: Hash(*leaf), chain: Hash(*chain), envelope })
    }

    fn parts(&mut self, key: &IVec, envelope: &mut Vec<u8>) -> Result<(), Finding> {
        for part in 1u16.. {
            let wanted = [key, &part.to_be_bytes()[..]].concat();
            let follows =
                |row: &sled::Result<(IVec, IVec)>| row.as_ref().is_ok_and(|(key, _)| *key == wanted);
            match self.rows.next_if(follows) {
                Some(row) => envelope.extend_from_slice(&row.map_err(store)?.1),
                None => break,
            }
        }
        Ok(())
    }
}

impl Iterator for Commits {
    type Item = Result<Stored, Finding>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map_err(store).and_then(|(key, value)| self.join(&key, &value)))
    }
}

fn position(bytes: impl AsRef<[u8]>) -> Option<u64> {
    bytes.as_ref().try_into().ok().map(u64::from_be_bytes)
}

/// What sled says, with the offset in its file when it names one.
pub(super) fn store(error: sled::Error) -> Finding {
    Damage::Store(error.to_string()).anywhere()
}
