//! A commit to its stored bytes and back: events as bodies in the envelope of [`proof::envelope`], their words
//! encrypted under the keys of [`crate::keys`].

use crate::keys::{KeyId, NotSealed, Opened, Place, TextKeys};
use agenda::event::{BadEvent, Commit, Event, Timestamp, words};
use agenda::id::{CommandId, Hash, SessionId, StreamId, TextId, UserId};
use proof::envelope::{self, BadEnvelope, StoredEvent};

pub use proof::envelope::{MAX_COMMIT_BYTES, MAX_EVENTS};

/// A commit with the hash that ties it to the one before it in its stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    pub previous: Hash,
    pub commit: Commit,
    pub words: Vec<Words>,
}

/// Encrypted words of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub text: TextId,
    pub key: KeyId,
    /// Whether they could be read; else their event says what stands in their place.
    pub read: bool,
}

/// Why a commit has no stored form, or stored bytes are no commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error(transparent)]
    Event(#[from] BadEvent),
    #[error(transparent)]
    Envelope(#[from] BadEnvelope),
    #[error(transparent)]
    Seal(#[from] NotSealed),
    #[error("the encrypted words of {0} are not those that were written here")]
    Altered(String),
}

/// An event's body, and its words if they are apart.
struct Body {
    rest: Vec<u8>,
    sealed: Option<Vec<u8>>,
}

/// The stored bytes of a commit.
pub fn encode(commit: &Commit, previous: &Hash, keys: &TextKeys) -> Result<Vec<u8>, CodecError> {
    let bodies: Vec<Body> = commit
        .events
        .iter()
        .zip(0..)
        .map(|(event, at)| body(commit, event, at, keys))
        .collect::<Result<_, _>>()?;
    let stored = commit.events.iter().zip(&bodies).map(|(event, body)| {
        let (kind, version) = event.kind();
        StoredEvent { kind, version, body: &body.rest, sealed: body.sealed.as_deref() }
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

fn body(commit: &Commit, event: &Event, at: u32, keys: &TextKeys) -> Result<Body, CodecError> {
    let (body, kind) = (event.encode()?, event.kind().0);
    let Some(text) = event.words_of() else { return Ok(Body { rest: body, sealed: None }) };
    let Some(apart) = words::take_apart(kind, &body)? else { return Ok(Body { rest: body, sealed: None }) };
    let place = Place { stream: commit.stream.to_key(), sequence: commit.sequence, event: at, kind };
    Ok(match keys.seal(text, &place, &apart.words)? {
        Some(sealed) => Body { rest: apart.rest, sealed: Some(sealed) },
        None => Body { rest: body, sealed: None },
    })
}

/// The inverse of [`encode`]. Never panics, whatever the bytes.
pub fn decode(bytes: &[u8], keys: &TextKeys) -> Result<Envelope, CodecError> {
    let stored = envelope::Envelope::decode(bytes)?;
    let malformed = |reason: String| CodecError::Envelope(BadEnvelope::Malformed(reason));
    let stream = StreamId::from_key(&stored.stream);
    let mut words = Vec::new();
    let read = stored.events.iter().zip(0..).map(|(event, at)| {
        let place = Place { stream: stored.stream, sequence: stored.sequence, event: at, kind: event.kind };
        read(event, &place, keys, &mut words)
    });
    let events = read.collect::<Result<_, _>>()?;
    let commit = Commit {
        stream: stream.ok_or_else(|| malformed("unknown kind of stream".to_owned()))?,
        sequence: stored.sequence,
        at: Timestamp(stored.at),
        by: UserId::new(stored.by).map_err(|error| malformed(error.to_string()))?,
        session: SessionId::from_bytes(stored.session),
        command: CommandId::from_bytes(stored.command),
        events,
    };
    Ok(Envelope { previous: stored.previous, commit, words })
}

fn read(
    event: &StoredEvent<'_>,
    place: &Place<'_>,
    keys: &TextKeys,
    all: &mut Vec<Words>,
) -> Result<Event, CodecError> {
    let Some(sealed) = event.sealed else {
        return Ok(Event::decode(event.kind, event.version, event.body)?);
    };
    let (key, words) = match keys.unseal(place, sealed) {
        Opened::Words(key, words) => (key, Some(words)),
        Opened::NoKey(key) => (key, None),
        Opened::Altered => return Err(CodecError::Altered(event.kind.to_owned())),
    };
    let body = words::put_together(event.kind, event.body, words.as_deref())?;
    let read = Event::decode(event.kind, event.version, &body)?;
    all.extend(read.words_of().map(|text| Words { text, key, read: words.is_some() }));
    Ok(read)
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
            for keys in [TextKeys::in_memory(), TextKeys::plain()] {
                let bytes = encode(&commit, &Hash(previous), &keys).unwrap();
                let read = decode(&bytes, &keys).unwrap();
                prop_assert_eq!((read.previous, &read.commit), (Hash(previous), &commit));
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            prop_assert!(decode(&bytes, &TextKeys::in_memory()).is_err());
        }

        #[test]
        fn changed_bytes_never_panic(cut in 0..200usize, at in 0..200usize, byte: u8) {
            let keys = TextKeys::in_memory();
            let bytes = encode(&commit(stream(0), 1, b"body"), &Hash([1; 32]), &keys).unwrap();
            prop_assert!(decode(&bytes[..cut.min(bytes.len() - 1)], &keys).is_err());
            let mut changed = bytes.clone();
            let at = at.min(bytes.len() - 1);
            changed[at] = byte;
            // Some other content is valid, and the bodies of events have optional fields.
            if let Ok(envelope) = decode(&changed, &keys) {
                prop_assert!(!envelope.commit.events.is_empty());
            }
        }
    }

    #[test]
    fn what_does_not_belong_is_named() {
        let keys = TextKeys::in_memory();
        let mut bytes = encode(&commit(stream(0), 1, b""), &Hash([1; 32]), &keys).unwrap();
        bytes.push(0);
        assert!(
            matches!(decode(&bytes, &keys), Err(CodecError::Envelope(BadEnvelope::Malformed(reason))) if reason.contains("after the end"))
        );
        bytes[1] = 3;
        assert_eq!(decode(&bytes, &keys), Err(CodecError::Envelope(BadEnvelope::Version(3))));
    }
}
