//! The stored form of a commit, version 1: one CBOR array with a fixed order of fields,
//! written by hand so that no change of a type can change stored bytes unseen.
//!
//! ```text
//! [1, previous: bytes 32, stream: bytes 17, sequence: uint, at: int (ms since 1970 UTC),
//!  by: text, session: bytes 16, command: bytes 16, [[kind: text, version: uint, body: bytes], ...]]
//! ```
//!
//! `previous` is the leaf of the commit before it in its stream. Encoding is deterministic
//! (shortest integers, definite lengths), so the same commit always has the same bytes. A
//! new shape gets a new version number; stored bytes are never rewritten.

use agenda::event::{BadEvent, Commit, Event, Timestamp};
use agenda::id::{CommandId, Hash, SessionId, StreamId, UserId};
use minicbor::decode::Error as DecodeError;
use minicbor::encode::Error as EncodeError;
use minicbor::{Decoder, Encoder};
use std::convert::Infallible;

/// The longest stored commit, in bytes.
pub const MAX_COMMIT_BYTES: usize = 8 << 20;

/// The most events in one commit.
pub const MAX_EVENTS: u64 = 65_536;

const VERSION: u8 = 1;
const FIELDS: u64 = 9;

/// A commit with the hash that ties it to the one before it in its stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    pub previous: Hash,
    pub commit: Commit,
}

/// Why a commit has no stored form, or stored bytes are no commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error(transparent)]
    Event(#[from] BadEvent),
    #[error("the commit has version {0}: the log was written by a newer version")]
    Version(u8),
    #[error("a commit holds 1 to {MAX_EVENTS} events, not {0}")]
    EventCount(u64),
    #[error("the bytes are no commit: {0}")]
    Malformed(String),
}

impl From<DecodeError> for CodecError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<EncodeError<Infallible>> for CodecError {
    fn from(error: EncodeError<Infallible>) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// The stored bytes of a commit.
pub fn encode(commit: &Commit, previous: &Hash) -> Result<Vec<u8>, CodecError> {
    check_count(commit.events.len() as u64)?;
    let mut out = Encoder::new(Vec::new());
    out.array(FIELDS)?
        .u8(VERSION)?
        .bytes(&previous.0)?
        .bytes(&commit.stream.to_key())?
        .u64(commit.sequence)?
        .i64(commit.at.0)?
        .str(commit.by.as_str())?
        .bytes(commit.session.as_bytes())?
        .bytes(commit.command.as_bytes())?
        .array(commit.events.len() as u64)?;
    for event in &commit.events {
        let (kind, version) = event.kind();
        out.array(3)?.str(kind)?.u8(version)?.bytes(&event.encode()?)?;
    }
    Ok(out.into_writer())
}

/// The inverse of [`encode`]. Never panics, whatever the bytes.
pub fn decode(bytes: &[u8]) -> Result<Envelope, CodecError> {
    let mut input = Decoder::new(bytes);
    array(&mut input, FIELDS)?;
    let version = input.u8()?;
    if version != VERSION {
        return Err(CodecError::Version(version));
    }
    let previous = Hash(fixed(&mut input)?);
    let key: [u8; 17] = fixed(&mut input)?;
    let stream = StreamId::from_key(&key).ok_or_else(|| malformed("unknown kind of stream"))?;
    let commit = Commit {
        stream,
        sequence: input.u64()?,
        at: Timestamp(input.i64()?),
        by: UserId::new(input.str()?).map_err(|e| malformed(&e.to_string()))?,
        session: SessionId::from_bytes(fixed(&mut input)?),
        command: CommandId::from_bytes(fixed(&mut input)?),
        events: events(&mut input)?,
    };
    if input.position() != bytes.len() {
        return Err(malformed("there are bytes after the end"));
    }
    Ok(Envelope { previous, commit })
}

fn events(input: &mut Decoder<'_>) -> Result<Vec<Event>, CodecError> {
    let count = input.array()?.ok_or_else(|| malformed("a list without a length"))?;
    check_count(count)?;
    (0..count).map(|_| event(input)).collect()
}

fn event(input: &mut Decoder<'_>) -> Result<Event, CodecError> {
    array(input, 3)?;
    let (kind, version, body) = (input.str()?, input.u8()?, input.bytes()?);
    Ok(Event::decode(kind, version, body)?)
}

fn check_count(count: u64) -> Result<(), CodecError> {
    if count == 0 || count > MAX_EVENTS { Err(CodecError::EventCount(count)) } else { Ok(()) }
}

fn array(input: &mut Decoder<'_>, length: u64) -> Result<(), CodecError> {
    if input.array()? == Some(length) { Ok(()) } else { Err(malformed("a list of another length")) }
}

fn fixed<const N: usize>(input: &mut Decoder<'_>) -> Result<[u8; N], CodecError> {
    input.bytes()?.try_into().map_err(|_| malformed("a field of another length"))
}

fn malformed(reason: &str) -> CodecError {
    CodecError::Malformed(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{commit, stream};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_commit_survives_its_encoding(n: u8, sequence: u64, body: Vec<u8>, previous: [u8; 32], at: i64) {
            let commit = Commit { at: Timestamp(at), ..commit(stream(n), sequence, &body) };
            let bytes = encode(&commit, &Hash(previous)).unwrap();
            prop_assert_eq!(decode(&bytes), Ok(Envelope { previous: Hash(previous), commit }));
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            prop_assert!(decode(&bytes).is_err());
        }

        #[test]
        fn changed_bytes_never_panic(cut in 0..200usize, at in 0..200usize, byte: u8) {
            let bytes = encode(&commit(stream(0), 1, b"body"), &Hash([1; 32])).unwrap();
            prop_assert!(decode(&bytes[..cut.min(bytes.len() - 1)]).is_err());
            let mut changed = bytes.clone();
            let at = at.min(bytes.len() - 1);
            changed[at] = byte;
            // Some other content is valid, and the bodies of events have optional fields.
            if let Ok(envelope) = decode(&changed) {
                prop_assert!(!envelope.commit.events.is_empty());
            }
        }
    }

    #[test]
    fn what_does_not_belong_is_named() {
        let mut bytes = encode(&commit(stream(0), 1, b""), &Hash([1; 32])).unwrap();
        bytes.push(0);
        assert!(
            matches!(decode(&bytes), Err(CodecError::Malformed(reason)) if reason.contains("after the end"))
        );
        bytes[1] = 2;
        assert_eq!(decode(&bytes), Err(CodecError::Version(2)));
    }
}
