//! Which fields of an event are somebody's words, and which text they belong to. They are stored apart from the
//! rest of the event, under a key of that text, so that they can be erased: when the key is gone, what is
//! left is what happened, when, by whom and to what.

use super::{BadEvent, Event};
use crate::id::{Hash, TextId};
use minicbor::{Decoder, Encoder};

/// A field of words, and the CBOR that stands in its place when they are gone.
type Field = (&'static str, &'static [u8]);

const NOTHING: &[u8] = &[0xf6];
const EMPTY_TEXT: &[u8] = &[0x60];
const EMPTY_LIST: &[u8] = &[0x80];
const EMPTY_BYTES: &[u8] = &[0x40];
/// What an item is called whose words are gone.
pub const ERASED_ITEM: &str = "Slettet punkt";
/// What stands in the place of a file's hash when the file is erased.
pub const ERASED_FILE: Hash = Hash([0; 32]);
const ITEM: &[u8] = b"\x6dSlettet punkt";
const ATTACHMENT: &[u8] = b"\x6dSlettet bilag";
const COMMENT: &[u8] = b"\x71Slettet kommentar";
const FILE: &[u8] = b"\xa4\x64name\x60\x64kind\x64text\x64size\x00\x66sha256\x58\x20\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// The fields of words that events of a kind have.
fn fields(kind: &str) -> &'static [Field] {
    match kind {
        "ItemAdded" => &[("title", ITEM), ("journal_number", NOTHING), ("moved_because", EMPTY_TEXT)],
        "ItemDetailsChanged" => &[("title", ITEM), ("journal_number", NOTHING)],
        "ItemWithdrawn" | "ItemClosed" | "ItemHeld" | "AttachmentClosed" | "SuggestionRejected" => {
            &[("reason", EMPTY_TEXT)]
        }
        "AttachmentAdded" => &[("name", ATTACHMENT), ("file", NOTHING)],
        "AttachmentRenamed" => &[("name", ATTACHMENT)],
        "AttachmentReplaced" => &[("file", FILE)],
        "ChangesRecorded" => &[("changes", EMPTY_LIST)],
        "EditRefused" => &[("change", EMPTY_BYTES)],
        "CommentMade" => &[("anchor", NOTHING), ("text", COMMENT)],
        _ => &[],
    }
}

impl Event {
    /// The text that the event's words belong to; none if it has none of a single item.
    pub fn words_of(&self) -> Option<TextId> {
        match self {
            Self::ItemAdded(e) => Some(e.item.into()),
            Self::ItemDetailsChanged(e) => Some(e.item.into()),
            Self::ItemWithdrawn(e) => Some(e.item.into()),
            Self::ItemClosed(e) => Some(e.item.into()),
            Self::ItemHeld(e) => Some(e.item.into()),
            Self::AttachmentAdded(e) => Some(e.item.into()),
            Self::AttachmentRenamed(e) => Some(e.item.into()),
            Self::AttachmentReplaced(e) => Some(e.item.into()),
            Self::AttachmentClosed(e) => Some(e.item.into()),
            Self::ChangesRecorded(e) => Some(e.document.into()),
            Self::EditRefused(e) => Some(e.document.into()),
            Self::SuggestionRejected(e) => Some(e.document.into()),
            Self::CommentMade(e) => Some(e.document.into()),
            _ => None,
        }
    }
}

/// The stored body of an event in two: both are CBOR maps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    pub rest: Vec<u8>,
    pub words: Vec<u8>,
}

/// Takes the words out of a body; none if it has none.
pub fn take_apart(kind: &str, body: &[u8]) -> Result<Option<Apart>, BadEvent> {
    let fields = fields(kind);
    if fields.is_empty() {
        return Ok(None);
    }
    let entries = entries(kind, body)?;
    let (words, rest): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(name, _)| fields.iter().any(|(field, _)| field == name));
    Ok((!words.is_empty()).then(|| Apart { rest: map(&rest), words: map(&words) }))
}

/// The inverse of [`take_apart`]; without the words it has what stands in their place.
pub fn put_together(kind: &str, rest: &[u8], words: Option<&[u8]>) -> Result<Vec<u8>, BadEvent> {
    let mut all = entries(kind, rest)?;
    match words {
        Some(words) => all.extend(entries(kind, words)?),
        None => all.extend(fields(kind).iter().map(|(name, gone)| (*name, *gone))),
    }
    Ok(map(&all))
}

type Entry<'a> = (&'a str, &'a [u8]);

fn entries<'a>(kind: &str, body: &'a [u8]) -> Result<Vec<Entry<'a>>, BadEvent> {
    let malformed = |reason: String| BadEvent::Malformed { kind: kind.to_owned(), reason };
    let mut input = Decoder::new(body);
    let mut read = || {
        let count = input.map()?.unwrap_or(0);
        let mut entries = Vec::new();
        for _ in 0..count {
            let name = input.str()?;
            let from = input.position();
            input.skip()?;
            entries.push((name, body.get(from..input.position()).unwrap_or_default()));
        }
        Ok(entries)
    };
    let entries = read().map_err(|error: minicbor::decode::Error| malformed(error.to_string()))?;
    if input.position() == body.len() {
        Ok(entries)
    } else {
        Err(malformed("there are bytes after its fields".to_owned()))
    }
}

fn map(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::with_capacity(entries.iter().map(|(k, v)| k.len() + v.len() + 2).sum()));
    // Writing to memory does not fail.
    let _infallible = out.map(entries.len() as u64);
    for (name, value) in entries {
        let _infallible = out.str(name);
        out.writer_mut().extend_from_slice(value);
    }
    out.into_writer()
}
