//! Whether every file that the log names lies where it was stored, unchanged.

use super::store::FileStore;
use agenda::{
    event::{AttachedFile, Event, Recorded, words::ERASED_FILE},
    id::Hash,
};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, io};

/// Collects the files that a log names while it is read.
#[derive(Default)]
pub struct FileChecker {
    named: BTreeSet<Hash>,
}

#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    #[error("the file {0} is named in the log and cannot be read: {1}")]
    Unreadable(Hash, io::Error),
    #[error("the file {0} is not what was stored: its SHA-256 is now {1}")]
    Altered(Hash, Hash),
}

/// The files that a commit names.
pub fn named(recorded: &Recorded) -> impl Iterator<Item = Hash> {
    let files = recorded.commit.events.iter().filter_map(|event| match event {
        Event::AttachmentAdded(e) => e.file.as_ref(),
        Event::AttachmentReplaced(e) => Some(&e.file),
        _ => None,
    });
    files.map(AttachedFile::stored).filter(|sha256| *sha256 != ERASED_FILE)
}

impl FileChecker {
    pub fn read(&mut self, recorded: &Recorded) {
        self.named.extend(named(recorded));
    }

    /// How many files there are, if each is as it was.
    pub async fn check(&self, store: &dyn FileStore) -> Result<usize, BadFile> {
        for named in &self.named {
            let now = hash_of(store, *named).await.map_err(|e| BadFile::Unreadable(*named, e))?;
            if now != *named {
                return Err(BadFile::Altered(*named, now));
            }
        }
        Ok(self.named.len())
    }
}

async fn hash_of(store: &dyn FileStore, named: Hash) -> io::Result<Hash> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "it is not there");
    let mut pieces = store.get(named).await?.ok_or_else(missing)?;
    let mut hash = Sha256::new();
    while let Some(piece) = pieces.try_next().await? {
        hash.update(&piece);
    }
    Ok(Hash(hash.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::folder::Folder;

    #[tokio::test]
    async fn a_file_that_is_missing_or_altered_is_found() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::new(data.path().join("files"));
        let sha256 = Hash(Sha256::digest(b"en fil").into());
        let checker = FileChecker { named: [sha256].into() };
        assert!(matches!(checker.check(&folder).await, Err(BadFile::Unreadable(..))));
        let place = folder.place(sha256);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, b"en fil").unwrap();
        assert_eq!(checker.check(&folder).await.unwrap(), 1);
        std::fs::write(&place, b"en gil").unwrap();
        assert!(matches!(checker.check(&folder).await, Err(BadFile::Altered(..))));
    }
}
