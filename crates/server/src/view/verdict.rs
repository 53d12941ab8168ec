//! What is said about a file that somebody holds against what was published.

use crate::seals::{EditionId, KnownFile, Seals};
use agenda::{
    event::{EditionKind, Timestamp},
    id::{Hash, MeetingId},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is, byte for byte, a file that was published and signed for.
    Unchanged,
    /// It names the content of a published edition, but is none of its files: it was altered, or it
    /// is a draft.
    Altered,
    /// It was not published here.
    Unknown,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerdictView {
    pub verdict: Verdict,
    /// The editions that the file is of, or names.
    pub editions: Vec<VerdictEdition>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerdictEdition {
    pub meeting: MeetingId,
    pub edition: u32,
    pub kind: EditionKind,
    pub forum: String,
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Where the edition is read.
    pub url: String,
    /// The file below that address; null for one that is only named.
    #[schema(required)]
    pub path: Option<String>,
    /// The public key that signed for the file; null for one that is only named.
    #[schema(required)]
    pub key: Option<String>,
    /// The correction that it was superseded by; null while it holds.
    #[schema(required)]
    pub superseded_by: Option<u32>,
}

/// A manifest with what it takes to check it: the signature is a line of a C2SP signed note whose
/// text is the canonical JSON (RFC 8785) of the manifest and a newline.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SignedManifest {
    #[schema(value_type = Object)]
    pub manifest: serde_json::Value,
    pub signature: String,
    /// `name+id+base64`.
    pub key: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicKeyView {
    /// `name+id+base64`.
    pub key: String,
    pub from: Timestamp,
    /// When the next one took over; null for the one that signs.
    #[schema(required)]
    pub until: Option<Timestamp>,
}

/// Which editions a file belongs to, and how sure that is. `named` are the hashes in its bytes.
pub fn verdict(
    seals: &Seals,
    sha256: Hash,
    named: &[Hash],
) -> (Verdict, Vec<(EditionId, Option<KnownFile>)>) {
    let files = seals.files(sha256);
    if !files.is_empty() {
        // Without attachments two files of an edition are the same; the edition is named once.
        let mut known: Vec<_> = files.iter().map(|file| (file.edition, Some(file.clone()))).collect();
        known.dedup_by_key(|(edition, _)| *edition);
        return (Verdict::Unchanged, known);
    }
    let named: Vec<_> = seals.with_content(named).into_iter().map(|edition| (edition, None)).collect();
    (if named.is_empty() { Verdict::Unknown } else { Verdict::Altered }, named)
}
