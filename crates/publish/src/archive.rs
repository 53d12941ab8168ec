//! Everything in one ZIP file: the agenda in every format, an extract of each item, the files of
//! the attachments, the JSON Schema, and a manifest that names each file with its SHA-256.

use crate::{
    Format,
    artefact::{Artefact, RenderError, Rendered, render_with},
    files::{Files, wanted},
    json::{ProofJson, SCHEMA, proof, stand_name},
    manifest::NamedFile,
    pack::pack,
    proof::Stand,
};
use agenda::publication::{Publication, PublishedAttachment, PublishedFile, canonical_json};
use serde::Serialize;

/// A file on its way into the archive.
struct File {
    /// With the folder that it stands in: "punkter/punkt-1.html".
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Manifest {
    version: u32,
    stand: &'static str,
    proof: Option<ProofJson>,
    files: Vec<NamedFile>,
    /// Attachments that are not in the archive, by where the edition has them: they were too large together.
    left_out: Vec<NamedFile>,
}

/// The folder of the attachments.
const ATTACHMENTS: &str = "bilag";

/// Raised when the manifest's fields change.
const VERSION: u32 = 1;

/// The archive, with what is to say about the files in it.
pub fn archive(
    publication: &Publication,
    stand: Stand<'_>,
    at_hand: &Files,
) -> Result<Rendered, RenderError> {
    let (mut files, mut warnings) = (Vec::new(), Vec::new());
    // Everything but the archive itself.
    for artefact in Artefact::all(publication).filter(|one| one.format() != Format::Zip) {
        let made = render_with(artefact, publication, stand, at_hand)?;
        files.push(File {
            name: artefact.path(),
            media_type: artefact.format().media_type(),
            bytes: made.bytes,
        });
        warnings.extend(made.warnings);
    }
    let (attached, left_out) = attachments(publication, at_hand);
    files.extend(attached);
    let (name, bytes) = ("publication.schema.json".to_owned(), SCHEMA.into());
    files.push(File { name, media_type: "application/schema+json", bytes });
    files.insert(0, manifest(&files, left_out, stand));
    let bytes = pack(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))?;
    Ok(Rendered { bytes, warnings })
}

/// The files of the attachments, "bilag/punkt-3-bilag-1.pdf", and those that are not at hand or too
/// large together.
fn attachments(publication: &Publication, at_hand: &Files) -> (Vec<File>, Vec<NamedFile>) {
    let wanted: Vec<_> = wanted(Artefact::Whole(Format::Zip), publication);
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    for item in &publication.items {
        for file in item.attachments.iter().filter_map(PublishedAttachment::file) {
            let is_wanted = wanted.iter().any(|one| one.id == file.id);
            let Some(bytes) = at_hand.get(&file.sha256).filter(|_| is_wanted) else {
                left_out.push(NamedFile::attachment(item, file));
                continue;
            };
            let name =
                format!("{ATTACHMENTS}/punkt-{}-bilag-{}.{}", item.number, file.number, extension(file));
            files.push(File { name, media_type: file.kind.media_type(), bytes: bytes.clone() });
        }
    }
    (files, left_out)
}

fn extension(file: &PublishedFile) -> &'static str {
    file.kind.extensions().first().copied().unwrap_or_default()
}

fn manifest(files: &[File], left_out: Vec<NamedFile>, stand: Stand<'_>) -> File {
    let entry = |File { name, media_type, bytes }: &File| NamedFile::new(name.clone(), media_type, bytes);
    let files = files.iter().map(entry).collect();
    let manifest =
        Manifest { version: VERSION, stand: stand_name(stand), proof: proof(stand), files, left_out };
    let bytes = canonical_json(&manifest).into_bytes();
    File { name: "manifest.json".into(), media_type: "application/json", bytes }
}
