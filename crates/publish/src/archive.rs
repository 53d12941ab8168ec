//! Everything in one ZIP file: the agenda in every format, an extract of each item, the JSON
//! Schema, and a manifest that names each file with its SHA-256.

use crate::{
    Format,
    artefact::{Artefact, RenderError, Rendered, render},
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
struct File {
    /// With the folder that it stands in: "punkter/punkt-1.html".
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
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

/// The archive, with what is to say about the files in it.
pub fn archive(publication: &Publication, stand: Stand<'_>) -> Result<Rendered, RenderError> {
    let (mut files, mut warnings) = (Vec::new(), Vec::new());
    // Everything but the archive itself.
    for artefact in Artefact::all(publication).filter(|one| one.format() != Format::Zip) {
        let made = render(artefact, publication, stand)?;
        files.push(File {
            name: artefact.path(),
            media_type: artefact.format().media_type(),
            bytes: made.bytes,
        });
        warnings.extend(made.warnings);
    }
    let (name, bytes) = ("publication.schema.json".to_owned(), SCHEMA.into());
    files.push(File { name, media_type: "application/schema+json", bytes });
    files.insert(0, manifest(&files, stand));
    let bytes = pack(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))?;
    Ok(Rendered { bytes, warnings })
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
