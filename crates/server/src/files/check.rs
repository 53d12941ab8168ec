//! Whether every file that the log names lies in the data folder, unchanged.

use super::folder::Folder;
use agenda::{
    event::{Event, Recorded, words::ERASED_FILE},
    id::Hash,
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, io, path::Path};

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
    files.map(|file| file.sha256).filter(|sha256| *sha256 != ERASED_FILE)
}

impl FileChecker {
    pub fn read(&mut self, recorded: &Recorded) {
        self.named.extend(named(recorded));
    }

    /// How many files there are, if each is as it was.
    pub fn check(&self, data: &Path) -> Result<usize, BadFile> {
        let folder = Folder::new(data.join(super::FOLDER));
        for named in &self.named {
            let bytes = std::fs::read(folder.place(*named)).map_err(|e| BadFile::Unreadable(*named, e))?;
            let now = Hash(Sha256::digest(bytes).into());
            if now != *named {
                return Err(BadFile::Altered(*named, now));
            }
        }
        Ok(self.named.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_or_altered_is_found() {
        let data = tempfile::tempdir().unwrap();
        let sha256 = Hash(Sha256::digest(b"en fil").into());
        let checker = FileChecker { named: [sha256].into() };
        assert!(matches!(checker.check(data.path()), Err(BadFile::Unreadable(..))));
        let place = Folder::new(data.path().join("files")).place(sha256);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, b"en fil").unwrap();
        assert_eq!(checker.check(data.path()).unwrap(), 1);
        std::fs::write(&place, b"en gil").unwrap();
        assert!(matches!(checker.check(data.path()), Err(BadFile::Altered(..))));
    }
}
