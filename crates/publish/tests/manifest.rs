//! The manifest of an edition, and that a file which was altered still says what it was.
#![allow(clippy::unwrap_used, reason = "a suite of tests")]

mod sample;

use agenda::publication::canonical_json;
use publish::{Artefact, Manifest, NamedFile, Proof, Stand, named_hashes, render};
use sample::{PROOF, torture};

#[test]
fn every_file_names_its_content_in_its_own_bytes_and_a_draft_of_it_does_not() {
    let publication = torture();
    let proof = Proof { content_hash: publication.content_hash(), ..PROOF };
    for artefact in Artefact::all(&publication) {
        let named = |stand| named_hashes(&render(artefact, &publication, stand).unwrap().bytes);
        assert!(named(Stand::Published(&proof)).contains(&proof.content_hash), "{artefact:?}");
        assert!(!named(Stand::Draft).contains(&proof.content_hash), "{artefact:?}, a draft");
    }
}

#[test]
fn a_manifest_lists_every_file_and_reads_back_as_it_was_written() {
    let publication = torture();
    let files: Vec<_> = Artefact::all(&publication)
        .map(|artefact| NamedFile::artefact(artefact, artefact.path().as_bytes()))
        .collect();
    let manifest = Manifest::new(&publication, &PROOF, files.clone());
    let attached = publication.items.iter().flat_map(|item| &item.attachments).filter_map(|one| one.file());
    assert_eq!(manifest.files.len(), files.len() + attached.count());
    let mut paths: Vec<_> = manifest.files.iter().map(|file| &file.path).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), manifest.files.len(), "no two files share a path");
    let value: serde_json::Value = serde_json::from_str(&manifest.text()).unwrap();
    assert_eq!(canonical_json(&value), manifest.text());
    assert_eq!(serde_json::from_value::<Manifest>(value).unwrap(), manifest);
}
