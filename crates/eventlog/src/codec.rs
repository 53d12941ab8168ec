//! A commit to its stored bytes and back: events as bodies in the envelope of [`proof::envelope`].

use agenda::event::{BadEvent, Commit, Event, Timestamp};
use agenda::id::{CommandId, Hash, SessionId, StreamId, UserId};
use proof::envelope::{self, BadEnvelope, StoredEvent};

pub use proof::envelope::{MAX_COMMIT_BYTES, MAX_EVENTS};

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
    #[error(transparent)]
    Envelope(#[from] BadEnvelope),
}

/// The stored bytes of a commit.
pub fn encode(commit: &Commit, previous: &Hash) -> Result<Vec<u8>, CodecError> {
    let bodies: Vec<Vec<u8>> = commit.events.iter().map(Event::encode).collect::<Result<_, _>>()?;
    let stored = commit.events.iter().zip(&bodies).map(|(event, body)| {
        let (kind, version) = event.kind();
        StoredEvent { kind, version, body }
    });
    let envelope = envelope::Envelope {
        previous: *previous,
        stream: commit.stream.to_key(),
        sequence: commit.sequence,
        at: commit.at.0,
        by: commit.by.as_str(),
        session: *commit.session.as_bytes(),
        command: *commit.command.as_bytes(),
        events: stored.collect(),
    };
    Ok(envelope.encode()?)
}

/// The inverse of [`encode`]. Never panics, whatever the bytes.
pub fn decode(bytes: &[u8]) -> Result<Envelope, CodecError> {
    let stored = envelope::Envelope::decode(bytes)?;
    let malformed = |reason: String| CodecError::Envelope(BadEnvelope::Malformed(reason));
    let stream = StreamId::from_key(&stored.stream);
    let read = |event: &StoredEvent<'_>| Event::decode(event.kind, event.version, event.body);
    let commit = Commit {
        stream: stream.ok_or_else(|| malformed("unknown kind of stream".to_owned()))?,
        sequence: stored.sequence,
        at: Timestamp(stored.at),
        by: UserId::new(stored.by).map_err(|error| malformed(error.to_string()))?,
        session: SessionId::from_bytes(stored.session),
        command: CommandId::from_bytes(stored.command),
        events: stored.events.iter().map(read).collect::<Result<_, _>>()?,
    };
    Ok(Envelope { previous: stored.previous, commit })
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
            matches!(decode(&bytes), Err(CodecError::Envelope(BadEnvelope::Malformed(reason))) if reason.contains("after the end"))
        );
        bytes[1] = 2;
        assert_eq!(decode(&bytes), Err(CodecError::Envelope(BadEnvelope::Version(2))));
    }
}
