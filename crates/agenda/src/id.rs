//! Identities. Newtypes, so that a meeting is never taken for an item; sixteen random bytes
//! that the shell supplies, written as hyphenated hex (documents: bs58check, as
//! automerge-repo writes them).

pub use proof::hash::Hash;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not a valid id")]
pub struct BadId(pub String);

fn parse_hex(text: &str) -> Option<[u8; 16]> {
    let digits: Vec<u8> = text.bytes().filter(|b| *b != b'-').collect();
    if digits.len() != 32 || text.len() > 36 {
        return None;
    }
    let mut out = [0; 16];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}

fn format_hex(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $parse:expr, $format:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Sixteen bytes that the caller promises are unique.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $format(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                $parse(text).map(Self).ok_or_else(|| BadId(text.chars().take(80).collect()))
            }
        }
        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <String as utoipa::PartialSchema>::schema()
            }
        }
        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {}
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.collect_str(self) } else { s.serialize_bytes(&self.0) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    String::deserialize(d)?.parse().map_err(D::Error::custom)
                } else {
                    let bytes: serde_bytes::ByteBuf = Deserialize::deserialize(d)?;
                    bytes.as_slice().try_into().map(Self).map_err(D::Error::custom)
                }
            }
        }
    };
}

id!(
    /// A standing body with members, a template and a series of meetings.
    ForumId, parse_hex, format_hex
);
id!(
    /// One meeting, which owns one agenda.
    MeetingId, parse_hex, format_hex
);
id!(
    /// One numbered point of an agenda.
    ItemId, parse_hex, format_hex
);
id!(
    /// A named file that belongs to an item.
    AttachmentId, parse_hex, format_hex
);
id!(
    /// One comment on an item's text.
    CommentId, parse_hex, format_hex
);
id!(
    /// What the words of an event belong to: an item, or one of its documents. It has a key of its own.
    TextId, parse_hex, format_hex
);
id!(
    /// Names one command, so that a retry is not carried out twice.
    CommandId, parse_hex, format_hex
);
id!(
    /// Names the signed-in session, or the socket, that brought a command.
    SessionId, parse_hex, format_hex
);
id!(
    /// One Automerge document, written as automerge-repo writes it: bs58check of 16 bytes.
    DocumentId,
    |text: &str| {
        // Longest bs58check text of 20 bytes is 28 characters.
        if text.len() > 28 { return None; }
        let mut out = [0u8; 20];
        let n = bs58::decode(text).with_check(None).onto(&mut out[..]).ok()?;
        (n == 16).then(|| {
            let mut id = [0; 16];
            id.copy_from_slice(&out[..16]);
            id
        })
    },
    |bytes: &[u8; 16], f: &mut fmt::Formatter<'_>| f
        .write_str(&bs58::encode(bytes).with_check().into_string())
);

impl From<ItemId> for TextId {
    fn from(item: ItemId) -> Self {
        Self(item.0)
    }
}

impl From<DocumentId> for TextId {
    fn from(document: DocumentId) -> Self {
        Self(document.0)
    }
}

/// Whose log an event stands in: a forum's, a meeting's, or that of what the service signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StreamId {
    Forum(ForumId),
    Meeting(MeetingId),
    /// One for all forums.
    Seals,
}

impl StreamId {
    /// The 17 bytes that name the stream in the store: one for the kind, 16 for the id.
    pub fn to_key(self) -> [u8; 17] {
        let (tag, id) = match self {
            Self::Forum(id) => (b'F', id.0),
            Self::Meeting(id) => (b'M', id.0),
            Self::Seals => (b'S', [0; 16]),
        };
        let mut key = [tag; 17];
        key[1..].copy_from_slice(&id);
        key
    }

    /// The inverse of [`StreamId::to_key`].
    pub fn from_key(key: &[u8]) -> Option<Self> {
        let (tag, id) = key.split_first()?;
        let id = <[u8; 16]>::try_from(id).ok()?;
        match tag {
            b'F' => Some(Self::Forum(ForumId(id))),
            b'M' => Some(Self::Meeting(MeetingId(id))),
            b'S' if id == [0; 16] => Some(Self::Seals),
            _ => None,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forum(id) => write!(f, "forum {id}"),
            Self::Meeting(id) => write!(f, "meeting {id}"),
            Self::Seals => f.write_str("seals"),
        }
    }
}

/// A person, by the subject of the token that signed them in. At most 120 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct UserId(String);

impl TryFrom<String> for UserId {
    type Error = BadId;
    fn try_from(subject: String) -> Result<Self, BadId> {
        Self::new(subject)
    }
}
impl FromStr for UserId {
    type Err = BadId;
    fn from_str(subject: &str) -> Result<Self, BadId> {
        Self::new(subject)
    }
}
impl From<UserId> for String {
    fn from(user: UserId) -> Self {
        user.0
    }
}

impl UserId {
    pub const MAX_BYTES: usize = 120;

    /// Refuses the empty subject and one that is too long to be a person's.
    pub fn new(subject: impl Into<String>) -> Result<Self, BadId> {
        let subject = subject.into();
        if subject.is_empty() || subject.len() > Self::MAX_BYTES || subject.chars().any(char::is_control) {
            return Err(BadId(subject.chars().take(80).collect()));
        }
        Ok(Self(subject))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Bytes that JSON shows as base64 and CBOR keeps as they are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} B)", self.0.len())
    }
}
impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.serialize_str(&encode_base64(&self.0))
        } else {
            s.serialize_bytes(&self.0)
        }
    }
}
impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            use base64::{Engine, engine::general_purpose::STANDARD};
            STANDARD.decode(String::deserialize(d)?).map(Self).map_err(D::Error::custom)
        } else {
            serde_bytes::ByteBuf::deserialize(d).map(|b| Self(b.into_vec()))
        }
    }
}

fn encode_base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_through_text_and_refuse_other_text() {
        let item = ItemId::from_bytes(*b"0123456789abcdef");
        assert_eq!(item.to_string().parse(), Ok(item));
        assert_eq!(item.to_string(), "30313233-3435-3637-3839-616263646566");
        let document = DocumentId::from_bytes(*b"0123456789abcdef");
        assert_eq!(document.to_string().parse(), Ok(document));
        for bad in ["", "æ", "30313233", &"0".repeat(400), "zz313233-3435-3637-3839-616263646566"] {
            assert!(bad.parse::<ItemId>().is_err(), "{bad}");
            assert!(bad.parse::<DocumentId>().is_err(), "{bad}");
        }
    }
}
