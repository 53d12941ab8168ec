//! Histories at hand: the chronicle of each meeting and the past of each document that somebody
//! looks back in. Both are read out of the log and of the open room, and only read on after
//! that, so that any moment is answered without reading the whole stream again. A bounded
//! cache: what is dropped is made again.

use crate::recent::Recent;
use agenda::{
    history::{Chronicle, Past},
    id::{DocumentId, MeetingId, StreamId},
};
use eventlog::{EventLog, ReadError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Meetings whose chronicle is kept, and commits in all of them together (some 400 bytes each).
const KEPT_MEETINGS: usize = 32;
const KEPT_COMMITS: usize = 400_000;
/// Documents whose past is kept (a whole agenda has some hundred), and bytes of changes in all of them
/// together; in memory a past takes a few times as much.
const KEPT_DOCUMENTS: usize = 256;
const KEPT_CHANGE_BYTES: usize = 32 * 1024 * 1024;
/// Whole agendas that are looked back in at once; who comes later waits.
const AGENDAS_AT_ONCE: usize = 2;

/// A chronicle that nobody else reads on meanwhile.
pub type ReadChronicle = OwnedMutexGuard<Chronicle>;

pub struct Histories {
    log: Arc<dyn EventLog>,
    chronicles: Mutex<Recent<MeetingId, Arc<tokio::sync::Mutex<Chronicle>>>>,
    pasts: Mutex<Recent<DocumentId, Arc<Past>>>,
    agendas: Arc<Semaphore>,
}

/// Why a history cannot be read now.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("reading was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Histories {
    pub fn new(log: Arc<dyn EventLog>) -> Self {
        let chronicles = Mutex::new(Recent::new(KEPT_MEETINGS, KEPT_COMMITS));
        let pasts = Mutex::new(Recent::new(KEPT_DOCUMENTS, KEPT_CHANGE_BYTES));
        Self { log, chronicles, pasts, agendas: Arc::new(Semaphore::new(AGENDAS_AT_ONCE)) }
    }

    /// What was read of a meeting is not at hand any more, nor is any text's past.
    pub fn forget(&self, meeting: MeetingId) {
        lock(&self.chronicles).forget(|of| *of == meeting);
        lock(&self.pasts).forget(|_| true);
    }

    /// One's turn to look back in a whole agenda; `None` when the service stops.
    pub async fn agenda_turn(&self) -> Option<OwnedSemaphorePermit> {
        self.agendas.clone().acquire_owned().await.ok()
    }

    /// The chronicle of a meeting, up to its last durable commit.
    pub async fn chronicle(&self, id: MeetingId) -> Result<ReadChronicle, HistoryError> {
        let kept = self.kept_chronicle(id);
        let mut chronicle = kept.clone().lock_owned().await;
        let stream = StreamId::Meeting(id);
        while chronicle.sequence() < self.log.head_of(stream).sequence {
            let page = self.log.read(stream, chronicle.sequence() + 1, eventlog::MAX_PAGE).await?;
            if page.is_empty() {
                break;
            }
            chronicle = tokio::task::spawn_blocking(move || {
                page.iter().for_each(|recorded| chronicle.read(recorded));
                chronicle
            })
            .await?;
        }
        let commits = usize::try_from(chronicle.sequence()).unwrap_or(usize::MAX);
        lock(&self.chronicles).put(id, kept, commits);
        Ok(chronicle)
    }

    fn kept_chronicle(&self, id: MeetingId) -> Arc<tokio::sync::Mutex<Chronicle>> {
        let mut chronicles = lock(&self.chronicles);
        chronicles.get(&id).unwrap_or_else(|| {
            let fresh = Arc::new(tokio::sync::Mutex::new(Chronicle::new(id)));
            chronicles.put(id, fresh.clone(), 0);
            fresh
        })
    }

    /// The past of a document as it was looked into last.
    pub fn past(&self, id: DocumentId) -> Option<Arc<Past>> {
        lock(&self.pasts).get(&id)
    }

    /// Keeps a newer past; what was read of the earlier one goes on in it.
    pub async fn keep(&self, id: DocumentId, past: Past) -> Result<Arc<Past>, HistoryError> {
        let earlier = self.past(id);
        let past = tokio::task::spawn_blocking(move || match earlier {
            Some(earlier) => past.following(&earlier),
            None => past,
        })
        .await?;
        let (bytes, past) = (past.bytes(), Arc::new(past));
        lock(&self.pasts).put(id, past.clone(), bytes);
        Ok(past)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
