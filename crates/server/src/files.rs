//! The files of attachments: how one comes in (written down, looked through, scanned, stored) and
//! how it is read again. A file is named by its SHA-256, so one that is stored never changes.
//!
//! ```text
//! spool     what is coming in, on the disk and counted
//! store     where files lie: the interface;  folder, objects: the places
//! scan      ClamAV, where there is one
//! ```

mod folder;
mod scan;
mod spool;
mod store;

pub use scan::ScannerAddress;
pub use store::{ByteStream, FileStore};

use agenda::{event::AttachedFile, id::Hash};
use attachment::Refusal;
use axum::body::Body;
use folder::Folder;
use scan::{Scan, scan};
use spool::{Spool, SpoolError, Spooled};
use std::{io, path::Path, sync::Arc};
use tokio::sync::Semaphore;

/// Files that may be on their way in at the same time, in all.
const INCOMING_AT_ONCE: usize = 32;
/// Files that are looked through at the same time: each is in memory as a whole.
const INSPECTIONS_AT_ONCE: usize = 2;

/// In the data folder.
const FOLDER: &str = "files";

pub struct Files {
    store: Arc<dyn FileStore>,
    spool: Spool,
    scanner: Option<ScannerAddress>,
    incoming: Semaphore,
    inspections: Semaphore,
}

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
    /// Files under the data folder.
    pub fn open(data: &Path, scanner: Option<ScannerAddress>) -> io::Result<Self> {
        let root = data.join(FOLDER);
        let spool = Spool::open(&root)?;
        Ok(Self {
            store: Arc::new(Folder::new(root)),
            spool,
            scanner,
            incoming: Semaphore::new(INCOMING_AT_ONCE),
            inspections: Semaphore::new(INSPECTIONS_AT_ONCE),
        })
    }

    /// Takes a file in. When this returns it is durable, so an event may name it.
    pub async fn take_in(&self, name: &str, body: Body) -> Result<AttachedFile, IntakeError> {
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
        let (size, sha256) = (spooled.size(), spooled.sha256());
        self.store.put(sha256, spooled.path()).await?;
        Ok(AttachedFile { name: name.to_owned(), kind, size, sha256 })
    }

    async fn inspect(&self, name: &str, spooled: &Spooled) -> Result<agenda::event::FileKind, IntakeError> {
        let _place = self.inspections.acquire().await.map_err(|_| IntakeError::Busy)?;
        let (name, path) = (name.to_owned(), spooled.path().to_owned());
        let looked = tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(path)?;
            Ok(attachment::inspect(&name, &bytes))
        });
        let verdict: io::Result<_> =
            looked.await.unwrap_or_else(|_| Ok(Err(Refusal::Broken)));
        verdict?.map_err(IntakeError::Refused)
    }

    /// The bytes of a stored file; `None` if it is not there.
    pub async fn read(&self, sha256: Hash) -> io::Result<Option<ByteStream>> {
        self.store.get(sha256).await
    }
}

/// Reads what still comes in, so that the answer reaches who sends it; keeps nothing.
pub async fn drain(body: Body) {
    spool::drain(body).await;
}
