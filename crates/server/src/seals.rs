//! What was published and what the service put its name to: a projection of the log that answers
//! which edition a file belongs to.

use agenda::{
    event::{AgendaPublished, EditionSealed, Position},
    id::{Hash, MeetingId},
};
use proof::note::Verifier;
use publish::Manifest;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An edition of a meeting, by its number.
pub type EditionId = (MeetingId, u32);

/// Where a file is known from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    pub edition: EditionId,
    /// Below the address of the edition.
    pub path: String,
    /// The key that signed for it.
    pub key: String,
}

#[derive(Debug, Default)]
pub struct Seals {
    /// Every published edition, with its content hash and where in the log it was published.
    published: BTreeMap<EditionId, (Hash, Position)>,
    /// The sequence of the newest seal of an edition, in the stream of seals.
    newest: BTreeMap<EditionId, u64>,
    /// The sequences of all that was signed for a meeting, good or not, in the stream of seals.
    of_meetings: BTreeMap<MeetingId, Vec<u64>>,
    /// Words of them were erased before they were sealed: they never will be.
    unsealable: BTreeSet<EditionId>,
    files: HashMap<Hash, Vec<KnownFile>>,
}

/// Why a seal is not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSeal {
    #[error("the manifest cannot be read: {0}")]
    Manifest(String),
    #[error("the key {0} is not among the known ones")]
    UnknownKey(String),
    #[error("the signature does not fit the manifest")]
    Signature,
    #[error("the manifest is of another edition or another content than what was published")]
    Content,
}

/// The manifest, if one of the keys signed it.
pub fn open(manifest: &str, signature: &str, keys: &[Verifier]) -> Result<(Manifest, Verifier), BadSeal> {
    let text = format!("{manifest}\n");
    let Some(key) = keys.iter().find(|key| key.verifies(&text, signature)) else {
        let signer = signature.split(' ').nth(1).unwrap_or_default();
        let known = keys.iter().any(|key| key.name() == signer);
        return Err(if known { BadSeal::Signature } else { BadSeal::UnknownKey(signer.to_owned()) });
    };
    let manifest = serde_json::from_str(manifest).map_err(|error| BadSeal::Manifest(error.to_string()))?;
    Ok((manifest, key.clone()))
}

impl Seals {
    pub fn published(&mut self, meeting: MeetingId, at: Position, event: &AgendaPublished) {
        self.published.insert((meeting, event.edition), (event.content_hash, at));
    }

    /// Takes in a seal as it stands in the log at `sequence` of its stream. One that cannot be
    /// read, or is of other content than was published, seals nothing.
    pub fn sealed(&mut self, sequence: u64, event: &EditionSealed) -> Result<(), BadSeal> {
        self.of_meetings.entry(event.meeting).or_default().push(sequence);
        let manifest: Manifest =
            serde_json::from_str(&event.manifest).map_err(|error| BadSeal::Manifest(error.to_string()))?;
        let edition = (event.meeting, event.edition);
        let same = (manifest.meeting, manifest.edition) == edition
            && self.published.get(&edition).is_some_and(|(content, _)| *content == manifest.content_hash);
        if !same {
            return Err(BadSeal::Content);
        }
        self.newest.insert(edition, sequence);
        for file in manifest.files {
            let known = KnownFile { edition, path: file.path, key: event.key.clone() };
            let all = self.files.entry(file.sha256).or_default();
            // Sealed again, most files are the same.
            if !all.iter().any(|one| one.edition == known.edition && one.path == known.path) {
                all.push(known);
            }
        }
        Ok(())
    }

    /// Where a file with this SHA-256 belongs; one that several editions have, to each.
    pub fn files(&self, sha256: Hash) -> &[KnownFile] {
        self.files.get(&sha256).map_or(&[], Vec::as_slice)
    }

    /// Whether some seal names this file of the edition.
    pub fn names(&self, edition: EditionId, path: &str, sha256: Hash) -> bool {
        self.files(sha256).iter().any(|file| file.edition == edition && file.path == path)
    }

    /// The published editions with one of these content hashes.
    pub fn with_content(&self, hashes: &[Hash]) -> Vec<EditionId> {
        let named = |(_, (content, _)): &(&EditionId, &(Hash, Position))| hashes.contains(content);
        self.published.iter().filter(named).map(|(edition, _)| *edition).collect()
    }

    /// Where in the log an edition was published.
    pub fn published_at(&self, edition: EditionId) -> Option<Position> {
        self.published.get(&edition).map(|(_, at)| *at)
    }

    /// Where the newest seal of an edition stands in the stream of seals.
    pub fn newest(&self, edition: EditionId) -> Option<u64> {
        self.newest.get(&edition).copied()
    }

    /// Where all that was signed for a meeting stands in the stream of seals.
    pub fn of_meeting(&self, meeting: MeetingId) -> &[u64] {
        self.of_meetings.get(&meeting).map_or(&[], Vec::as_slice)
    }

    /// The files of the edition can never be made again.
    pub fn give_up(&mut self, edition: EditionId) {
        self.unsealable.insert(edition);
    }

    /// Whether the edition was published, and its seal is yet to come.
    pub fn is_missing(&self, edition: EditionId) -> bool {
        let ended = self.newest.contains_key(&edition) || self.unsealable.contains(&edition);
        self.published.contains_key(&edition) && !ended
    }

    /// Published editions whose seals are yet to come.
    pub fn missing(&self) -> Vec<EditionId> {
        self.published.keys().filter(|edition| self.is_missing(**edition)).copied().collect()
    }
}
