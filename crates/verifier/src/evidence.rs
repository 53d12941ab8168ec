//! What a file is, told from its content and never from its name.

use crate::{erasures::Erasure, facts::Facts};
use proof::{
    checkpoint::{MAX_BYTES, SignedCheckpoint},
    envelope::Envelope,
    hash::Hash,
    log::{self, BadLog, LogCheck},
    note::Verifier,
    receipt::Receipt,
    tree::Tree,
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

/// No receipt is longer, in bytes.
const MAX_RECEIPT: u64 = 64 << 20;
/// No line of a log is longer, in bytes: base64 of the longest commit, and a little.
const MAX_LINE: u64 = 12 << 20;

/// One file that was given.
pub enum Evidence {
    /// A whole log, or what is wrong with it first.
    Log(Result<Box<CheckedLog>, BadLog>),
    Receipt(Box<Receipt>),
    Checkpoint(SignedCheckpoint),
    /// Any other file: its hash.
    File(Hash),
}

/// A log whose hashes and numbers are good.
pub struct CheckedLog {
    pub tree: Tree,
    pub chain: Hash,
    pub streams: usize,
    pub checkpoints: u64,
    pub(crate) facts: Facts,
    pub(crate) erasures: Vec<Erasure>,
}

/// Reads a file; a log is checked on the way, its checkpoints with these keys.
pub fn read(path: &Path, keys: &[Verifier]) -> io::Result<Evidence> {
    let mut file = BufReader::new(File::open(path)?);
    let length = file.get_ref().metadata()?.len();
    let start = file.fill_buf()?;
    if start.starts_with(format!("{{\"format\":\"{}\"", log::FORMAT).as_bytes()) {
        return Ok(Evidence::Log(read_log(file, keys)?.map(Box::new)));
    }
    if start.starts_with(b"dagsorden/") && length <= MAX_BYTES as u64 {
        let text = io::read_to_string(&mut file)?;
        return Ok(match SignedCheckpoint::parse(&text) {
            Ok(checkpoint) => Evidence::Checkpoint(checkpoint),
            Err(_) => Evidence::File(Hash(Sha256::digest(text).into())),
        });
    }
    if start.starts_with(b"{") && length <= MAX_RECEIPT {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(match serde_json::from_slice(&bytes) {
            Ok(receipt) => Evidence::Receipt(Box::new(receipt)),
            Err(_) => Evidence::File(Hash(Sha256::digest(&bytes).into())),
        });
    }
    let mut hash = Sha256::new();
    while let bytes = file.fill_buf()?
        && !bytes.is_empty()
    {
        hash.update(bytes);
        let read = bytes.len();
        file.consume(read);
    }
    Ok(Evidence::File(Hash(hash.finalize().into())))
}

fn read_log(mut file: impl BufRead, keys: &[Verifier]) -> io::Result<Result<CheckedLog, BadLog>> {
    let (mut check, mut facts) = (LogCheck::new(keys.to_vec()), Facts::default());
    let (mut line, mut erasures) = (String::new(), Vec::new());
    // The first line says only what the file is.
    next_line(&mut file, &mut line)?;
    while next_line(&mut file, &mut line)? {
        let taken = check.line(line.trim_end());
        let bytes = match taken {
            Ok(bytes) => bytes,
            Err(bad) => return Ok(Err(bad)),
        };
        // It was read a moment ago.
        let Ok(envelope) = Envelope::decode(&bytes) else { continue };
        facts.take(&envelope.stream, check.tree().size(), &envelope.events);
        erasures.extend(Erasure::read(check.tree().size(), &envelope));
    }
    let (streams, checkpoints) = check.counts();
    let chain = check.chain();
    Ok(Ok(CheckedLog { tree: check.into_tree(), chain, streams, checkpoints, facts, erasures }))
}

fn next_line(file: &mut impl BufRead, line: &mut String) -> io::Result<bool> {
    line.clear();
    Ok(file.take(MAX_LINE).read_line(line)? > 0)
}
