//! The files of attachments: how one comes in (written down, looked through, scanned, stored) and
//! how it is read again. A file is stored encrypted, under the SHA-256 of what is stored, so that it never changes.
//!
//! ```text
//! spool     what is coming in, on the disk and counted
//! sealed    encrypted, under a key that stands in the log
//! store     where files lie: the interface;  folder, objects (S3): the places
//! scan      ClamAV, where there is one
//! check     whether what the log names is still there;  checked: while it is read;  copy: once more elsewhere
//! ```

mod check;
mod checked;
mod copy;
mod folder;
mod objects;
mod scan;
mod sealed;
mod spool;
mod store;

pub use check::{BadFile, FileChecker, named};
pub use copy::{CopyError, copied, copy_between, write_copy};
pub use objects::{Credentials, S3Settings, s3};
pub use scan::ScannerAddress;
pub use store::{ByteStream, FileStore};

use agenda::{event::AttachedFile, id::Hash, meeting::Meeting, publication::Publication};
use attachment::Refusal;
use axum::body::Body;
use checked::checked;
use folder::Folder;
use futures::TryStreamExt;
use objects::Objects;
use publish::Artefact;
use scan::{Scan, scan};
use spool::{Spool, SpoolError, Spooled};
use std::{collections::BTreeMap, io, path::Path, sync::Arc};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, Semaphore};

/// Files that may be on their way in at the same time, in all.
const INCOMING_AT_ONCE: usize = 32;
/// Files that are looked through at the same time: each is in memory as a whole.
const INSPECTIONS_AT_ONCE: usize = 2;

/// In the data folder.
const FOLDER: &str = "files";

/// What an operator may set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSettings {
    /// Where files lie; `None`: in the data folder.
    pub s3: Option<S3Settings>,
    /// ClamAV, which every file is shown to; `None`: none is.
    pub scanner: Option<ScannerAddress>,
}

/// The files of a meeting's attachments, by what is in them.
pub type Attached = BTreeMap<Hash, AttachedFile>;

/// The files that can be published now.
pub fn attached(meeting: &Meeting) -> Attached {
    let attachments = meeting.items.iter().flat_map(|item| &item.attachments);
    let files = attachments.filter_map(|attachment| attachment.file());
    files.map(|file| (file.sha256, file.clone())).collect()
}

impl FileSettings {
    /// The place where files lie: under the data folder, or the object store if there is one.
    pub fn store(&self, data: &Path) -> io::Result<Arc<dyn FileStore>> {
        Ok(match &self.s3 {
            Some(settings) => Arc::new(Objects::new(s3(settings)?)),
            None => Arc::new(Folder::new(data.join(FOLDER))),
        })
    }
}

pub struct Files {
    store: Arc<dyn FileStore>,
    spool: Spool,
    scanner: Option<ScannerAddress>,
    incoming: Semaphore,
    inspections: Semaphore,
    naming: Arc<RwLock<()>>,
}

/// Held from before a file is known to lie here until a commit names it: none is erased meanwhile.
pub type Naming = OwnedRwLockReadGuard<()>;

/// Why a file was not taken in. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("the file is not one that may be attached: {0:?}")]
    Refused(Refusal),
    #[error("a virus scanner found {0}")]
    Infected(String),
    #[error("the virus scanner did not answer: {0}")]
    ScannerAway(String),
    #[error("the file ended before it was whole")]
    Cut,
    #[error("too many files are coming in at once")]
    Busy,
    #[error("the file could not be stored: {0}")]
    Storage(#[from] io::Error),
}

impl Files {
    /// The files of a data folder, which what comes in is written down in even where an object store keeps it.
    pub fn open(data: &Path, settings: &FileSettings) -> io::Result<Self> {
        Ok(Self {
            store: settings.store(data)?,
            spool: Spool::open(&data.join(FOLDER))?,
            scanner: settings.scanner.clone(),
            incoming: Semaphore::new(INCOMING_AT_ONCE),
            inspections: Semaphore::new(INSPECTIONS_AT_ONCE),
            naming: Arc::default(),
        })
    }

    /// Takes a file in. When this returns it is durable, so an event may name it.
    pub async fn take_in(&self, name: &str, body: Body) -> Result<(AttachedFile, Naming), IntakeError> {
        let _place = self.incoming.try_acquire().map_err(|_| IntakeError::Busy)?;
        let spooled = self.spool.write(body).await.map_err(|error| match error {
            SpoolError::TooLarge => IntakeError::Refused(Refusal::TooLarge),
            SpoolError::Cut => IntakeError::Cut,
            SpoolError::Disk(error) => IntakeError::Storage(error),
        })?;
        let kind = self.inspect(name, &spooled).await?;
        if let Some(address) = &self.scanner {
            match scan(address, spooled.path()).await {
                Scan::Clean => {}
                Scan::Found(what) => return Err(IntakeError::Infected(what)),
                Scan::NoAnswer(why) => return Err(IntakeError::ScannerAway(why)),
            }
        }
        let (from, to) = (spooled.path().to_owned(), spooled.beside());
        let sealing = tokio::task::spawn_blocking(move || sealed::seal(&from, &to));
        let sealed = sealing.await.map_err(io::Error::other)??;
        let naming = self.naming().await;
        self.store.put(sealed.sha256, &spooled.beside()).await?;
        let (name, size, sha256) = (name.to_owned(), spooled.size(), spooled.sha256());
        Ok((AttachedFile { name, kind, size, sha256, sealed: Some(sealed) }, naming))
    }

    pub async fn naming(&self) -> Naming {
        self.naming.clone().read_owned().await
    }

    /// Held while files are erased: no commit is on its way that names one.
    pub async fn erasing(&self) -> OwnedRwLockWriteGuard<()> {
        self.naming.clone().write_owned().await
    }

    async fn inspect(&self, name: &str, spooled: &Spooled) -> Result<agenda::event::FileKind, IntakeError> {
        let _place = self.inspections.acquire().await.map_err(|_| IntakeError::Busy)?;
        let (name, path) = (name.to_owned(), spooled.path().to_owned());
        let looked = tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(path)?;
            Ok(attachment::inspect(&name, &bytes))
        });
        let verdict: io::Result<_> = looked.await.unwrap_or(Ok(Err(Refusal::Broken)));
        verdict?.map_err(IntakeError::Refused)
    }

    /// What is stored under a hash, checked as it is read; `None` if it is not there.
    pub async fn stored(&self, sha256: Hash) -> io::Result<Option<ByteStream>> {
        let pieces = self.store.get(sha256).await?;
        Ok(pieces.map(|pieces| checked(pieces, sha256)))
    }

    /// A file as it was attached, checked as it is read; `None` if it is not there.
    pub async fn read(&self, file: &AttachedFile) -> io::Result<Option<ByteStream>> {
        let Some(pieces) = self.stored(file.stored()).await? else { return Ok(None) };
        Ok(Some(match &file.sealed {
            Some(sealed) => checked(sealed::open(pieces, &sealed.key)?, file.sha256),
            None => pieces,
        }))
    }

    /// Removes what was taken in, and refused by a rule when it was to be attached: nobody has its key.
    pub async fn never_named(&self, sha256: Hash) {
        if let Err(error) = self.erase(sha256).await {
            tracing::warn!(%error, %sha256, "a file that was not attached stays behind");
        }
    }

    /// Removes a stored file for good.
    pub async fn erase(&self, sha256: Hash) -> io::Result<()> {
        self.store.erase(sha256).await
    }

    /// The files that an artefact carries. That one of them is gone is an error: the artefact would
    /// not be the one that was published.
    pub async fn for_artefact(
        &self,
        artefact: Artefact,
        publication: &Publication,
        attached: &Attached,
    ) -> io::Result<publish::Files> {
        let mut files = publish::Files::new();
        for file in publish::wanted(artefact, publication) {
            let gone = || io::Error::new(io::ErrorKind::NotFound, format!("{} is gone", file.sha256));
            let known = attached.get(&file.sha256).ok_or_else(gone)?;
            let pieces = self.read(known).await?.ok_or_else(gone)?;
            files.insert(file.sha256, pieces.try_collect::<Vec<_>>().await?.concat());
        }
        Ok(files)
    }
}

/// Reads what still comes in, so that the answer reaches who sends it; keeps nothing.
pub async fn drain(body: Body) {
    spool::drain(body).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenda::event::SealedFile;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::UnixListener,
    };

    fn opened(data: &Path, scanner: Option<ScannerAddress>) -> Files {
        Files::open(data, &FileSettings { s3: None, scanner }).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        names
    }

    /// Nothing but the empty spool.
    fn keeps_nothing(data: &Path) -> bool {
        names(&data.join("files")) == ["incoming"] && names(&data.join("files/incoming")).is_empty()
    }

    #[tokio::test]
    async fn a_file_that_is_taken_in_is_stored_encrypted_and_read_with_its_key() {
        let data = tempfile::tempdir().unwrap();
        let files = opened(data.path(), None);
        let (file, _naming) = files.take_in("Budget.csv", Body::from("post;kr\n")).await.unwrap();
        assert_eq!((file.name.as_str(), file.size), ("Budget.csv", 8));
        let read = async |file: &AttachedFile| {
            let pieces = files.read(file).await.unwrap().unwrap();
            pieces.try_collect::<Vec<_>>().await.map(|pieces| pieces.concat())
        };
        assert_eq!(read(&file).await.unwrap(), b"post;kr\n");
        let name = file.stored().to_string();
        let place = data.path().join("files").join(&name[..2]).join(&name);
        assert!(!std::fs::read(&place).unwrap().windows(4).any(|window| window == b"post"));
        let (again, _) = files.take_in("Budget.csv", Body::from("post;kr\n")).await.unwrap();
        assert!(again.sha256 == file.sha256 && again.stored() != file.stored(), "a key of its own");
        let sealed = SealedFile { key: again.sealed.clone().unwrap().key, sha256: file.stored() };
        let other_key = AttachedFile { sealed: Some(sealed), ..file.clone() };
        assert!(read(&other_key).await.is_err());
        // Files from before they were encrypted lie there under their own hash.
        let plain = AttachedFile { sealed: None, ..file.clone() };
        let bare = file.sha256.to_string();
        std::fs::create_dir_all(data.path().join("files").join(&bare[..2])).unwrap();
        std::fs::write(data.path().join("files").join(&bare[..2]).join(&bare), "post;kr\n").unwrap();
        assert_eq!(read(&plain).await.unwrap(), b"post;kr\n");
        assert!(names(&data.path().join("files/incoming")).is_empty());
    }

    #[tokio::test]
    async fn a_file_that_is_refused_cut_or_too_large_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let files = opened(data.path(), None);
        let refused = files.take_in("side.html", Body::from("<html>")).await;
        assert!(matches!(refused, Err(IntakeError::Refused(Refusal::UnknownKind))), "{refused:?}");
        let piece = || Ok::<_, io::Error>(axum::body::Bytes::from_static(&[b'x'; 1 << 20]));
        let endless = Body::from_stream(futures::stream::iter(std::iter::repeat_with(piece).take(60)));
        let large = files.take_in("x.txt", endless).await;
        assert!(matches!(large, Err(IntakeError::Refused(Refusal::TooLarge))), "{large:?}");
        let cut = [piece(), Err(io::Error::other("gone"))];
        let cut = files.take_in("x.txt", Body::from_stream(futures::stream::iter(cut))).await;
        assert!(matches!(cut, Err(IntakeError::Cut)), "{cut:?}");
        assert!(keeps_nothing(data.path()));
    }

    #[tokio::test]
    async fn what_a_scanner_does_not_clear_stays_out() {
        let data = tempfile::tempdir().unwrap();
        let socket = data.path().join("clamd.ctl");
        let away = opened(data.path(), Some(ScannerAddress::Unix(socket.clone())));
        let answer = away.take_in("x.txt", Body::from("x")).await;
        assert!(matches!(answer, Err(IntakeError::ScannerAway(_))), "nobody listens: {answer:?}");
        let clamd = UnixListener::bind(&socket).unwrap();
        let served = tokio::spawn(async move {
            for answer in [&b"stream: Win.Test FOUND\0"[..], b"", b"stream: OK\0"] {
                let (mut socket, _) = clamd.accept().await.unwrap();
                // The command, the length, the one byte, the end.
                socket.read_exact(&mut [0; 10 + 4 + 1 + 4]).await.unwrap();
                socket.write_all(answer).await.unwrap();
            }
        });
        let found = away.take_in("x.txt", Body::from("x")).await;
        assert!(matches!(&found, Err(IntakeError::Infected(what)) if what == "Win.Test"), "{found:?}");
        let silent = away.take_in("x.txt", Body::from("x")).await;
        assert!(matches!(silent, Err(IntakeError::ScannerAway(_))), "it hung up: {silent:?}");
        assert!(keeps_nothing(data.path()));
        assert!(away.take_in("x.txt", Body::from("x")).await.is_ok());
        served.await.unwrap();
    }

    #[test]
    fn what_an_earlier_run_left_half_way_is_cleared() {
        let data = tempfile::tempdir().unwrap();
        let incoming = data.path().join("files/incoming");
        std::fs::create_dir_all(&incoming).unwrap();
        std::fs::write(incoming.join("half"), b"x").unwrap();
        opened(data.path(), None);
        assert!(keeps_nothing(data.path()));
    }
}
