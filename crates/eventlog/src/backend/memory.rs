//! The log in memory, for tests and simulation. An append is decided when it is called, on
//! the caller's thread, without a clock: the same calls give the same log.

use crate::codec;
use crate::follow::{ReadPage, follow};
use crate::keys::TextKeys;
use crate::ledger::{Incoming, Ledger, Sealed, erased};
use crate::{
    AppendError, Appended, EventLog, Head, MAX_PAGE, PAGE_BYTES, Page, ReadError, StreamHead, Unavailable,
};
use agenda::event::{Commit, Position, Recorded};
use agenda::id::{CommandId, StreamId};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use futures::stream::BoxStream;
use proof::tree::Tree;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::watch;

/// An [`EventLog`] that lasts as long as the process.
pub struct MemoryLog {
    store: Arc<Mutex<Store>>,
    /// Gone when this handle was shut down.
    head: Mutex<Option<watch::Sender<Position>>>,
}

struct Store {
    ledger: Ledger,
    tree: Arc<RwLock<Tree>>,
    log: Vec<Sealed>,
    /// Indexes into `log`, in order of the sequences.
    streams: HashMap<StreamId, Vec<usize>>,
    keys: Arc<TextKeys>,
    commands: HashMap<(StreamId, CommandId), usize>,
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryLog {
    pub fn new() -> Self {
        Self::with_keys(Arc::new(TextKeys::in_memory()))
    }

    /// A log whose words are encrypted under keys that others may have, too.
    pub fn with_keys(keys: Arc<TextKeys>) -> Self {
        Self::on(Arc::new(Mutex::new(Store::new(keys))))
    }

    /// A new handle on the same commits, open, as after a restart of the process.
    pub fn reopen(&self) -> Self {
        Self::on(self.store.clone())
    }

    fn on(store: Arc<Mutex<Store>>) -> Self {
        let head = locked(&store).ledger.head().position;
        Self { store, head: Mutex::new(Some(watch::Sender::new(head))) }
    }

    fn append_now(
        &self,
        incoming: impl FnOnce(&TextKeys) -> Result<Incoming, AppendError>,
    ) -> Result<Appended, AppendError> {
        let handle = locked(&self.head);
        let head = handle.as_ref().ok_or_else(closed)?;
        let mut store = locked(&self.store);
        let incoming = incoming(&store.keys)?;
        let appended = store.append(incoming)?;
        drop(store);
        head.send_if_modified(|seen| {
            let moved = seen.0 < appended.position.0;
            *seen = appended.position.max(*seen);
            moved
        });
        Ok(appended)
    }

    fn readable<T>(&self, read: impl FnOnce(&Store) -> T) -> Result<T, ReadError> {
        if locked(&self.head).is_none() {
            return Err(closed().into());
        }
        Ok(read(&locked(&self.store)))
    }
}

impl EventLog for MemoryLog {
    fn append(&self, commit: Commit) -> BoxFuture<'static, Result<Appended, AppendError>> {
        ready(self.append_now(|_| Ok(commit.into()))).boxed()
    }

    fn append_stored(&self, bytes: Vec<u8>) -> BoxFuture<'static, Result<Appended, AppendError>> {
        ready(self.append_now(|keys| Incoming::stored(bytes, keys))).boxed()
    }

    fn read(&self, stream: StreamId, from: u64, limit: usize) -> BoxFuture<'static, Result<Page, ReadError>> {
        let page = self.readable(|store| {
            let all = store.streams.get(&stream).map_or(&[][..], Vec::as_slice);
            page(all.iter().skip(index(from)).filter_map(|i| store.log.get(*i)), limit)
        });
        ready(page).boxed()
    }

    fn scan(&self, from: Position, limit: usize) -> BoxFuture<'static, Result<Page, ReadError>> {
        ready(self.readable(|store| page(store.log.iter().skip(index(from.0)), limit))).boxed()
    }

    fn bytes(&self, from: Position, limit: usize) -> BoxFuture<'static, Result<Vec<Vec<u8>>, ReadError>> {
        let bytes = self.readable(|store| {
            let sealed = store.log.iter().skip(index(from.0));
            paged(sealed, limit).map(|sealed| sealed.envelope.clone()).collect()
        });
        ready(bytes).boxed()
    }

    fn follow(&self, from: Position) -> BoxStream<'static, Result<Arc<Recorded>, ReadError>> {
        // A closed handle has no sender: its followers end at once.
        let head =
            locked(&self.head).as_ref().map_or_else(|| watch::channel(Position(0)).1, |h| h.subscribe());
        let store = self.store.clone();
        let read: ReadPage = Box::new(move |from, limit| {
            ready(Ok(page(locked(&store).log.iter().skip(index(from.0)), limit))).boxed()
        });
        follow(read, head, from)
    }

    fn head(&self) -> Head {
        locked(&self.store).ledger.head()
    }

    fn head_of(&self, stream: StreamId) -> StreamHead {
        locked(&self.store).ledger.head_of(stream)
    }

    fn stream_heads(&self) -> Vec<(StreamId, StreamHead)> {
        locked(&self.store).ledger.stream_heads()
    }

    fn tree(&self) -> Arc<RwLock<Tree>> {
        locked(&self.store).tree.clone()
    }

    fn shutdown(&self) -> BoxFuture<'static, Result<(), Unavailable>> {
        locked(&self.head).take();
        ready(Ok(())).boxed()
    }
}

impl Store {
    fn new(keys: Arc<TextKeys>) -> Self {
        Self {
            ledger: Ledger::default(),
            tree: Arc::default(),
            log: Vec::new(),
            streams: HashMap::new(),
            keys,
            commands: HashMap::new(),
        }
    }

    fn append(&mut self, incoming: Incoming) -> Result<Appended, AppendError> {
        let command = incoming.command();
        if let Some(before) = self.commands.get(&command).and_then(|i| self.log.get(*i)) {
            return incoming.repeats(&before.recorded, before.leaf);
        }
        let sealed = self.ledger.seal(incoming, &self.keys)?;
        self.ledger.advance(&sealed.recorded, sealed.leaf, sealed.chain);
        self.tree.write().unwrap_or_else(PoisonError::into_inner).push(sealed.leaf);
        self.streams.entry(command.0).or_default().push(self.log.len());
        self.commands.insert(command, self.log.len());
        let appended = sealed.appended();
        let erases = erased(&sealed.recorded.commit).next().is_some();
        self.keys.retire(erased(&sealed.recorded.commit));
        self.log.push(sealed);
        if erases {
            self.forget()?;
        }
        Ok(appended)
    }

    /// Destroys the keys that were retired, and what was read with them.
    fn forget(&mut self) -> Result<(), AppendError> {
        self.keys.destroy_retired().map_err(|error| Unavailable(error.to_string()))?;
        for sealed in &mut self.log {
            let read = codec::decode(&sealed.envelope, &self.keys);
            let commit = read.map_err(|error| AppendError::Invalid(error.to_string()))?.commit;
            sealed.recorded = Arc::new(Recorded { position: sealed.recorded.position, commit });
        }
        Ok(())
    }
}

fn page<'a>(commits: impl Iterator<Item = &'a Sealed>, limit: usize) -> Page {
    paged(commits, limit).map(|sealed| sealed.recorded.clone()).collect()
}

/// As many as a page holds.
fn paged<'a>(commits: impl Iterator<Item = &'a Sealed>, limit: usize) -> impl Iterator<Item = &'a Sealed> {
    let mut bytes = 0;
    let fits = move |sealed: &&Sealed| {
        let room = bytes < PAGE_BYTES;
        bytes += sealed.envelope.len();
        room
    };
    commits.take(limit.min(MAX_PAGE)).take_while(fits)
}

/// Sequences and positions count from 1.
fn index(from: u64) -> usize {
    usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX)
}

fn closed() -> Unavailable {
    Unavailable("it was shut down".to_owned())
}

/// No code that holds these locks can panic half-way through a change.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{Harness, model, run};
    use proptest::prelude::*;

    impl Harness for MemoryLog {
        type Log = MemoryLog;
        fn open(&mut self) -> MemoryLog {
            self.reopen()
        }
    }

    #[tokio::test]
    async fn it_keeps_the_promises() {
        run(MemoryLog::new).await;
    }

    proptest! {
        #[test]
        fn it_follows_the_model(plan: Vec<[u8; 4]>) {
            model::run(MemoryLog::new(), &plan);
        }
    }
}
