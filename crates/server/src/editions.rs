//! Published editions and their artefacts at hand. An edition never changes, so what was made of
//! it once is kept, within bounds; a draft is made anew each time.

use crate::{
    edition::{EditionError, Made, commits, draft, edition},
    files::{Attached, Files},
    recent::Recent,
    worker::{WorkError, Workers},
};
use agenda::{
    id::{Hash, MeetingId},
    publication::{Publication, PublishedAttachment, PublishedFile},
};
use axum::body::Bytes;
use eventlog::{EventLog, ReadError};
use publish::{Artefact, Job, JobStand, Proof, html};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// Editions that are kept as values, some 100 kB each.
const KEPT_EDITIONS: usize = 16;
/// Artefacts that are kept, and bytes of all of them together.
const KEPT_FILES: usize = 128;
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// One published edition.
pub struct Edition {
    pub publication: Publication,
    /// The files of its attachments.
    pub attached: Attached,
    pub proof: Proof,
}

impl Edition {
    /// The file of attachment `number` of item `point`, both counted from 1; none if it is closed.
    pub fn attachment(&self, point: u32, number: u32) -> Option<&PublishedFile> {
        let item = self.publication.items.iter().find(|item| item.number == point)?;
        item.attachments.iter().filter_map(PublishedAttachment::file).find(|file| file.number == number)
    }
}

/// An artefact on its way to a browser.
pub struct File {
    pub artefact: Artefact,
    pub bytes: Bytes,
    /// What the browser calls it.
    pub name: String,
    /// Of the bytes.
    pub hash: Hash,
}

/// Why there is no artefact.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Edition(#[from] EditionError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Work(#[from] WorkError),
    #[error("an attachment cannot be read: {0}")]
    Attachment(#[from] std::io::Error),
    #[error("reading was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

type Key = (MeetingId, u32, Artefact);
/// Whoever asks while an artefact is being made waits for that one.
type Cell = Arc<OnceCell<Arc<File>>>;

pub struct Editions {
    log: Arc<dyn EventLog>,
    attached: Arc<Files>,
    workers: Workers,
    editions: Mutex<Recent<(MeetingId, u32), Arc<Edition>>>,
    /// Held while an edition is read: many who ask for the same one read it once.
    reading: tokio::sync::Mutex<()>,
    files: Mutex<Recent<Key, Cell>>,
}

impl Editions {
    pub fn new(log: Arc<dyn EventLog>, attached: Arc<Files>) -> Self {
        Self {
            log,
            attached,
            workers: Workers::default(),
            editions: Mutex::new(Recent::new(KEPT_EDITIONS, usize::MAX)),
            reading: tokio::sync::Mutex::default(),
            files: Mutex::new(Recent::new(KEPT_FILES, KEPT_BYTES)),
        }
    }

    /// What was made of a meeting's editions is not at hand any more.
    pub fn forget(&self, meeting: MeetingId) {
        lock(&self.editions).forget(|(of, _)| *of == meeting);
        lock(&self.files).forget(|(of, ..)| *of == meeting);
    }

    /// A published edition out of the log.
    pub async fn edition(&self, id: MeetingId, number: u32) -> Result<Arc<Edition>, FileError> {
        let kept = || lock(&self.editions).get(&(id, number));
        if let Some(edition) = kept() {
            return Ok(edition);
        }
        let _reading = self.reading.lock().await;
        if let Some(edition) = kept() {
            return Ok(edition);
        }
        let commits = commits(&*self.log, id).await?;
        let made = tokio::task::spawn_blocking(move || edition(id, &commits, number)).await?;
        let (Made { publication, attached }, proof) = made?;
        let edition = Arc::new(Edition { publication, attached, proof });
        lock(&self.editions).put((id, number), edition.clone(), 0);
        Ok(edition)
    }

    /// An artefact of a published edition.
    pub async fn file(&self, id: MeetingId, number: u32, artefact: Artefact) -> Result<Arc<File>, FileError> {
        let edition = self.edition(id, number).await?;
        let make = || async {
            let stand = JobStand::Published(edition.proof);
            let Edition { publication, attached, .. } = &*edition;
            self.make((publication.clone(), attached), stand, artefact).await.map(Arc::new)
        };
        if !artefact.is_of(&edition.publication) {
            // Never kept, so that nobody can push out what is; this says why there is none.
            return make().await;
        }
        let key = (id, number, artefact);
        let cell = self.cell(key);
        let file = cell.get_or_try_init(make).await?.clone();
        lock(&self.files).put(key, cell, file.bytes.len());
        Ok(file)
    }

    fn cell(&self, key: Key) -> Cell {
        let mut files = lock(&self.files);
        files.get(&key).unwrap_or_else(|| {
            let fresh = Cell::default();
            files.put(key, fresh.clone(), 0);
            fresh
        })
    }

    /// An artefact of the agenda as it would be published now, marked as a draft.
    pub async fn draft_file(&self, id: MeetingId, artefact: Artefact) -> Result<File, FileError> {
        let Made { publication, attached } = self.draft(id).await?;
        self.make((publication, &attached), JobStand::Draft, artefact).await
    }

    /// The page of the agenda as it would be published now, served at `address`.
    pub async fn draft_page(&self, id: MeetingId, address: &str) -> Result<String, FileError> {
        Ok(html::served(&self.draft(id).await?.publication, publish::Stand::Draft, address, &[]))
    }

    async fn draft(&self, id: MeetingId) -> Result<Made, FileError> {
        let commits = commits(&*self.log, id).await?;
        Ok(tokio::task::spawn_blocking(move || draft(id, &commits)).await??)
    }

    async fn make(
        &self,
        (publication, attached): (Publication, &Attached),
        stand: JobStand,
        artefact: Artefact,
    ) -> Result<File, FileError> {
        let name = artefact.file_name(&publication, stand.stand());
        let files = self.attached.for_artefact(artefact, &publication, attached).await?;
        let made = self.workers.make(Job { publication, stand, artefact, files }).await?;
        let hash = Hash(Sha256::digest(&made.bytes).into());
        Ok(File { artefact, bytes: made.bytes.into(), name, hash })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
