//! What happens to the attachments of an item. Files are named by their hash and lie outside the
//! log; a file that a new version replaced, or whose attachment was removed, stays in the log.

use super::Source;
use crate::id::{AttachmentId, Bytes, Hash, ItemId};
use serde::{Deserialize, Serialize};

/// The kinds of file that are taken in, and nothing else is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum FileKind {
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Png,
    Jpeg,
    Text,
    Csv,
}

impl FileKind {
    pub const ALL: [Self; 8] =
        [Self::Pdf, Self::Docx, Self::Xlsx, Self::Pptx, Self::Png, Self::Jpeg, Self::Text, Self::Csv];

    /// The endings of the names of such files, the usual one first; in lower case.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Text => &["txt"],
            Self::Csv => &["csv"],
        }
    }

    /// The type under which the file is served, whatever whoever uploaded it said.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// Whether a browser shows it by itself; the others are saved.
    pub fn is_shown_inline(self) -> bool {
        matches!(self, Self::Pdf | Self::Png | Self::Jpeg)
    }

    /// The kind of file that has a name like this.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|kind| kind.extensions().contains(&extension.as_str()))
    }
}

/// A file that was looked through, and is stored for as long as the log is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// As it was called where it came from.
    pub name: String,
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    pub sha256: Hash,
    /// None: it is stored as it is, under its own hash, as all files were once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealedFile>,
}

/// How a file is stored encrypted. The key is among the words of the item, and is gone with them: then nobody reads
/// the file any more, nor any copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFile {
    /// Of the encrypted bytes, which are stored under it.
    pub sha256: Hash,
    /// 32 bytes, of this file alone.
    pub key: Bytes,
}

impl AttachedFile {
    /// The hash that it is stored under.
    pub fn stored(&self) -> Hash {
        self.sealed.as_ref().map_or(self.sha256, |sealed| sealed.sha256)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentAdded {
    pub item: ItemId,
    pub attachment: AttachmentId,
    /// The title.
    pub name: String,
    pub source: Option<Source>,
    /// None for one that is known by its name alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<AttachedFile>,
}
/// It goes from the agenda, not from the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRemoved {
    pub item: ItemId,
    pub attachment: AttachmentId,
}
/// A new version of the file, or the first one of an attachment that had none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentReplaced {
    pub item: ItemId,
    pub attachment: AttachmentId,
    pub file: AttachedFile,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRenamed {
    pub item: ItemId,
    pub attachment: AttachmentId,
    pub name: String,
}
/// The attachment now stands at `index`, counted from 0 among the item's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentReordered {
    pub item: ItemId,
    pub attachment: AttachmentId,
    pub index: u32,
}
/// Lukket bilag: members read it, and the published agenda only says that it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentClosed {
    pub item: ItemId,
    pub attachment: AttachmentId,
    pub reason: String,
}
/// It is published like any other again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentOpened {
    pub item: ItemId,
    pub attachment: AttachmentId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    #[test]
    fn an_attachment_without_a_file_is_stored_as_before_there_were_files() {
        let added = |file| {
            let (item, attachment) = (ItemId::from_bytes([1; 16]), AttachmentId::from_bytes([2; 16]));
            Event::from(AttachmentAdded { item, attachment, name: "Kort".into(), source: None, file })
        };
        let without = added(None).encode().unwrap();
        assert!(!String::from_utf8_lossy(&without).contains("file"));
        assert_eq!(Event::decode("AttachmentAdded", 1, &without), Ok(added(None)));
        let file = AttachedFile {
            name: "kort.pdf".into(),
            kind: FileKind::Pdf,
            size: 70_000,
            sha256: Hash([3; 32]),
            sealed: None,
        };
        let with = added(Some(file));
        assert_eq!(Event::decode("AttachmentAdded", 1, &with.encode().unwrap()), Ok(with));
    }

    #[test]
    fn a_kind_is_known_by_the_end_of_the_name() {
        assert_eq!(FileKind::of_name("Budget 2027.XLSX"), Some(FileKind::Xlsx));
        assert_eq!(FileKind::of_name("foto.jpeg"), Some(FileKind::Jpeg));
        for name in ["kort.svg", "side.html", "pdf", "kort.pdf.exe", "", ".", "makro.docm"] {
            assert_eq!(FileKind::of_name(name), None, "{name}");
        }
    }
}
