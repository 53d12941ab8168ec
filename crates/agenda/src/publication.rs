//! The published agenda as a value: what a reader sees, and nothing of how it came about.
//! Its canonical JSON is what a freeze hashes, so anyone who has the JSON can check it.

use crate::{
    content::Block,
    document::SectionText,
    event::{EditionKind, FileKind, ItemType, Participant},
    id::{AttachmentId, Hash, ItemId, MeetingId},
};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Raised when a field is added to all agendas or the meaning of one changes.
pub const MODEL_VERSION: u32 = 1;

/// One edition as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    pub model: u32,
    /// Left out for an agenda, so that what was frozen before there were kinds keeps its hash.
    #[serde(default, skip_serializing_if = "EditionKind::is_agenda")]
    pub kind: EditionKind,
    /// Left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<PublishedCorrection>,
    pub meeting: MeetingId,
    pub forum: String,
    pub date: Date,
    #[serde(with = "clock_time")]
    pub time: Time,
    pub place: String,
    pub participants: Vec<Participant>,
    pub items: Vec<PublishedItem>,
}

/// Which edition this one corrects, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedCorrection {
    pub edition: u32,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedItem {
    pub id: ItemId,
    /// Counted from 1.
    pub number: u32,
    pub title: String,
    pub journal_number: Option<String>,
    pub minutes: Option<u16>,
    /// Left out where there is none, so that what was frozen before items had types keeps its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_type: Option<ItemType>,
    /// Only sections that say something.
    pub sections: Vec<PublishedSection>,
    pub attachments: Vec<PublishedAttachment>,
    /// Lukket punkt: that it is there, and nothing of it, not even its title. Left out where it is not
    /// so, so that what was frozen before items could be closed keeps its hash.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedSection {
    pub key: String,
    pub heading: String,
    /// "Intet at bemærke."; then there are no blocks.
    pub nothing: bool,
    pub blocks: Vec<Block>,
}

/// An attachment as it is published, in the item's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PublishedAttachment {
    /// Known by its title alone; hashed as before attachments had files.
    Name(String),
    File(PublishedFile),
    Closed(ClosedAttachment),
}

/// An attachment with the file that the freeze fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedFile {
    pub id: AttachmentId,
    /// Counted from 1 in the item.
    pub number: u32,
    pub title: String,
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    pub sha256: Hash,
}

/// Lukket bilag: that it is there, and nothing of it, not even its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedAttachment {
    /// Counted from 1 in the item.
    pub number: u32,
    /// Always true.
    pub closed: bool,
}

/// What a closed item is called.
pub const CLOSED_ITEM: &str = "Lukket punkt";
/// What a closed attachment is called.
pub const CLOSED_ATTACHMENT: &str = "Lukket bilag";

impl PublishedItem {
    /// A closed item as it is published.
    pub fn closed(id: ItemId, number: u32) -> Self {
        Self {
            id,
            number,
            title: CLOSED_ITEM.to_owned(),
            journal_number: None,
            minutes: None,
            item_type: None,
            sections: Vec::new(),
            attachments: Vec::new(),
            closed: true,
        }
    }

    /// What is printed for the attachments, in their order.
    pub fn attachment_titles(&self) -> impl Iterator<Item = &str> {
        self.attachments.iter().map(PublishedAttachment::title)
    }
}

impl PublishedAttachment {
    /// What is printed for it.
    pub fn title(&self) -> &str {
        match self {
            Self::Name(title) | Self::File(PublishedFile { title, .. }) => title,
            Self::Closed(_) => CLOSED_ATTACHMENT,
        }
    }

    /// The file, where there is one that anyone may have.
    pub fn file(&self) -> Option<&PublishedFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Name(_) | Self::Closed(_) => None,
        }
    }
}

impl From<&str> for PublishedAttachment {
    fn from(title: &str) -> Self {
        Self::Name(title.to_owned())
    }
}

impl PublishedSection {
    /// A section as it is printed: empty blocks go; a section that says nothing at all is
    /// left out; words win over a "nothing" that was set beside them.
    pub fn new(heading: &str, text: SectionText) -> Option<Self> {
        let blocks: Vec<Block> =
            text.blocks.into_iter().filter(|block| !block.plain_text().trim().is_empty()).collect();
        let nothing = text.nothing && blocks.is_empty();
        (nothing || !blocks.is_empty()).then(|| Self {
            key: text.key,
            heading: heading.to_owned(),
            nothing,
            blocks,
        })
    }
}

impl Publication {
    /// SHA-256 of [`canonical_json`] of the whole.
    pub fn content_hash(&self) -> Hash {
        content_hash(self)
    }
}

/// SHA-256 of a value's canonical JSON.
pub fn content_hash<T: Serialize>(value: &T) -> Hash {
    Hash(Sha256::digest(canonical_json(value)).into())
}

/// JSON with sorted keys and no white space (RFC 8785; all our keys are ASCII and all our
/// numbers are integers, so sorting by bytes and printing as they are is enough).
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    let mut out = String::new();
    // Our own types have string keys and no floats, so this cannot fail; null says if it did.
    write_canonical(&serde_json::to_value(value).unwrap_or(Value::Null), &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(values) => {
            out.push('[');
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_canonical(value, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write_canonical(value, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// "09:00" in JSON: seconds are never part of a meeting's time.
pub mod clock_time {
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(time: &Time, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{:02}:{:02}", time.hour(), time.minute()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Time, D::Error> {
        let text = String::deserialize(d)?;
        parse(&text).ok_or_else(|| D::Error::custom(format!("«{text}» is not a time like 09:00")))
    }

    /// Reads "9:00", "09.00" or "09:00".
    pub fn parse(text: &str) -> Option<Time> {
        let (hour, minute) = text.trim().split_once([':', '.'])?;
        Time::new(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0, 0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_sorts_keys_at_every_depth() {
        let value = serde_json::json!({"b": [{"z": 1, "a": "æ\n"}], "a": null, "aa": true});
        assert_eq!(canonical_json(&value), r#"{"a":null,"aa":true,"b":[{"a":"æ\n","z":1}]}"#);
    }

    #[test]
    fn words_win_over_nothing_to_note() {
        let text = |nothing, words: &str| SectionText {
            key: "lov".into(),
            nothing,
            blocks: vec![Block::paragraph(words)],
        };
        assert_eq!(PublishedSection::new("Lov", text(false, "  ")), None);
        let nothing = PublishedSection::new("Lov", text(true, " ")).unwrap();
        assert!(nothing.nothing && nothing.blocks.is_empty());
        let words = PublishedSection::new("Lov", text(true, "§ 3")).unwrap();
        assert!(!words.nothing && words.blocks.len() == 1);
    }

    #[test]
    fn an_item_without_a_type_is_hashed_as_before_there_were_types() {
        let item = |item_type| PublishedItem {
            id: ItemId::from_bytes([1; 16]),
            number: 1,
            title: "Budget".into(),
            journal_number: None,
            minutes: None,
            item_type,
            sections: vec![],
            attachments: vec![],
            closed: false,
        };
        let id = ItemId::from_bytes([1; 16]);
        let without = format!(
            r#"{{"attachments":[],"id":"{id}","journal_number":null,"minutes":null,"number":1,"sections":[],"title":"Budget"}}"#
        );
        assert_eq!(canonical_json(&item(None)), without);
        assert!(canonical_json(&item(Some(ItemType::Decision))).contains(r#""item_type":"decision""#));
    }

    #[test]
    fn an_attachment_without_a_file_is_hashed_as_before_there_were_files() {
        assert_eq!(canonical_json(&PublishedAttachment::from("Kort")), r#""Kort""#);
    }

    #[test]
    fn a_published_attachment_is_read_as_it_was_written() {
        let file = PublishedFile {
            id: AttachmentId::from_bytes([1; 16]),
            number: 2,
            title: "Kort".into(),
            kind: FileKind::Pdf,
            size: 70_000,
            sha256: Hash([2; 32]),
        };
        let closed = PublishedAttachment::Closed(ClosedAttachment { number: 3, closed: true });
        for one in [PublishedAttachment::from("Kort"), PublishedAttachment::File(file), closed] {
            let json = canonical_json(&one);
            assert_eq!(serde_json::from_str::<PublishedAttachment>(&json).unwrap(), one, "{json}");
        }
    }
}
