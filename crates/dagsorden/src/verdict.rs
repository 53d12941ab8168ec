//! What `dagsorden verify` says of published files: which edition each is, whether it is unchanged
//! and whether it still holds.

use crate::Outcome;
use agenda::{
    event::{Event, Recorded},
    id::StreamId,
    language::Language,
    publication::canonical_json,
};
use proof::note::Verifier;
use publish::{Manifest, file_hash, named_hashes};
use server::{
    edition::FreezeChecker,
    seals::{self, EditionId, Seals},
    view::verdict::{SignedManifest, Verdict, verdict},
};
use std::{error::Error, fs, path::Path, path::PathBuf};

/// Takes in what a commit publishes or seals. A seal that no known key made fails the log.
pub fn read(known: &mut Seals, keys: &[Verifier], recorded: &Recorded) -> Result<(), String> {
    for event in &recorded.commit.events {
        match (recorded.commit.stream, event) {
            (StreamId::Meeting(meeting), Event::AgendaPublished(e)) => {
                known.published(meeting, recorded.position, e)
            }
            (_, Event::EditionSealed(e)) => {
                let opened = seals::open(&e.manifest, &e.signature, keys).map(drop);
                let taken = opened.and_then(|()| known.sealed(recorded.commit.sequence, e));
                taken.map_err(|error| format!("position {}: {error}", recorded.position.0))?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Says of each file what the log knows of it.
pub fn by_log(known: &Seals, freezes: &FreezeChecker, files: &[PathBuf], language: Language) -> Outcome {
    let mut good = true;
    for path in files {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (verdict, editions) = verdict(known, file_hash(&bytes), &named_hashes(&bytes));
        good &= verdict == Verdict::Unchanged;
        if editions.is_empty() {
            tell(path, language.pick("ukendt: ikke udgivet herfra.", "unknown: not published from here."));
        }
        for (edition, file) in editions {
            let state = match (&file, known.is_missing(edition)) {
                (Some(_), _) => language.pick("uændret", "unchanged"),
                (None, true) => language.pick(
                    "kan ikke afgøres, for udgaven er ikke underskrevet endnu; start tjenesten",
                    "not to be told, for the edition is not signed yet; start the service",
                ),
                (None, false) => language.pick(
                    "ÆNDRET, eller et udkast: ingen af filerne",
                    "ALTERED, or a draft: none of the files",
                ),
            };
            let path_there = file.map(|file| format!(" ({})", file.path)).unwrap_or_default();
            tell(path, &format!("{state}{path_there}, {}", described(freezes, edition, language)));
        }
    }
    outcome(good, language)
}

/// "udgave 1 af dagsordenen, Chefforum 2026-06-17. Gælder."
fn described(freezes: &FreezeChecker, (id, number): EditionId, language: Language) -> String {
    let found = freezes.meeting(id).and_then(|meeting| {
        let (edition, details) = (meeting.edition(number)?, meeting.details.as_ref()?);
        let kind = edition.kind().definite(language);
        let holds = match meeting.superseded_by(number) {
            None => language.pick("Gælder.".to_owned(), "It holds.".to_owned()),
            Some(later) => language.pick(
                format!("Gælder ikke længere: rettet med udgave {later}."),
                format!("It no longer holds: corrected by edition {later}."),
            ),
        };
        let of = language.pick(format!("udgave {number} af {kind}"), format!("edition {number} of {kind}"));
        Some(format!("{of}, {} {}. {holds}", details.forum_name, details.date))
    });
    found.unwrap_or_else(|| format!("{id}/{number}"))
}

/// Says of each file whether the manifest names it; nothing but the files given is needed.
pub fn by_manifest(manifest: &Path, keys: &[Verifier], files: &[PathBuf], language: Language) -> Outcome {
    let (manifest, key) = opened(manifest, keys)?;
    let of = format!(
        "{} {} {}, {}",
        manifest.forum,
        manifest.date,
        manifest.kind.definite(language),
        manifest.edition
    );
    println!("{} {of}: {key}", language.pick("Underskrevet:", "Signed:"));
    let mut good = true;
    for path in files {
        let sha256 = file_hash(&fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?);
        let file = manifest.files.iter().find(|file| file.sha256 == sha256);
        good &= file.is_some();
        match file {
            Some(file) => tell(path, &format!("{} ({}).", language.pick("uændret", "unchanged"), file.path)),
            None => tell(path, language.pick("ingen af udgavens filer.", "none of the edition's files.")),
        }
    }
    outcome(good, language)
}

fn opened(path: &Path, keys: &[Verifier]) -> Result<(Manifest, Verifier), Box<dyn Error + Send + Sync>> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let signed: SignedManifest = serde_json::from_slice(&bytes)
        .map_err(|error| format!("{} is no signed manifest: {error}", path.display()))?;
    Ok(seals::open(&canonical_json(&signed.manifest), &signed.signature, keys)?)
}

fn tell(path: &Path, what: &str) {
    println!("{}: {what}", path.display());
}

fn outcome(good: bool, language: Language) -> Outcome {
    let told =
        language.pick("ikke alle filer er, som de blev udgivet", "not every file is as it was published");
    if good { Ok(()) } else { Err(told.into()) }
}
