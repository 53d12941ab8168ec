//! How many printed pages an item takes as it is now, for those who write it: its PDF is made, as a
//! draft, and its pages are counted. One at a time, so that writing never keeps publishing waiting.

use crate::{editions::FileError, recent::Recent, worker::Workers};
use agenda::{
    id::{Hash, ItemId},
    publication::Publication,
};
use publish::{Format, Job, JobStand, pdf::item_pages, to_measure};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Texts whose length is kept.
const KEPT: usize = 256;

/// Who asks for the same text meanwhile waits for the same answer.
type Cell = Arc<OnceCell<Option<u32>>>;

pub struct Measure {
    workers: Workers,
    known: Mutex<Recent<Hash, Cell>>,
}

impl Default for Measure {
    fn default() -> Self {
        Self { workers: Workers::one_at_a_time(), known: Mutex::new(Recent::new(KEPT, usize::MAX)) }
    }
}

impl Measure {
    /// The pages of an item; `None` if it is not on the agenda.
    pub async fn pages(&self, publication: &Publication, item: ItemId) -> Result<Option<u32>, FileError> {
        let Some(alone) = to_measure(publication, item) else { return Ok(None) };
        let cell = self.cell(alone.content_hash());
        let measured = cell.get_or_try_init(|| async {
            let job = Job {
                publication: alone,
                stand: JobStand::Draft,
                artefact: Format::Pdf.into(),
                files: publish::Files::default(),
            };
            Ok::<_, FileError>(item_pages(&self.workers.make(job).await?.bytes))
        });
        measured.await.copied()
    }

    fn cell(&self, text: Hash) -> Cell {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&text).unwrap_or_else(|| {
            let fresh = Cell::default();
            known.put(text, fresh.clone(), 0);
            fresh
        })
    }
}
