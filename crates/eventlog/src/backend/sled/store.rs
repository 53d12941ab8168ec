//! Opening the store, and the check of all that is in it.

use super::Needed;
use super::head::{self, HeadFile};
use super::layout::{self, Commits};
use super::seal;
use crate::keys::{KeysError, TextKeys};
use crate::ledger::Ledger;
use crate::verify::{Checker, Damage, Finding, Report};
use agenda::event::{Position, Recorded};
use proof::tree::Tree;
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes of serialised pages that sled keeps in memory.
const CACHE_BYTES: u64 = 64 << 20;
/// sled's own flusher also collects its garbage. Milliseconds.
const FLUSHER_MS: u64 = 500;
/// After a SIGKILL the lock of the dead process can outlive it for a second or two.
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(250);

/// Why a log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("another process has the event log in {0} open: stop it first")]
    InUse(PathBuf),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("the event log is damaged: {finding}{advice}", finding = .0, advice = advice(.0))]
    Damaged(#[from] Box<Finding>),
}

fn advice(finding: &Finding) -> &'static str {
    match finding.damage {
        // It says itself what to do.
        Damage::KeysMissing { .. } => "",
        _ => {
            ". Restore it from a backup. To go on with the log as it is, and lose what is missing, delete its file HEAD"
        }
    }
}

impl From<Finding> for OpenError {
    fn from(finding: Finding) -> Self {
        Self::Damaged(Box::new(finding))
    }
}

/// An open sled database that holds a log.
pub(super) struct Store {
    pub db: sled::Db,
    /// Our own descriptor of sled's file: sled's flush does not reach the disk.
    pub data: File,
    pub dir: PathBuf,
}

impl Store {
    /// Opens the log in a directory, or creates an empty one there.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        fs::create_dir_all(dir).map_err(|source| io_error(dir, source))?;
        let db = open_waiting(dir)?;
        seal::take_off(dir).map_err(|source| io_error(dir, source))?;
        let path = dir.join("db");
        let data = File::options().read(true).write(true).open(&path);
        let data = data.map_err(|source| io_error(&path, source))?;
        let store = Self { db, data, dir: dir.to_owned() };
        guarded(|| store.check_format())?;
        Ok(store)
    }

    fn check_format(&self) -> Result<(), OpenError> {
        let format = self.db.get(layout::FORMAT_KEY).map_err(layout::store)?;
        match format {
            Some(format) if format == layout::FORMAT => self.check_blobs(),
            Some(format) => Err(Damage::Format(format!("{format:?}")).anywhere().into()),
            None if self.db.is_empty() => self.create().map_err(|source| io_error(&self.dir, source)),
            None => Err(Damage::Store("it is not an event log".into()).anywhere().into()),
        }
    }

    /// sled syncs neither its directory nor its configuration; once is enough.
    fn create(&self) -> io::Result<()> {
        self.db.insert(layout::FORMAT_KEY, layout::FORMAT)?;
        self.settle()?;
        File::open(self.dir.join("conf"))?.sync_all()?;
        let head = HeadFile::create(&self.dir)?;
        head.write(Ledger::default().head())?;
        head.sync()?;
        File::open(&self.dir)?.sync_all()?;
        match self.dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => File::open(parent)?.sync_all(),
            None => File::open(".")?.sync_all(),
        }
    }

    /// Makes durable what a process that was killed may have left in the page cache.
    pub fn settle(&self) -> io::Result<()> {
        self.db.flush()?;
        self.data.sync_all()
    }

    fn check_blobs(&self) -> Result<(), OpenError> {
        let blobs = self.dir.join("blobs");
        let mut files = fs::read_dir(&blobs).map_err(|source| io_error(&blobs, source))?;
        match files.next() {
            Some(_) => Err(Damage::Store("there are files in blobs".into()).anywhere().into()),
            None => Ok(()),
        }
    }

    /// Reads and checks every commit; shows each to `each`.
    pub fn walk<'a>(
        &self,
        keys: &'a TextKeys,
        mut each: impl FnMut(&Recorded) -> Result<(), Damage>,
    ) -> Result<Checker<'a>, Finding> {
        let head = head::read(&self.dir).map_err(|reason| Damage::HeadFile(reason).anywhere())?;
        let mut checker = Checker::new(keys);
        for stored in Commits::new(&self.db, 0) {
            let stored = stored?;
            let recorded = checker.check(&stored)?;
            if head.is_some_and(|h| h.position == recorded.position && h.hash != stored.chain) {
                return Err(Damage::OtherHead.in_commit(&recorded));
            }
            each(&recorded).map_err(|damage| damage.in_commit(&recorded))?;
        }
        let last = checker.ledger.head().position;
        match head.filter(|head| head.position > last) {
            Some(head) => Err(Damage::TailMissing { until: head.position.0 }.at(last.0 + 1)),
            None => Ok(checker),
        }
    }

    /// The ledger and the tree of a sound log, and the head file brought up to it.
    /// Keys that were to be destroyed are.
    pub fn load(&self, keys: &TextKeys, needed: Needed) -> Result<(Ledger, Tree, HeadFile), OpenError> {
        let checker = guarded(|| Ok(self.walk(keys, |_| Ok(()))?))?;
        if needed == Needed::Words {
            checker.check_keys()?;
        }
        let Checker { ledger, tree, unread, .. } = checker;
        keys.destroy(unread.erased()).map_err(|source| io_error(&self.dir, source))?;
        self.settle().map_err(|source| io_error(&self.dir, source))?;
        if matches!(head::read(&self.dir), Ok(None)) {
            tracing::warn!(dir = %self.dir.display(), head = %ledger.head().position, "the log had no HEAD file; it is taken as it is");
        }
        let file = HeadFile::create(&self.dir)
            .and_then(|file| file.write(ledger.head()).and_then(|()| file.sync()).map(|()| file));
        Ok((ledger, tree, file.map_err(|source| io_error(&self.dir.join(head::NAME), source))?))
    }

    fn check_indexes(&self, recorded: &Recorded) -> Result<(), Damage> {
        let commit = &recorded.commit;
        let stream = layout::stream_key(commit.stream, commit.sequence);
        let command = layout::command_key(commit.stream, commit.command);
        for (name, key) in [("stream", stream), ("command", command)] {
            let found = layout::lookup(&self.db, &key).map_err(|finding| finding.damage)?;
            if found.map(Position) != Some(recorded.position) {
                return Err(Damage::Index(name));
            }
        }
        Ok(())
    }

    fn audit(
        &self,
        keys: &TextKeys,
        mut each: impl FnMut(&Recorded) -> Result<(), String>,
    ) -> Result<Report, Finding> {
        if matches!(head::read(&self.dir), Ok(None)) {
            return Err(Damage::HeadFile("it is missing".into()).anywhere());
        }
        let checker = self.walk(keys, |recorded| {
            self.check_indexes(recorded)?;
            each(recorded).map_err(Damage::Content)
        })?;
        checker.check_keys()?;
        let Checker { ledger, tree, .. } = checker;
        let commits = ledger.head().position.0;
        for (index, prefix) in [("stream", layout::STREAMS), ("command", layout::COMMANDS)] {
            let entries = layout::count(&self.db, prefix)?;
            if entries != commits {
                return Err(Damage::IndexCount { index, entries }.anywhere());
            }
        }
        Ok(Report { commits, streams: ledger.stream_heads().len(), head: ledger.head(), tree })
    }
}

/// Checks the log in a directory, which no process may have open.
pub fn verify(dir: &Path, keys: &TextKeys) -> Result<Report, Finding> {
    verify_with(dir, keys, |_| Ok(()))
}

/// Checks the log in a directory, and shows each commit, once it is found sound, to a further
/// check. Its error ends the check there, as [`Damage::Content`].
pub fn verify_with(
    dir: &Path,
    keys: &TextKeys,
    each: impl FnMut(&Recorded) -> Result<(), String>,
) -> Result<Report, Finding> {
    if !dir.join("db").is_file() {
        return Err(Damage::NoLog(dir.display().to_string()).anywhere());
    }
    let sealed = match seal::check(dir) {
        Ok(sealed) => sealed,
        Err(damage) => return Err(examine_copy(dir, damage, keys, each)),
    };
    let report = audit(dir, keys, each)?;
    if sealed {
        // Opening has changed the files; the log is closed again as it was found.
        seal::put_on(dir).map_err(|error| Damage::Store(error.to_string()).anywhere())?;
    }
    Ok(report)
}

fn audit(
    dir: &Path,
    keys: &TextKeys,
    each: impl FnMut(&Recorded) -> Result<(), String>,
) -> Result<Report, Finding> {
    let checked = Store::open(dir).and_then(|store| guarded(|| Ok(store.audit(keys, each)?)));
    checked.map_err(|error| match error {
        OpenError::Damaged(finding) => *finding,
        other => Damage::Store(other.to_string()).anywhere(),
    })
}

/// Which commit a change of the files has hit, if any; asked of a copy, since opening a store
/// changes it.
fn examine_copy(
    dir: &Path,
    damage: Damage,
    keys: &TextKeys,
    each: impl FnMut(&Recorded) -> Result<(), String>,
) -> Finding {
    let copy = dir.with_extension("examined");
    let copied = copy_files(dir, &copy).map(|()| audit(&copy, keys, each));
    // What is left of the copy is in nobody's way.
    let _removed = fs::remove_dir_all(&copy);
    let effect = match copied {
        Ok(Ok(_)) => return damage.anywhere(),
        // Words of the store itself do not say where; the seal does.
        Ok(Err(finding)) if !matches!(finding.damage, Damage::Store(_)) => return finding,
        Ok(Err(finding)) => finding.to_string(),
        Err(error) => format!("it could not be copied to be examined: {error}"),
    };
    match damage {
        Damage::Sealed { file, offset, length, .. } => {
            Damage::Sealed { file, offset, length, effect: Some(effect) }.anywhere()
        }
        other => other.anywhere(),
    }
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.join("blobs"))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn open_waiting(dir: &Path) -> Result<sled::Db, OpenError> {
    for _ in 0..LOCK_TRIES {
        match guarded(|| Ok(open_sled(dir)))? {
            Err(error) if is_locked(&error) => std::thread::sleep(LOCK_PAUSE),
            opened => return Ok(opened.map_err(layout::store)?),
        }
    }
    Err(OpenError::InUse(dir.to_owned()))
}

fn open_sled(dir: &Path) -> sled::Result<sled::Db> {
    let config = sled::Config::new().path(dir).cache_capacity(CACHE_BYTES);
    config.flush_every_ms(Some(FLUSHER_MS)).use_compression(false).open()
}

/// sled has no error of its own for this.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(io) if io.to_string().contains("could not acquire lock"))
}

/// sled panics on some damage; that is a finding, not the end of the process.
fn guarded<T>(work: impl FnOnce() -> Result<T, OpenError>) -> Result<T, OpenError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|cause| {
        let damage = Damage::Store(format!("sled panicked: {}", super::panic_text(&*cause)));
        Err(damage.anywhere().into())
    })
}

fn io_error(path: &Path, source: io::Error) -> OpenError {
    OpenError::Io { path: path.to_owned(), source }
}
