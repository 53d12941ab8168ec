//! Everything in one ZIP file: the agenda in every format, an extract of each item, the JSON
//! Schema, and a manifest that names each file with its SHA-256.

use crate::{
    Format,
    extract::{extract, files_of_item},
    format::{RenderError, render},
    json::{ProofJson, SCHEMA, proof, stand_name},
    pack::pack,
    proof::Stand,
};
use agenda::{
    id::Hash,
    publication::{Publication, canonical_json},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A file on its way into the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With the folder that it stands in: "punkter/punkt-1.html".
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Manifest<'a> {
    version: u32,
    stand: &'static str,
    proof: Option<ProofJson>,
    files: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    media_type: &'static str,
    size: usize,
    sha256: Hash,
}

/// Raised when the manifest's fields change.
const VERSION: u32 = 1;

/// The archive. `more` are files that are made elsewhere, such as the PDF.
pub fn archive(publication: &Publication, stand: Stand<'_>, more: Vec<File>) -> Result<Vec<u8>, RenderError> {
    let mut files = more;
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Zip) {
        let bytes = render(format, publication, stand)?;
        files.push(File { name: format.file_name().into(), media_type: format.media_type(), bytes });
    }
    for index in 0..publication.items.len() {
        if let Some(extract) = extract(publication, stand, index) {
            files.extend(files_of_item(index, extract?));
        }
    }
    let (name, bytes) = ("publication.schema.json".to_owned(), SCHEMA.into());
    files.push(File { name, media_type: "application/schema+json", bytes });
    files.insert(0, manifest(&files, stand));
    pack(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))
}

fn manifest(files: &[File], stand: Stand<'_>) -> File {
    let files = files.iter().map(entry).collect();
    let manifest = Manifest { version: VERSION, stand: stand_name(stand), proof: proof(stand), files };
    let bytes = canonical_json(&manifest).into_bytes();
    File { name: "manifest.json".into(), media_type: "application/json", bytes }
}

fn entry(file: &File) -> Entry<'_> {
    let File { name, media_type, bytes } = file;
    Entry { name, media_type, size: bytes.len(), sha256: Hash(Sha256::digest(bytes).into()) }
}
