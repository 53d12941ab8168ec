//! The stored form of a commit: one CBOR array with a fixed order of fields, written by hand so that no
//! change of a type can change stored bytes unseen.
//!
//! ```text
//! [2, previous: bytes 32, stream: bytes 17, sequence: uint, at: int (ms since 1970 UTC),
//!  by: text, session: bytes 16, command: bytes 16, [event, ...]]
//! event = [kind: text, version: uint, body: bytes]                  nothing in it is secret
//!       / [kind: text, version: uint, body: bytes, sealed: bytes]   its words are apart, encrypted
//! ```
//!
//! Version 1 has no sealed events, and a commit without one is still stored as version 1.
//!
//! `previous` is the leaf of the commit before it in its stream; `stream` is one byte for the kind (`F`
//! a forum, `M` a meeting, `S` what the service signed) and 16 for the id; a `body` is a CBOR map of the event's fields; what `sealed` is made of
//! is said in `docs/verification.md`. Encoding is deterministic (shortest integers, definite lengths), so the same commit always has the same bytes. A
//! new shape gets a new version number; stored bytes are never rewritten.

use crate::hash::Hash;
use minicbor::{Decoder, Encoder, decode::Error as DecodeError, encode::Error as EncodeError};
use std::convert::Infallible;

/// The longest stored commit, in bytes.
pub const MAX_COMMIT_BYTES: usize = 8 << 20;

/// The most events in one commit.
pub const MAX_EVENTS: u64 = 65_536;

/// Without sealed events, and with.
const PLAIN: u8 = 1;
const SEALED: u8 = 2;
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
    /// The event's words, encrypted under the key of the text that they belong to.
    pub sealed: Option<&'a [u8]>,
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
        let sealed = self.events.iter().any(|event| event.sealed.is_some());
        let mut out = Encoder::new(Vec::new());
        out.array(FIELDS)?
            .u8(if sealed { SEALED } else { PLAIN })?
            .bytes(&self.previous.0)?
            .bytes(&self.stream)?
            .u64(self.sequence)?
            .i64(self.at)?
            .str(self.by)?
            .bytes(&self.session)?
            .bytes(&self.command)?
            .array(self.events.len() as u64)?;
        for event in &self.events {
            out.array(3 + u64::from(event.sealed.is_some()))?;
            out.str(event.kind)?.u8(event.version)?.bytes(event.body)?;
            if let Some(sealed) = event.sealed {
                out.bytes(sealed)?;
            }
        }
        Ok(out.into_writer())
    }

    /// The inverse of [`Envelope::encode`]. Never panics, whatever the bytes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, BadEnvelope> {
        let mut input = Decoder::new(bytes);
        array(&mut input, FIELDS)?;
        let version = input.u8()?;
        if !matches!(version, PLAIN | SEALED) {
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
            events: events(&mut input, version == SEALED)?,
        };
        if input.position() != bytes.len() {
            return Err(malformed("there are bytes after the end"));
        }
        Ok(envelope)
    }
}

fn events<'a>(input: &mut Decoder<'a>, may_be_sealed: bool) -> Result<Vec<StoredEvent<'a>>, BadEnvelope> {
    let count = input.array()?.ok_or_else(|| malformed("a list without a length"))?;
    check_count(count)?;
    let events: Vec<_> = (0..count).map(|_| event(input)).collect::<Result<_, _>>()?;
    // One commit has one stored form.
    if events.iter().any(|event| event.sealed.is_some()) == may_be_sealed {
        Ok(events)
    } else {
        Err(malformed("its version is not that of its events"))
    }
}

fn event<'a>(input: &mut Decoder<'a>) -> Result<StoredEvent<'a>, BadEnvelope> {
    let fields = input.array()?;
    if !matches!(fields, Some(3 | 4)) {
        return Err(malformed("a list of another length"));
    }
    let (kind, version, body) = (input.str()?, input.u8()?, input.bytes()?);
    let sealed = if fields == Some(4) { Some(input.bytes()?) } else { None };
    Ok(StoredEvent { kind, version, body, sealed })
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
