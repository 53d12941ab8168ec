//! A second copy of the record in a folder on other hands, written as the log grows: `log.jsonl` (the
//! format of [`proof::log`]), `files` (every attachment by its hash) and `keys.txt` (the public keys, as they are now). The log and
//! the files are only ever added to. It is a backup that `dagsorden restore` reads, up to any position, and what shows an administrator's change
//! of the log to whoever keeps the folder.

use crate::{app::App, files::CopyError, keys};
use agenda::{event::Position, id::Hash};
use eventlog::{MAX_PAGE, ReadError};
use futures::StreamExt;
use proof::log::{self, BadLog, LogCheck, Writer};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::{task::spawn_blocking, time::sleep};

/// What holds the log.
pub const LOG: &str = "log.jsonl";
/// What holds the attachments.
pub const FILES: &str = "files";
const KEYS: &str = "keys.txt";
/// The wait after the folder could not be written.
const RETRY: Duration = Duration::from_secs(30);

/// Why the mirror is not up to date.
#[derive(Debug, thiserror::Error)]
enum MirrorError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Log(#[from] ReadError),
    #[error("the file {0} cannot be copied: {1}")]
    File(Hash, CopyError),
    #[error("what it holds is damaged: {0}")]
    Damaged(#[from] BadLog),
    #[error("it holds another history than the log from position {0} on")]
    Diverged(u64),
}

impl MirrorError {
    /// Whether another try may go better.
    fn passes(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Log(_) | Self::File(..))
    }
}

/// The log in the folder, open at its end.
struct Copy {
    file: File,
    writer: Writer,
    /// Commits that it holds.
    held: u64,
}

/// Copies until the service goes down. What is there already is checked first, and never overwritten.
pub async fn run(app: Arc<App>, folder: PathBuf) {
    let mut stopping = app.stopping();
    loop {
        let ended = tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            ended = keep_up(&app, &folder) => ended,
        };
        let Err(error) = ended else { return };
        let folder = folder.display();
        if !error.passes() {
            return tracing::error!(%error, %folder, "the mirror is not continued: keep it, find out why, and mirror into an empty folder");
        }
        tracing::error!(%error, %folder, "the mirror is behind; it is tried again");
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = sleep(RETRY) => {}
        }
    }
}

/// Ends without an error when the log is closed.
async fn keep_up(app: &Arc<App>, folder: &Path) -> Result<(), MirrorError> {
    let (tree, place) = (app.log.tree(), folder.to_owned());
    let opened = spawn_blocking(move || {
        // Read at once: the tree only grows.
        let known = |position| tree.read().unwrap_or_else(PoisonError::into_inner).commit(position);
        Copy::open(&place, known)
    });
    let mut copy = opened.await.map_err(io::Error::other)??;
    let mut new = app.log.follow(Position(copy.held + 1));
    loop {
        let page = app.log.bytes(Position(copy.held + 1), MAX_PAGE).await?;
        if page.is_empty() {
            match new.next().await {
                Some(recorded) => recorded?,
                None => return Ok(()),
            };
            continue;
        }
        files(app, folder, copy.held, page.len()).await?;
        write_keys(app, folder)?;
        let added = spawn_blocking(move || copy.add(&page).map(|()| copy));
        copy = added.await.map_err(io::Error::other)??;
    }
}

/// The attachments that the next `count` commits name, before the commits: the copy never names what it has not.
async fn files(app: &App, folder: &Path, held: u64, count: usize) -> Result<(), MirrorError> {
    let mut left = count;
    while left > 0 {
        let read = (count - left) as u64;
        let page = app.log.scan(Position(held + 1 + read), left).await?;
        for sha256 in page.iter().flat_map(|recorded| crate::files::named(recorded)) {
            let copied = app.files.copy(sha256, &folder.join(FILES)).await;
            copied.map_err(|error| MirrorError::File(sha256, error))?;
        }
        if page.is_empty() {
            break;
        }
        left -= page.len();
    }
    Ok(())
}

fn write_keys(app: &App, folder: &Path) -> io::Result<()> {
    let keys: String = keys::verifiers(&app.config.data)?.iter().map(|key| format!("{key}\n")).collect();
    let path = folder.join(KEYS);
    if std::fs::read_to_string(&path).is_ok_and(|there| there == keys) {
        Ok(())
    } else {
        std::fs::write(path, keys)
    }
}

impl Copy {
    /// Reads and checks what is there; `known` is the hash of the log's own commit at a position.
    fn open(folder: &Path, known: impl Fn(u64) -> Option<Hash>) -> Result<Self, MirrorError> {
        std::fs::create_dir_all(folder)?;
        let options = File::options().read(true).append(true).create(true).open(folder.join(LOG));
        let mut file = options?;
        let (mut check, mut lines) = (LogCheck::default(), BufReader::new(file.try_clone()?));
        let (mut line, mut whole) = (String::new(), 0);
        while lines.read_line(&mut line)? > 0 && line.ends_with('\n') {
            // The first line says only what the file is.
            if whole > 0 {
                check.line(line.trim_end())?;
                let position = check.tree().size();
                if check.tree().commit(position) != known(position) {
                    return Err(MirrorError::Diverged(position));
                }
            } else if !log::is_header(line.trim_end()) {
                return Err(MirrorError::Diverged(0));
            }
            whole += line.len() as u64;
            line.clear();
        }
        // A line that a crash left unfinished.
        file.set_len(whole)?;
        file.seek(SeekFrom::End(0))?;
        if whole == 0 {
            file.write_all(format!("{}\n", log::header()).as_bytes())?;
        }
        file.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(Self { file, writer: check.writer(), held: check.tree().size() })
    }

    /// Durable when it returns.
    fn add(&mut self, page: &[Vec<u8>]) -> io::Result<()> {
        let lines: String = page.iter().map(|bytes| self.writer.line(bytes) + "\n").collect();
        self.file.write_all(lines.as_bytes())?;
        self.file.sync_data()?;
        self.held += page.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenda::id::{DocumentId, MeetingId, StreamId, UserId};
    use agenda::{
        event::{ChangesRecorded, Commit, Timestamp},
        id::{Bytes, CommandId, SessionId},
    };
    use eventlog::{codec, keys::TextKeys};
    use proof::chain;

    /// Stored bytes of a stream of so many commits.
    fn commits(count: u64, body: u8) -> Vec<Vec<u8>> {
        let mut previous = chain::ORIGIN;
        let commit = |n: u64| Commit {
            stream: StreamId::Meeting(MeetingId::from_bytes([1; 16])),
            sequence: n,
            at: Timestamp(n as i64),
            by: UserId::new("anne").unwrap(),
            session: SessionId::from_bytes([1; 16]),
            command: CommandId::from_bytes(u128::from(n).to_be_bytes()),
            events: vec![
                ChangesRecorded {
                    document: DocumentId::from_bytes([2; 16]),
                    changes: vec![Bytes(vec![body; 9])],
                    source: None,
                }
                .into(),
            ],
        };
        let mut stored = |n| {
            let bytes = codec::encode(&commit(n), &previous, &TextKeys::plain()).unwrap();
            previous = chain::leaf(&bytes);
            bytes
        };
        (1..=count).map(&mut stored).collect()
    }

    fn open(folder: &Path, all: &[Vec<u8>]) -> Result<Copy, MirrorError> {
        Copy::open(folder, |position| all.get(position as usize - 1).map(|bytes| chain::leaf(bytes)))
    }

    #[test]
    fn a_copy_goes_on_where_it_was_also_after_half_a_line() {
        let (folder, all) = (tempfile::tempdir().unwrap(), commits(9, 1));
        let path = folder.path().join(LOG);
        let mut copy = open(folder.path(), &all).unwrap();
        copy.add(&all[..4]).unwrap();
        copy.add(&all[4..6]).unwrap();
        drop(copy);
        let six = std::fs::read(&path).unwrap();
        let mut torn = six.clone();
        torn.extend(b"{\"position\":7,\"has");
        std::fs::write(&path, torn).unwrap();
        let mut copy = open(folder.path(), &all).unwrap();
        assert_eq!((copy.held, std::fs::read(&path).unwrap() == six), (6, true));
        copy.add(&all[6..]).unwrap();
        let mut check = LogCheck::default();
        let text = std::fs::read_to_string(&path).unwrap();
        text.lines().skip(1).for_each(|line| drop(check.line(line).unwrap()));
        assert_eq!(check.tree().size(), 9);
    }

    #[test]
    fn another_history_or_a_changed_byte_ends_it_and_nothing_is_overwritten() {
        let (folder, all, other) = (tempfile::tempdir().unwrap(), commits(9, 1), commits(9, 2));
        open(folder.path(), &all).unwrap().add(&all).unwrap();
        let before = std::fs::read(folder.path().join(LOG)).unwrap();
        assert!(matches!(open(folder.path(), &other), Err(MirrorError::Diverged(1))));
        assert!(
            matches!(open(folder.path(), &all[..5]), Err(MirrorError::Diverged(6))),
            "the log lost its end"
        );
        assert!(std::fs::read(folder.path().join(LOG)).unwrap() == before);
        let mut changed = before.clone();
        let at = changed.len() - 40;
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        std::fs::write(folder.path().join(LOG), changed).unwrap();
        assert!(matches!(open(folder.path(), &all), Err(MirrorError::Damaged(bad)) if bad.position == 9));
    }
}
