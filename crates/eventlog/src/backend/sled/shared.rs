//! What readers see: durable commits only. The committer publishes here after each batch.

use super::layout::{self, Commits};
use crate::keys::TextKeys;
use crate::ledger::{Ledger, Sealed};
use crate::{MAX_PAGE, PAGE_BYTES, Page, ReadError, Unavailable};
use agenda::event::{Position, Recorded};
use agenda::id::StreamId;
use proof::tree::Tree;
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::watch;

/// The last commits are kept at hand for followers: at most so many, of so many bytes.
const TAIL_COMMITS: usize = 4_096;
const TAIL_BYTES: usize = 16 << 20;

pub(super) struct Shared {
    visible: RwLock<Visible>,
    /// Of the durable commits; grows before the ledger moves.
    tree: Arc<RwLock<Tree>>,
    pub keys: Arc<TextKeys>,
}

struct Visible {
    ledger: Ledger,
    tail: VecDeque<(Arc<Recorded>, usize)>,
    tail_bytes: usize,
    /// Gone when the log is closed.
    open: Option<Open>,
}

struct Open {
    rows: sled::Tree,
    head: watch::Sender<Position>,
}

impl Shared {
    pub fn new(ledger: Ledger, tree: Tree, rows: sled::Tree, keys: Arc<TextKeys>) -> Self {
        let open = Open { rows, head: watch::Sender::new(ledger.head().position) };
        let visible = Visible { ledger, tail: VecDeque::new(), tail_bytes: 0, open: Some(open) };
        Self { visible: RwLock::new(visible), tree: Arc::new(RwLock::new(tree)), keys }
    }

    pub fn publish(&self, batch: &[Sealed]) {
        self.grow(batch);
        let mut visible = self.write();
        batch.iter().for_each(|sealed| visible.add(sealed));
        let head = visible.ledger.head().position;
        if let Some(open) = &visible.open {
            open.head.send_replace(head);
        }
    }

    /// Nothing that was read before stays at hand: its words may be gone.
    pub fn forget(&self) {
        let mut visible = self.write();
        visible.tail.clear();
        visible.tail_bytes = 0;
    }

    fn grow(&self, batch: &[Sealed]) {
        let mut tree = self.tree.write().unwrap_or_else(PoisonError::into_inner);
        batch.iter().for_each(|sealed| tree.push(sealed.leaf));
    }

    pub fn tree(&self) -> Arc<RwLock<Tree>> {
        self.tree.clone()
    }

    /// Readers and followers get no more.
    pub fn close(&self) {
        self.write().open = None;
    }

    pub fn ledger<T>(&self, ask: impl FnOnce(&Ledger) -> T) -> T {
        ask(&self.read().ledger)
    }

    /// The head as it moves; of a closed log it does not.
    pub fn subscribe(&self) -> watch::Receiver<Position> {
        let visible = self.read();
        visible.open.as_ref().map_or_else(|| watch::channel(Position(0)).1, |open| open.head.subscribe())
    }

    /// The page, when it can be told without the disk.
    pub fn scan_memory(&self, from: Position, limit: usize) -> Result<Option<Page>, ReadError> {
        let visible = self.read();
        visible.open()?;
        if from > visible.ledger.head().position {
            return Ok(Some(Page::new()));
        }
        let first = visible.tail.front().map(|(first, _)| first.position);
        let Some(skip) = first.and_then(|first| from.0.checked_sub(first.0)) else { return Ok(None) };
        let tail = visible.tail.iter().skip(skip as usize).take(limit.min(MAX_PAGE));
        Ok(Some(tail.map(|(recorded, _)| recorded.clone()).collect()))
    }

    /// Blocks on the disk.
    pub fn scan_disk(&self, from: Position, limit: usize) -> Result<Page, ReadError> {
        let (tree, last) = self.snapshot(|ledger| ledger.head().position.0)?;
        let commits = Commits::new(&tree, from.0).map(|stored| {
            let stored = stored?;
            Ok((stored.open(&self.keys)?.recorded, stored.envelope.len()))
        });
        recorded(commits, limit, |recorded| recorded.position.0 <= last)
    }

    /// Blocks on the disk.
    pub fn bytes(&self, from: Position, limit: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let (rows, last) = self.snapshot(|ledger| ledger.head().position.0)?;
        let commits = Commits::new(&rows, from.0).map(|stored| {
            let stored = stored?;
            stored.open(&self.keys)?;
            Ok((stored.position, stored.envelope))
        });
        page(commits, limit, |(position, _)| *position <= last, |(_, bytes)| bytes.len())
            .map(|page| page.into_iter().map(|(_, bytes)| bytes).collect())
    }

    /// Blocks on the disk.
    pub fn read_disk(&self, stream: StreamId, from: u64, limit: usize) -> Result<Page, ReadError> {
        let (tree, last) = self.snapshot(|ledger| ledger.head_of(stream).sequence)?;
        let commits = (from.max(1)..=last).map(|sequence| load_sequence(&tree, stream, sequence, &self.keys));
        recorded(commits, limit, |_| true)
    }

    /// The store may hold rows that are not durable yet; `last` says how far it may be read.
    fn snapshot(&self, last: impl FnOnce(&Ledger) -> u64) -> Result<(sled::Tree, u64), ReadError> {
        let visible = self.read();
        Ok((visible.open()?.rows.clone(), last(&visible.ledger)))
    }

    // Nothing that holds the lock can panic half-way through a change.
    fn read(&self) -> RwLockReadGuard<'_, Visible> {
        self.visible.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Visible> {
        self.visible.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visible {
    fn open(&self) -> Result<&Open, Unavailable> {
        self.open.as_ref().ok_or_else(super::closed)
    }

    fn add(&mut self, sealed: &Sealed) {
        self.ledger.advance(&sealed.recorded, sealed.leaf, sealed.chain);
        self.tail.push_back((sealed.recorded.clone(), sealed.envelope.len()));
        self.tail_bytes += sealed.envelope.len();
        while self.tail.len() > TAIL_COMMITS || self.tail_bytes > TAIL_BYTES {
            let Some((_, bytes)) = self.tail.pop_front() else { return };
            self.tail_bytes -= bytes;
        }
    }
}

type Loaded = Result<(Recorded, usize), ReadError>;

fn load_sequence(tree: &sled::Tree, stream: StreamId, sequence: u64, keys: &TextKeys) -> Loaded {
    let key = layout::stream_key(stream, sequence);
    let missing = || crate::verify::Damage::Index("stream").anywhere();
    let position = layout::lookup(tree, &key)?.ok_or_else(missing)?;
    let stored = layout::load(tree, position)?;
    let recorded = stored.open(keys)?.recorded;
    if recorded.commit.stream != stream || recorded.commit.sequence != sequence {
        return Err(missing().into());
    }
    Ok((recorded, stored.envelope.len()))
}

fn recorded(
    commits: impl Iterator<Item = Loaded>,
    limit: usize,
    visible: impl Fn(&Recorded) -> bool,
) -> Result<Page, ReadError> {
    let page = page(commits, limit, |(recorded, _)| visible(recorded), |(_, size)| *size)?;
    Ok(page.into_iter().map(|(recorded, _)| Arc::new(recorded)).collect())
}

/// As many as a page holds, up to the first that may not be seen.
fn page<T>(
    all: impl Iterator<Item = Result<T, ReadError>>,
    limit: usize,
    visible: impl Fn(&T) -> bool,
    size: impl Fn(&T) -> usize,
) -> Result<Vec<T>, ReadError> {
    let (mut page, mut bytes) = (Vec::new(), 0);
    for one in all.take(limit.min(MAX_PAGE)) {
        let one = one?;
        if !visible(&one) {
            break;
        }
        bytes += size(&one);
        page.push(one);
        if bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(page)
}
