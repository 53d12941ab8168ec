//! The one thread that writes. It takes all appends that wait, decides them in order, writes
//! them as one batch, makes it durable, and only then shows and answers them.

use super::head::HeadFile;
use super::layout;
use super::seal;
use super::shared::Shared;
use super::store::Store;
use super::watchdog::Watchdog;
use crate::ledger::{Incoming, Ledger, Sealed, erased};
use crate::verify::Finding;
use crate::{AppendError, Appended, Unavailable};
use agenda::event::{Commit, Recorded};
use agenda::id::{CommandId, Hash, StreamId};
use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

/// The most appends in one batch.
const MAX_BATCH: usize = 1_024;
/// A batch ends with the commit with which it reaches this many bytes.
const BATCH_BYTES: usize = 16 << 20;
/// While several append at once, batches begin no closer than this: a flush wakes a dozen
/// threads whatever its size, so that fewer and larger ones halve the cost of an edit. Who
/// appends alone never waits.
const GATHER: Duration = Duration::from_millis(4);

pub(super) type Reply = oneshot::Sender<Result<Appended, AppendError>>;

pub(super) struct Append {
    pub what: What,
    pub reply: Reply,
    /// Free again when the append is decided.
    pub _place: OwnedSemaphorePermit,
}

pub(super) enum What {
    Commit(Commit),
    /// As another log stored it.
    Stored(Vec<u8>),
}

pub(super) enum Request {
    Append(Box<Append>),
    Shutdown(oneshot::Sender<()>),
}

/// Makes durable what sled has written. An error means that nobody knows what is on the
/// disk: it is never tried again.
pub(super) type Sync = Box<dyn FnMut() -> io::Result<()> + Send>;

pub(super) struct Committer {
    pub store: Store,
    pub sync: Sync,
    pub head_file: HeadFile,
    /// Ahead of what readers see, by the batch that is being written.
    pub ledger: Ledger,
    pub shared: Arc<Shared>,
    pub watchdog: Watchdog,
    /// Why nothing is written any more.
    pub failed: Option<Unavailable>,
}

/// Appends that have been decided, and are answered together.
#[derive(Default)]
struct Batch {
    sealed: Vec<Sealed>,
    commands: HashMap<(StreamId, CommandId), usize>,
    bytes: usize,
    answers: Vec<(Reply, Result<Appended, AppendError>)>,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.answers.len() >= MAX_BATCH || self.bytes >= BATCH_BYTES
    }
}

impl Committer {
    /// Works until the log is shut down or its last handle is gone.
    pub fn run(mut self, mut queue: mpsc::UnboundedReceiver<Request>) {
        let done = self.work(&mut queue);
        self.shared.close();
        let (dir, sound) = (self.store.dir.clone(), self.failed.is_none());
        // The store, and with it the lock, is let go before anyone hears of it.
        drop(self);
        if sound && let Err(error) = seal::put_on(&dir) {
            tracing::warn!(%error, "the closed log could not be sealed");
        }
        if let Some(done) = done {
            let _unheard = done.send(());
        }
    }

    fn work(&mut self, queue: &mut mpsc::UnboundedReceiver<Request>) -> Option<oneshot::Sender<()>> {
        let mut shutdown = None;
        let mut gather_until: Option<Instant> = None;
        while shutdown.is_none() {
            let mut batch = Batch::default();
            let mut next = Some(queue.blocking_recv()?);
            if let Some(until) = gather_until {
                std::thread::sleep(until.saturating_duration_since(Instant::now()));
            }
            let started = Instant::now();
            while let Some(request) = next {
                match request {
                    Request::Append(append) => {
                        let answer = self.decide(append.what, &mut batch);
                        batch.answers.push((append.reply, answer));
                    }
                    Request::Shutdown(done) => {
                        shutdown = Some(done);
                        break;
                    }
                }
                next = if batch.is_full() { None } else { queue.try_recv().ok() };
            }
            gather_until = (batch.answers.len() > 1).then(|| started + GATHER);
            self.finish(batch);
        }
        shutdown
    }

    fn decide(&mut self, what: What, batch: &mut Batch) -> Result<Appended, AppendError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone().into());
        }
        let keys = self.shared.keys.clone();
        let incoming = match what {
            What::Commit(commit) => commit.into(),
            What::Stored(bytes) => Incoming::stored(bytes, &keys)?,
        };
        let command = incoming.command();
        if let Some(sealed) = batch.commands.get(&command).and_then(|i| batch.sealed.get(*i)) {
            return incoming.repeats(&sealed.recorded, sealed.leaf);
        }
        if let Some(answer) = self.decide_known(&incoming) {
            return answer;
        }
        let sealed = self.ledger.seal(incoming, &keys)?;
        self.ledger.advance(&sealed.recorded, sealed.leaf, sealed.chain);
        keys.retire(erased(&sealed.recorded.commit));
        let appended = sealed.appended();
        batch.bytes += sealed.envelope.len();
        batch.commands.insert(command, batch.sealed.len());
        batch.sealed.push(sealed);
        Ok(appended)
    }

    /// The answer to a command that the store knows.
    fn decide_known(&mut self, incoming: &Incoming) -> Option<Result<Appended, AppendError>> {
        let (stream, command) = incoming.command();
        let key = layout::command_key(stream, command);
        let known = unpanicked(|| self.known(&key));
        match known {
            Ok(Ok(known)) => known.map(|(stored, leaf)| incoming.repeats(&stored, leaf)),
            Ok(Err(finding)) => Some(Err(self.fail(finding.to_string()).into())),
            Err(panic) => Some(Err(self.fail(panic).into())),
        }
    }

    fn known(&self, key: &[u8]) -> Result<Option<(Recorded, Hash)>, Finding> {
        let Some(position) = layout::lookup(&self.store.db, key)? else { return Ok(None) };
        let stored = layout::load(&self.store.db, position)?;
        Ok(Some((stored.open(&self.shared.keys)?.recorded, stored.leaf)))
    }

    fn finish(&mut self, batch: Batch) {
        let written = if batch.sealed.is_empty() { Ok(()) } else { self.commit(&batch) };
        let failed = match written.and_then(|()| self.erase(&batch.sealed)) {
            Ok(()) => {
                self.shared.publish(&batch.sealed);
                None
            }
            Err(reason) => Some(self.fail(reason)),
        };
        for (reply, answer) in batch.answers {
            let answer = failed.clone().map_or(answer, |failed| Err(failed.into()));
            // A caller that went away has no use for the answer.
            let _unheard = reply.send(answer);
        }
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), String> {
        let started = Instant::now();
        self.watchdog.begin();
        let written = unpanicked(|| self.write(&batch.sealed));
        self.watchdog.end();
        tracing::debug!(
            commits = batch.sealed.len(),
            bytes = batch.bytes,
            micros = started.elapsed().as_micros() as u64,
            "batch"
        );
        written?.map_err(|error| error.to_string())
    }

    /// Destroys the keys of what was erased. If this is cut short, opening the log does it again.
    fn erase(&self, sealed: &[Sealed]) -> Result<(), String> {
        if sealed.iter().flat_map(|sealed| erased(&sealed.recorded.commit)).next().is_none() {
            return Ok(());
        }
        self.shared.forget();
        self.shared.keys.destroy_retired().map_err(|error| error.to_string())
    }

    fn write(&mut self, sealed: &[Sealed]) -> io::Result<()> {
        // The keys first: words without their key would be lost.
        self.shared.keys.settle()?;
        let mut rows = sled::Batch::default();
        sealed.iter().for_each(|sealed| layout::put(&mut rows, sealed));
        self.store.db.apply_batch(rows)?;
        self.store.db.flush()?;
        // Always, whatever flush says: its background thread may have been first.
        (self.sync)()?;
        self.head_file.write(self.ledger.head())
    }

    fn fail(&mut self, reason: String) -> Unavailable {
        tracing::error!(reason, "the event log takes no more appends until it is opened again");
        let failed = Unavailable(reason);
        self.failed = Some(failed.clone());
        failed
    }
}

fn unpanicked<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|cause| format!("sled panicked: {}", super::panic_text(&*cause)))
}
