//! What a published edition consists of: every file with its size and SHA-256, and the content
//! that all of them were made from. The service signs it.

use crate::{artefact::Artefact, proof::Proof};
use agenda::{
    event::EditionKind,
    id::{Hash, MeetingId},
    publication::{Publication, PublishedAttachment, PublishedFile, PublishedItem, canonical_json},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Raised when the manifest's fields change their meaning.
const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub version: u32,
    pub meeting: MeetingId,
    pub forum: String,
    pub date: Date,
    pub kind: EditionKind,
    /// Counted from 1 in the meeting.
    pub edition: u32,
    /// Log position of the freeze.
    pub position: u64,
    /// SHA-256 of the canonical JSON of the publication.
    pub content_hash: Hash,
    /// The version of the program that made the files.
    pub program: String,
    pub files: Vec<NamedFile>,
}

/// A file of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Below the address of the edition: "dagsorden.pdf", "punkt/1/bilag/2".
    pub path: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    pub sha256: Hash,
}

impl NamedFile {
    pub(crate) fn new(path: String, media_type: &str, bytes: &[u8]) -> Self {
        Self { path, media_type: media_type.to_owned(), size: bytes.len() as u64, sha256: file_hash(bytes) }
    }

    /// The file of an attachment, where the edition has it: "punkt/1/bilag/2".
    pub(crate) fn attachment(item: &PublishedItem, file: &PublishedFile) -> Self {
        Self {
            path: format!("punkt/{}/bilag/{}", item.number, file.number),
            media_type: file.kind.media_type().to_owned(),
            size: file.size,
            sha256: file.sha256,
        }
    }

    /// An artefact with its bytes.
    pub fn artefact(artefact: Artefact, bytes: &[u8]) -> Self {
        Self::new(artefact.path(), artefact.format().media_type(), bytes)
    }
}

impl Manifest {
    /// `artefacts` are those of the edition, in their order; its attachments are added.
    pub fn new(publication: &Publication, proof: &Proof, artefacts: Vec<NamedFile>) -> Self {
        let files = artefacts.into_iter().chain(attachments(publication)).collect();
        Self {
            version: VERSION,
            meeting: publication.meeting,
            forum: publication.forum.clone(),
            date: publication.date,
            kind: publication.kind,
            edition: proof.edition,
            position: proof.position,
            content_hash: proof.content_hash,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            files,
        }
    }

    /// What is signed, but for the newline at its end: canonical JSON.
    pub fn text(&self) -> String {
        canonical_json(self)
    }
}

fn attachments(publication: &Publication) -> impl Iterator<Item = NamedFile> {
    publication.items.iter().flat_map(|item| {
        let files = item.attachments.iter().filter_map(PublishedAttachment::file);
        files.map(|file| NamedFile::attachment(item, file))
    })
}

/// SHA-256 of a file.
pub fn file_hash(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Most hashes that are looked for in one file.
const MAX_NAMED: usize = 64;
/// A SHA-256 in hexadecimal.
const HASH_DIGITS: usize = 64;

/// The hashes that a file names in its own bytes, without repeats. A published file names its
/// content hash, so a file that was altered still says which edition it was.
pub fn named_hashes(bytes: &[u8]) -> Vec<Hash> {
    let digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut found = Vec::new();
    for run in bytes.split(|byte| !digit(byte)).filter(|run| run.len() == HASH_DIGITS) {
        let hash = std::str::from_utf8(run).ok().and_then(|text| text.parse::<Hash>().ok());
        if let Some(hash) = hash.filter(|hash| !found.contains(hash)) {
            found.push(hash);
        }
        if found.len() == MAX_NAMED {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_that_a_file_names_are_found() {
        let (one, other) = (Hash([0xab; 32]), Hash([7; 32]));
        let text = format!("<dd>{one}</dd> {other}, {one} 0{one}");
        assert_eq!(named_hashes(text.as_bytes()), [one, other]);
        assert_eq!(named_hashes(b"\xff\x00"), []);
        let many: String = (0..=255).map(|n| format!("{} ", Hash([n; 32]))).collect();
        assert_eq!(named_hashes(many.as_bytes()).len(), MAX_NAMED);
    }
}
