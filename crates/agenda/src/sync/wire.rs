//! automerge-repo protocol 1, from the client: one WebSocket frame is one CBOR map
//! (SYNC.md 1.1, 1.2). Any head form and key order; unknown keys are passed over.

use super::{Violation, limit};
use minicbor::{Decoder, data::Type};

/// Largest frame, in bytes.
pub const MAX_FRAME_BYTES: usize = 1024 * 1024;
/// Longest peer, document, storage or session id, in bytes.
pub const MAX_ID_BYTES: usize = 128;
/// Largest presence payload, in bytes.
pub const MAX_EPHEMERAL_BYTES: usize = 4 * 1024;
/// Deepest nesting of values that are passed over.
pub const MAX_NESTING: u32 = 8;
const PART: &str = "frame";
const UINT8_ARRAY: u64 = 64;
/// Largest integer that a JavaScript number holds exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A message from a client. Nothing in it is trusted but its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientMessage<'a> {
    Join {
        sender_id: &'a str,
        storage_id: Option<&'a str>,
        speaks_version_1: bool,
    },
    Sync(DocumentMessage<'a>),
    /// As `Sync`, from a client that has nothing of the document yet.
    Request(DocumentMessage<'a>),
    Ephemeral(Ephemeral<'a>),
    DocUnavailable {
        sender_id: &'a str,
        target_id: &'a str,
        document_id: &'a str,
    },
    Leave {
        sender_id: &'a str,
    },
    RemoteSubscriptionChange,
    RemoteHeadsChanged,
    Unknown {
        kind: &'a str,
    },
}

/// A sync message for one document; `data` is for [`super::message::decode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentMessage<'a> {
    pub sender_id: &'a str,
    pub target_id: &'a str,
    pub document_id: &'a str,
    pub data: &'a [u8],
}

/// Presence. `count` rises within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ephemeral<'a> {
    pub sender_id: &'a str,
    pub target_id: &'a str,
    pub document_id: &'a str,
    pub session_id: &'a str,
    pub count: u64,
    /// CBOR of the application; not empty, as that would throw in the receiving client.
    pub data: &'a [u8],
}

/// Reads one binary frame.
pub fn decode(frame: &[u8]) -> Result<ClientMessage<'_>, Violation> {
    limit(PART, frame.len() as u64, MAX_FRAME_BYTES as u64)?;
    let mut decoder = Decoder::new(frame);
    let mut fields = Fields::default();
    each_entry(&mut decoder, |key, decoder| fields.read(key, decoder))?;
    if decoder.position() != frame.len() {
        return malformed("bytes after its end");
    }
    fields.into_message()
}

#[derive(Default)]
struct Fields<'a> {
    kind: Option<&'a str>,
    sender_id: Option<&'a str>,
    target_id: Option<&'a str>,
    document_id: Option<&'a str>,
    session_id: Option<&'a str>,
    storage_id: Option<&'a str>,
    other_versions_only: bool,
    count: Option<u64>,
    data: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    fn read(&mut self, key: &str, decoder: &mut Decoder<'a>) -> Result<(), Violation> {
        match key {
            "type" => self.kind = id(decoder)?,
            "senderId" => self.sender_id = id(decoder)?,
            "targetId" => self.target_id = id(decoder)?,
            "documentId" => self.document_id = id(decoder)?,
            "sessionId" => self.session_id = id(decoder)?,
            "count" => self.count = Some(count(decoder)?),
            "data" => self.data = Some(bytes(decoder)?),
            "peerMetadata" if peek(decoder)? == Type::Map || peek(decoder)? == Type::MapIndef => {
                each_entry(decoder, |key, decoder| match key {
                    "storageId" => id(decoder).map(|id| self.storage_id = id),
                    _ => skip(decoder, MAX_NESTING),
                })?;
            }
            "supportedProtocolVersions" => self.other_versions_only = !offers_version_1(decoder)?,
            _ => skip(decoder, MAX_NESTING)?,
        }
        Ok(())
    }

    fn into_message(self) -> Result<ClientMessage<'a>, Violation> {
        Ok(match need(self.kind, "type")? {
            "join" => ClientMessage::Join {
                sender_id: need(self.sender_id, "senderId")?,
                storage_id: self.storage_id,
                speaks_version_1: !self.other_versions_only,
            },
            "sync" => ClientMessage::Sync(self.document_message()?),
            "request" => ClientMessage::Request(self.document_message()?),
            "ephemeral" => ClientMessage::Ephemeral(self.ephemeral()?),
            "doc-unavailable" => ClientMessage::DocUnavailable {
                sender_id: need(self.sender_id, "senderId")?,
                target_id: need(self.target_id, "targetId")?,
                document_id: need(self.document_id, "documentId")?,
            },
            "leave" => ClientMessage::Leave { sender_id: need(self.sender_id, "senderId")? },
            "remote-subscription-change" => ClientMessage::RemoteSubscriptionChange,
            "remote-heads-changed" => ClientMessage::RemoteHeadsChanged,
            kind => ClientMessage::Unknown { kind },
        })
    }

    fn document_message(&self) -> Result<DocumentMessage<'a>, Violation> {
        Ok(DocumentMessage {
            sender_id: need(self.sender_id, "senderId")?,
            target_id: need(self.target_id, "targetId")?,
            document_id: need(self.document_id, "documentId")?,
            data: need(self.data, "data")?,
        })
    }

    fn ephemeral(&self) -> Result<Ephemeral<'a>, Violation> {
        let data = need(self.data.filter(|data| !data.is_empty()), "data")?;
        limit("presence", data.len() as u64, MAX_EPHEMERAL_BYTES as u64)?;
        Ok(Ephemeral {
            sender_id: need(self.sender_id, "senderId")?,
            target_id: need(self.target_id, "targetId")?,
            document_id: need(self.document_id, "documentId")?,
            session_id: need(self.session_id, "sessionId")?,
            count: need(self.count, "count")?,
            data,
        })
    }
}

fn need<T>(value: Option<T>, field: &'static str) -> Result<T, Violation> {
    value.ok_or(Violation::Lacks(field))
}

fn malformed<T>(reason: &'static str) -> Result<T, Violation> {
    Err(Violation::Malformed { part: PART, reason })
}

fn read<T>(value: Result<T, minicbor::decode::Error>, reason: &'static str) -> Result<T, Violation> {
    value.or_else(|_| malformed(reason))
}

fn peek(decoder: &Decoder<'_>) -> Result<Type, Violation> {
    read(decoder.datatype(), "ends too early")
}

/// Calls `entry` for each key of a map, with the decoder at its value.
fn each_entry<'a>(
    decoder: &mut Decoder<'a>,
    mut entry: impl FnMut(&'a str, &mut Decoder<'a>) -> Result<(), Violation>,
) -> Result<(), Violation> {
    let mut left = read(decoder.map(), "not a map")?;
    while more(decoder, &mut left)? {
        let key = read(decoder.str(), "a key is not a text")?;
        entry(key, decoder)?;
    }
    Ok(())
}

/// Whether another element follows; `left` is `None` in an indefinite container.
fn more(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, Violation> {
    match left {
        Some(0) => Ok(false),
        Some(n) => {
            *n -= 1;
            Ok(true)
        }
        None if peek(decoder)? == Type::Break => read(decoder.skip(), "bad break").map(|()| false),
        None => Ok(true),
    }
}

/// A text that names something, or nothing where `undefined` or `null` stands.
fn id<'a>(decoder: &mut Decoder<'a>) -> Result<Option<&'a str>, Violation> {
    if matches!(peek(decoder)?, Type::Undefined | Type::Null) {
        return read(decoder.skip(), "bad null").map(|()| None);
    }
    let text = read(decoder.str(), "an id is not a text")?;
    limit("id", text.len() as u64, MAX_ID_BYTES as u64)?;
    if text.is_empty() { malformed("an id is empty") } else { Ok(Some(text)) }
}

/// Bytes, plain or tagged as a typed array.
fn bytes<'a>(decoder: &mut Decoder<'a>) -> Result<&'a [u8], Violation> {
    if peek(decoder)? == Type::Tag && read(decoder.tag(), "bad tag")?.as_u64() != UINT8_ARRAY {
        return malformed("data has an unknown tag");
    }
    read(decoder.bytes(), "data is not a byte string")
}

/// A whole number; JavaScript writes large ones as floats.
fn count(decoder: &mut Decoder<'_>) -> Result<u64, Violation> {
    let value = match peek(decoder)? {
        Type::F16 | Type::F32 | Type::F64 => {
            let float = read(decoder.f64(), "bad number")?;
            if float.fract() != 0.0 || !(0.0..=MAX_SAFE_INTEGER as f64).contains(&float) {
                return malformed("count is not a whole number");
            }
            float as u64
        }
        _ => read(decoder.u64(), "count is not a whole number")?,
    };
    if value > MAX_SAFE_INTEGER { malformed("count is too large") } else { Ok(value) }
}

/// True for a list with "1" in it, and where the field holds no list at all.
fn offers_version_1(decoder: &mut Decoder<'_>) -> Result<bool, Violation> {
    if !matches!(peek(decoder)?, Type::Array | Type::ArrayIndef) {
        return skip(decoder, MAX_NESTING).map(|()| true);
    }
    let mut left = read(decoder.array(), "bad list")?;
    let mut found = false;
    while more(decoder, &mut left)? {
        if peek(decoder)? == Type::String {
            found |= read(decoder.str(), "bad text")? == "1";
        } else {
            skip(decoder, MAX_NESTING)?;
        }
    }
    Ok(found)
}

/// Passes over one value. Every element takes at least a byte, so counts need no limit.
fn skip(decoder: &mut Decoder<'_>, depth: u32) -> Result<(), Violation> {
    let Some(depth) = depth.checked_sub(1) else { return malformed("nested too deep") };
    match peek(decoder)? {
        Type::Map | Type::MapIndef => {
            let mut left = read(decoder.map(), "bad map")?;
            while more(decoder, &mut left)? {
                skip(decoder, depth)?;
                skip(decoder, depth)?;
            }
            Ok(())
        }
        Type::Array | Type::ArrayIndef => {
            let mut left = read(decoder.array(), "bad list")?;
            while more(decoder, &mut left)? {
                skip(decoder, depth)?;
            }
            Ok(())
        }
        Type::Tag => read(decoder.tag(), "bad tag").and_then(|_| skip(decoder, depth)),
        _ => read(decoder.skip(), "a value is not CBOR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As cbor-x writes it: 16-bit map heads, `undefined`, one-byte text heads where long.
    fn join() -> Vec<u8> {
        let mut out = vec![0xb9, 0, 4, 0x64];
        out.extend(b"type\x64join\x68senderId\x68peer-abc\x6cpeerMetadata\xb9\x00\x02\x69storageId\xf7");
        out.extend(b"\x6bisEphemeral\xf5\x78\x19supportedProtocolVersions\x81\x611");
        out
    }

    fn map(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = vec![0xbf];
        for (key, value) in entries {
            out.extend([0x78, key.len() as u8]);
            out.extend(key.as_bytes());
            out.extend(*value);
        }
        out.push(0xff);
        out
    }

    fn sync(data: &[u8]) -> Vec<u8> {
        let ids: [(&str, &[u8]); 3] =
            [("targetId", b"\x61s"), ("documentId", b"\x61d"), ("senderId", b"\x61p")];
        map(&[
            ids[0],
            ("data", data),
            ids[1],
            ("more", &[0x82, 1, 0xa1, 1, 0x9f, 0xff]),
            ids[2],
            ("type", b"\x64sync"),
        ])
    }

    #[test]
    fn a_real_join_is_read() {
        let expected =
            ClientMessage::Join { sender_id: "peer-abc", storage_id: None, speaks_version_1: true };
        assert_eq!(decode(&join()), Ok(expected));
        let mut other = join();
        *other.last_mut().unwrap() = b'2';
        assert!(matches!(decode(&other), Ok(ClientMessage::Join { speaks_version_1: false, .. })));
    }

    #[test]
    fn sync_is_read_in_any_order_with_plain_or_tagged_bytes() {
        let expected = ClientMessage::Sync(DocumentMessage {
            sender_id: "p",
            target_id: "s",
            document_id: "d",
            data: &[1, 2],
        });
        assert_eq!(decode(&sync(&[0x42, 1, 2])), Ok(expected));
        assert_eq!(decode(&sync(&[0xd8, 64, 0x42, 1, 2])), Ok(expected));
        assert!(decode(&sync(&[0xd8, 65, 0x42, 1, 2])).is_err());
        assert_eq!(decode(&map(&[("type", b"\x64sync")])), Err(Violation::Lacks("senderId")));
    }

    #[test]
    fn presence_is_bounded_and_its_count_may_be_a_float() {
        let frame = |count: &[u8], data: &[u8]| {
            let ids = [("targetId", &b"\x61s"[..]), ("documentId", b"\x61d"), ("senderId", b"\x61p")];
            let rest = [("sessionId", &b"\x61n"[..]), ("type", b"\x69ephemeral")];
            map(&[&ids[..], &rest, &[("count", count), ("data", data)]].concat())
        };
        let count = |bytes: &[u8]| match decode(&frame(bytes, &[0x41, 1])) {
            Ok(ClientMessage::Ephemeral(message)) => Some(message.count),
            _ => None,
        };
        assert_eq!(count(&[7]), Some(7));
        assert_eq!(count(&[0xfb, 0x42, 0, 0, 0, 0, 0, 0, 0]), Some(1 << 33));
        assert_eq!(count(&[0xfb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(count(&[0x20]), None);
        assert_eq!(decode(&frame(&[1], &[0x40])), Err(Violation::Lacks("data")));
        let mut large = vec![0x59, 0x10, 0x01];
        large.extend(vec![0; MAX_EPHEMERAL_BYTES + 1]);
        assert!(matches!(decode(&frame(&[1], &large)), Err(Violation::TooLarge { part: "presence", .. })));
    }

    #[test]
    fn frames_that_claim_or_nest_too_much_are_refused() {
        let claims: [&[u8]; 6] = [
            &[],
            &[0xbb, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0xbf],
            &[0xa1, 0x61],
            b"text",
            &[0xa0, 0],
        ];
        for bad in claims {
            assert!(decode(bad).is_err(), "{bad:?}");
        }
        let deep = [vec![0x81; 100_000], vec![0]].concat();
        assert!(decode(&map(&[("x", &deep)])).is_err());
        let long = [&[0x78, 129][..], &[b'a'; 129]].concat();
        assert!(matches!(decode(&map(&[("senderId", &long)])), Err(Violation::TooLarge { part: "id", .. })));
        assert!(decode(&vec![0; MAX_FRAME_BYTES + 1]).is_err());
        assert_eq!(decode(&map(&[("type", b"\x63new")])), Ok(ClientMessage::Unknown { kind: "new" }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..90, with: u8) {
            let _ = decode(&bytes);
            let mut frame = join();
            frame[at] = with;
            let _ = decode(&frame);
        }
    }
}
