//! The log in sled 0.34.7, for one machine.
//!
//! One committer thread; all appends that wait go into one batch in one tree: `apply_batch`,
//! `flush`, and then always `sync_data` on our own descriptor of sled's file, because sled's
//! flush does not reach the disk on Linux. Opening reads and checks the whole log.

mod committer;
mod head;
mod layout;
mod seal;
mod shared;
mod store;
#[cfg(test)]
mod tests;
mod watchdog;

use crate::follow::{ReadPage, follow};
use crate::keys::TextKeys;
use crate::{AppendError, Appended, EventLog, Head, Page, ReadError, StreamHead, Unavailable};
use agenda::event::{Commit, Position, Recorded};
use agenda::id::StreamId;
use committer::{Append, Committer, Request, Sync, What};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use futures::stream::BoxStream;
use proof::tree::Tree;
use shared::Shared;
use std::any::Any;
use std::path::Path;
use std::sync::{Arc, RwLock};
use store::Store;
use tokio::sync::{Semaphore, mpsc, oneshot};
use watchdog::Watchdog;

pub use store::{OpenError, verify, verify_with};

/// Appends that may wait for the committer, from all callers together. Each caller waits for
/// its own to be durable, so this is reached only when something is badly wrong.
const QUEUE: usize = 65_536;

/// What a log is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needed {
    Bytes,
    Words,
}

/// An [`EventLog`] in a directory. Reading and following need a Tokio runtime.
pub struct SledLog {
    /// Unbounded, so that a call finds its place at once; `room` is what bounds it.
    queue: mpsc::UnboundedSender<Request>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

impl SledLog {
    /// Opens the log in a directory or creates one; blocks while it checks every commit.
    /// When the log is open elsewhere it waits ten seconds for it.
    pub fn open(dir: &Path, keys: impl Into<Arc<TextKeys>>) -> Result<Self, OpenError> {
        Self::open_with(dir, keys.into(), Needed::Words, |sync| sync)
    }

    /// As [`SledLog::open`], for whoever takes out the stored bytes: that takes no keys.
    pub fn open_bytes(dir: &Path) -> Result<Self, OpenError> {
        Self::open_with(dir, Arc::new(TextKeys::in_memory()), Needed::Bytes, |sync| sync)
    }

    /// As [`SledLog::open`], with another way to make things durable, so that a test can
    /// make the disk fail.
    fn open_with(
        dir: &Path,
        keys: Arc<TextKeys>,
        needed: Needed,
        wrap: impl FnOnce(Sync) -> Sync,
    ) -> Result<Self, OpenError> {
        if let Err(damage) = seal::check(dir) {
            // Each commit is checked below; what is left is what no commit stands in.
            tracing::error!(finding = %damage.anywhere(), "the log was changed while it was closed");
        }
        let store = Store::open(dir)?;
        let (ledger, tree, head_file) = store.load(&keys, needed)?;
        let thread_error = |source| OpenError::Io { path: dir.to_owned(), source };
        let data = store.data.try_clone().map_err(thread_error)?;
        let shared = Arc::new(Shared::new(ledger.clone(), tree, (*store.db).clone(), keys));
        let committer = Committer {
            store,
            sync: wrap(Box::new(move || data.sync_data())),
            head_file,
            ledger,
            shared: shared.clone(),
            watchdog: Watchdog::start().map_err(thread_error)?,
            failed: None,
        };
        let (queue, requests) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new().name("log-committer".into());
        thread.spawn(move || committer.run(requests)).map_err(thread_error)?;
        Ok(Self { queue, room: Arc::new(Semaphore::new(QUEUE)), shared })
    }

    fn submit(&self, what: What) -> BoxFuture<'static, Result<Appended, AppendError>> {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            return ready(Err(AppendError::Overloaded { waiting: QUEUE })).boxed();
        };
        let (reply, answer) = oneshot::channel();
        let append = Append { what, reply, _place: place };
        // A closed queue drops the append, and with it the sender of the reply.
        let _closed = self.queue.send(Request::Append(Box::new(append)));
        async move { answer.await.unwrap_or_else(|_| Err(closed().into())) }.boxed()
    }
}

impl EventLog for SledLog {
    fn append(&self, commit: Commit) -> BoxFuture<'static, Result<Appended, AppendError>> {
        self.submit(What::Commit(commit))
    }

    fn append_stored(&self, bytes: Vec<u8>) -> BoxFuture<'static, Result<Appended, AppendError>> {
        self.submit(What::Stored(bytes))
    }

    fn read(&self, stream: StreamId, from: u64, limit: usize) -> BoxFuture<'static, Result<Page, ReadError>> {
        let shared = self.shared.clone();
        blocking(move || shared.read_disk(stream, from, limit))
    }

    fn scan(&self, from: Position, limit: usize) -> BoxFuture<'static, Result<Page, ReadError>> {
        scan(&self.shared, from, limit)
    }

    fn bytes(&self, from: Position, limit: usize) -> BoxFuture<'static, Result<Vec<Vec<u8>>, ReadError>> {
        let shared = self.shared.clone();
        blocking(move || shared.bytes(from, limit))
    }

    fn follow(&self, from: Position) -> BoxStream<'static, Result<Arc<Recorded>, ReadError>> {
        let shared = self.shared.clone();
        let read: ReadPage = Box::new(move |from, limit| scan(&shared, from, limit));
        follow(read, self.shared.subscribe(), from)
    }

    fn head(&self) -> Head {
        self.shared.ledger(|ledger| ledger.head())
    }

    fn head_of(&self, stream: StreamId) -> StreamHead {
        self.shared.ledger(|ledger| ledger.head_of(stream))
    }

    fn stream_heads(&self) -> Vec<(StreamId, StreamHead)> {
        self.shared.ledger(|ledger| ledger.stream_heads())
    }

    fn tree(&self) -> Arc<RwLock<Tree>> {
        self.shared.tree()
    }

    fn shutdown(&self) -> BoxFuture<'static, Result<(), Unavailable>> {
        let (done, closed) = oneshot::channel();
        let _closed = self.queue.send(Request::Shutdown(done));
        // An error means that it was closed before.
        closed.map(|_| Ok(())).boxed()
    }
}

fn scan(shared: &Arc<Shared>, from: Position, limit: usize) -> BoxFuture<'static, Result<Page, ReadError>> {
    match shared.scan_memory(from, limit) {
        Ok(Some(page)) => ready(Ok(page)).boxed(),
        Err(error) => ready(Err(error)).boxed(),
        Ok(None) => {
            let shared = shared.clone();
            blocking(move || shared.scan_disk(from, limit))
        }
    }
}

/// sled panics on some damage; the runtime turns that into an error.
fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> BoxFuture<'static, Result<T, ReadError>> {
    async {
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|e| Err(Unavailable(e.to_string()).into()))
    }
    .boxed()
}

fn closed() -> Unavailable {
    Unavailable("it was shut down".to_owned())
}

fn panic_text(cause: &(dyn Any + Send)) -> &str {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("without a reason")
}
