//! The stored form of a commit, version 1: one CBOR array with a fixed order of fields, written by hand
//! so that no change of a type can change stored bytes unseen.
//!
//! ```text
//! [1, previous: bytes 32, stream: bytes 17, sequence: uint, at: int (ms since 1970 UTC),
//!  by: text, session: bytes 16, command: bytes 16, [[kind: text, version: uint, body: bytes], ...]]
//! ```
//!
//! `previous` is the leaf of the commit before it in its stream; `stream` is one byte for the kind (`F`
//! a forum, `M` a meeting, `S` what the service signed) and 16 for the id; a `body` is a CBOR map of the event's fields. Encoding is
//! deterministic (shortest integers, definite lengths), so the same commit always has the same bytes. A
//! new shape gets a new version number; stored bytes are never rewritten.

use crate::hash::Hash;
use minicbor::{Decoder, Encoder, decode::Error as DecodeError, encode::Error as EncodeError};
use std::convert::Infallible;

/// The longest stored commit, in bytes.
pub const MAX_COMMIT_BYTES: usize = 8 << 20;

/// The most events in one commit.
pub const MAX_EVENTS: u64 = 65_536;

const VERSION: u8 = 1;
const FIELDS: u64 = 9;

/// A commit as it is stored, its events not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The leaf of the commit before it in its stream.
    pub previous: Hash,
    pub stream: [u8; 17],
    /// Counted from 1 in the stream.
    pub sequence: u64,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    pub by: &'a str,
    pub session: [u8; 16],
    pub command: [u8; 16],
    pub events: Vec<StoredEvent<'a>>,
}

/// An event as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredEvent<'a> {
    pub kind: &'a str,
    pub version: u8,
    /// CBOR: a map of the event's fields by their names.
    pub body: &'a [u8],
}

/// Why bytes are no commit, or a commit has no stored form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEnvelope {
    #[error("the commit has version {0}: the log was written by a newer version")]
    Version(u8),
    #[error("a commit holds 1 to {MAX_EVENTS} events, not {0}")]
    EventCount(u64),
    #[error("the bytes are no commit: {0}")]
    Malformed(String),
}

impl From<DecodeError> for BadEnvelope {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<EncodeError<Infallible>> for BadEnvelope {
    fn from(error: EncodeError<Infallible>) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl<'a> Envelope<'a> {
    pub fn encode(&self) -> Result<Vec<u8>, BadEnvelope> {
        check_count(self.events.len() as u64)?;
        let mut out = Encoder::new(Vec::new());
        out.array(FIELDS)?
            .u8(VERSION)?
            .bytes(&self.previous.0)?
            .bytes(&self.stream)?
            .u64(self.sequence)?
            .i64(self.at)?
            .str(self.by)?
            .bytes(&self.session)?
            .bytes(&self.command)?
            .array(self.events.len() as u64)?;
        for event in &self.events {
            out.array(3)?.str(event.kind)?.u8(event.version)?.bytes(event.body)?;
        }
        Ok(out.into_writer())
    }

    /// The inverse of [`Envelope::encode`]. Never panics, whatever the bytes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, BadEnvelope> {
        let mut input = Decoder::new(bytes);
        array(&mut input, FIELDS)?;
        let version = input.u8()?;
        if version != VERSION {
            return Err(BadEnvelope::Version(version));
        }
        let envelope = Self {
            previous: Hash(fixed(&mut input)?),
            stream: fixed(&mut input)?,
            sequence: input.u64()?,
            at: input.i64()?,
            by: input.str()?,
            session: fixed(&mut input)?,
            command: fixed(&mut input)?,
            events: events(&mut input)?,
        };
        if input.position() != bytes.len() {
            return Err(malformed("there are bytes after the end"));
        }
        Ok(envelope)
    }
}

fn events<'a>(input: &mut Decoder<'a>) -> Result<Vec<StoredEvent<'a>>, BadEnvelope> {
    let count = input.array()?.ok_or_else(|| malformed("a list without a length"))?;
    check_count(count)?;
    (0..count).map(|_| event(input)).collect()
}

fn event<'a>(input: &mut Decoder<'a>) -> Result<StoredEvent<'a>, BadEnvelope> {
    array(input, 3)?;
    Ok(StoredEvent { kind: input.str()?, version: input.u8()?, body: input.bytes()? })
}

fn check_count(count: u64) -> Result<(), BadEnvelope> {
    if count == 0 || count > MAX_EVENTS { Err(BadEnvelope::EventCount(count)) } else { Ok(()) }
}

fn array(input: &mut Decoder<'_>, length: u64) -> Result<(), BadEnvelope> {
    if input.array()? == Some(length) { Ok(()) } else { Err(malformed("a list of another length")) }
}

fn fixed<const N: usize>(input: &mut Decoder<'_>) -> Result<[u8; N], BadEnvelope> {
    input.bytes()?.try_into().map_err(|_| malformed("a field of another length"))
}

fn malformed(reason: &str) -> BadEnvelope {
    BadEnvelope::Malformed(reason.to_owned())
}
