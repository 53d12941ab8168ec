//! The copy of the log in a folder, open at its end. What is there is checked when it is opened, what comes is
//! checked before it is written and read again after it, and nothing that is there is written over.

use crate::files::CopyError;
use agenda::id::Hash;
use eventlog::ReadError;
use proof::{
    log::{self, BadLog, LogCheck, Writer},
    note::Verifier,
    tree::Tree,
};
use std::{
    fs::{self, File, TryLockError},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// What holds the log.
pub const LOG: &str = "log.jsonl";
/// What holds the attachments.
pub const FILES: &str = "files";
const KEYS: &str = "keys.txt";
/// What holds the newest checkpoint.
pub const CHECKPOINT: &str = "checkpoint.txt";

/// Why the mirror is not up to date.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Log(#[from] ReadError),
    #[error("the file {0} cannot be copied: {1}")]
    File(Hash, CopyError),
    #[error("another process is writing to it")]
    Busy,
    #[error("what was written cannot be read again as it was: the disk or the connection to it is not sound")]
    Unsound,
    #[error("what it holds is damaged: {0}")]
    Damaged(BadLog),
    #[error("what was to be added is not sound: {0}")]
    BadSource(BadLog),
    #[error("commits are missing there, from position {0} on")]
    Gap(u64),
    #[error("it holds another history than the log from position {0} on")]
    Diverged(u64),
}

impl MirrorError {
    /// Whether another try may go better.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Log(_) | Self::File(..) | Self::Busy)
    }
}

/// Held by one process at a time.
pub struct Copy {
    file: File,
    writer: Writer,
    check: LogCheck,
    /// Bytes that are there.
    length: u64,
}

impl Copy {
    /// Reads and checks what is there. Who signed it is for whoever holds it against a checkpoint.
    pub fn open(folder: &Path) -> Result<Self, MirrorError> {
        fs::create_dir_all(folder)?;
        let mut file = File::options().read(true).append(true).create(true).open(folder.join(LOG))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(MirrorError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let (check, mut length) = checked(&file)?;
        // A line that a crash left unfinished.
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        if length == 0 {
            let header = format!("{}\n", log::header());
            file.write_all(header.as_bytes())?;
            length = header.len() as u64;
        }
        file.sync_all()?;
        File::open(folder)?.sync_all()?;
        Ok(Self { file, writer: check.writer(), check, length })
    }

    /// Commits that it holds.
    pub fn held(&self) -> u64 {
        self.check.tree().size()
    }

    /// Bytes of the log that it holds.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn tree(&self) -> &Tree {
        self.check.tree()
    }

    /// Whether the log begins with what is here. `root_of` is the root of the log's first so many commits,
    /// `None` if it has not so many; it is asked once if all is well.
    pub async fn begins<E: From<MirrorError>, F: Future<Output = Result<Option<Hash>, E>>>(
        &self,
        root_of: impl Fn(u64) -> F,
    ) -> Result<(), E> {
        let held = self.held();
        if held == 0 || root_of(held).await? == self.tree().root(held) {
            return Ok(());
        }
        // Two logs that differ at a position have other roots from there on.
        let (mut same, mut differs) = (0, held);
        while differs - same > 1 {
            let middle = same + (differs - same) / 2;
            if root_of(middle).await? == self.tree().root(middle) {
                same = middle;
            } else {
                differs = middle;
            }
        }
        Err(MirrorError::Diverged(differs).into())
    }

    /// Adds the next commits. Durable when it returns.
    pub fn add(&mut self, commits: &[Vec<u8>]) -> Result<(), MirrorError> {
        for commit in commits {
            self.check.take(commit).map_err(MirrorError::BadSource)?;
        }
        let lines: String = commits.iter().map(|bytes| self.writer.line(bytes) + "\n").collect();
        self.file.write_all(lines.as_bytes())?;
        self.file.sync_data()?;
        let mut there = vec![0; lines.len()];
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.read_exact(&mut there)?;
        if there != lines.as_bytes() {
            return Err(MirrorError::Unsound);
        }
        self.length += lines.len() as u64;
        Ok(())
    }
}

/// The log that is there, and the bytes of its whole lines.
fn checked(file: &File) -> Result<(LogCheck, u64), MirrorError> {
    let (mut check, mut lines) = (LogCheck::default(), BufReader::new(file));
    let (mut line, mut whole) = (String::new(), 0);
    while lines.read_line(&mut line)? > 0 && line.ends_with('\n') {
        // The first line says only what the file is.
        if whole > 0 {
            check.line(line.trim_end()).map_err(MirrorError::Damaged)?;
        } else if !log::is_header(line.trim_end()) {
            return Err(MirrorError::Diverged(0));
        }
        whole += line.len() as u64;
        line.clear();
    }
    Ok((check, whole))
}

/// Writes the public keys into the copy's folder.
pub fn write_keys(folder: &Path, keys: &[Verifier]) -> io::Result<()> {
    let keys: String = keys.iter().map(|key| format!("{key}\n")).collect();
    replace(folder, KEYS, &keys)
}

/// Writes the signed checkpoint that the copy was held against.
pub fn write_checkpoint(folder: &Path, note: &str) -> io::Result<()> {
    replace(folder, CHECKPOINT, note)
}

/// The whole text or the one before, never a part.
pub fn replace(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = folder.join(name);
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let unfinished = folder.join(format!("{name}.new"));
    let mut file = File::create(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, &path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenda::event::{ChangesRecorded, Commit, Timestamp};
    use agenda::id::{Bytes, CommandId, SessionId};
    use agenda::id::{DocumentId, MeetingId, StreamId, UserId};
    use eventlog::{codec, keys::TextKeys};
    use futures::FutureExt;
    use proof::chain;
    use std::future::ready;

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
        let (copy, mut tree) = (Copy::open(folder)?, Tree::default());
        all.iter().for_each(|bytes| tree.push(chain::leaf(bytes)));
        let begins = copy.begins(|size| ready(Ok::<_, MirrorError>(tree.root(size))));
        begins.now_or_never().unwrap().map(|()| copy)
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
        assert_eq!((copy.held(), std::fs::read(&path).unwrap() == six), (6, true));
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
        let late = [&all[..6], &other[6..]].concat();
        assert!(matches!(open(folder.path(), &late), Err(MirrorError::Diverged(7))));
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

    #[test]
    fn what_is_not_the_next_commit_is_not_written_and_nobody_else_writes_meanwhile() {
        let (folder, all) = (tempfile::tempdir().unwrap(), commits(9, 1));
        let mut copy = open(folder.path(), &all).unwrap();
        copy.add(&all[..4]).unwrap();
        assert!(matches!(Copy::open(folder.path()), Err(MirrorError::Busy)));
        let before = std::fs::read(folder.path().join(LOG)).unwrap();
        assert!(matches!(copy.add(&all[5..]), Err(MirrorError::BadSource(bad)) if bad.position == 5));
        assert!(std::fs::read(folder.path().join(LOG)).unwrap() == before);
    }
}
