//! The access log: who looked back in what, and when; what they were refused; and which requests of
//! theirs could not be read. It is not part of the record: files of their own, JSON Lines, one for
//! each month, in `data/access`. Lines are only ever added, and no file is deleted. A line is on the
//! disk before the answer that it tells of leaves.

mod disk;
mod line;
mod read;

pub use line::{Looked, Lookup, Outcome};
pub use read::{Choice, Found, all, months, page};

use agenda::{event::Timestamp, id::UserId};
use disk::Disk;
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{mpsc, oneshot};

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Lines that wait for the disk; who comes later waits to wait.
const LINES_WAITING: usize = 1_024;

/// Whether a person gets one more line in this hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Yes,
    /// The first one too many. It gets a line that says so, the last of the hour.
    FirstOver,
    Over,
}

/// A line, and who waits until it is on the disk.
struct Waiting {
    line: Lookup,
    done: oneshot::Sender<Result<(), Arc<io::Error>>>,
}

pub struct AccessLog {
    folder: PathBuf,
    waiting: mpsc::Sender<Waiting>,
    per_hour: u32,
    /// By person: when their hour began, and their lines since.
    counts: Mutex<HashMap<UserId, (Timestamp, u32)>>,
}

impl AccessLog {
    /// `per_hour`: the lines that one person may cause in an hour. The thread that writes ends with the log.
    pub fn open(data: &Path, per_hour: u32) -> io::Result<Self> {
        let folder = data.join("access");
        let (waiting, lines) = mpsc::channel(LINES_WAITING);
        let disk = Disk::new(folder.clone());
        std::thread::Builder::new().name("access log".into()).spawn(move || write_all(disk, lines))?;
        Ok(Self { folder, waiting, per_hour, counts: Mutex::default() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Counts one more line of the person's.
    pub fn admit(&self, user: &UserId, now: Timestamp) -> Admission {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, (since, _)| now.0.saturating_sub(since.0) < HOUR_MS);
        let (_, count) = counts.entry(user.clone()).or_insert((now, 0));
        *count = count.saturating_add(1);
        match count.saturating_sub(self.per_hour) {
            0 => Admission::Yes,
            1 => Admission::FirstOver,
            _ => Admission::Over,
        }
    }

    /// Adds a line. When it returns well, the line survives a power cut.
    pub async fn write(&self, line: Lookup) -> io::Result<()> {
        let (done, written) = oneshot::channel();
        let ended = || io::Error::other("the access log is closed");
        self.waiting.send(Waiting { line, done }).await.map_err(|_| ended())?;
        let written = written.await.map_err(|_| ended())?;
        written.map_err(|error| io::Error::new(error.kind(), error))
    }
}

/// Writes until the log is let go. All lines that came while the disk was busy share one sync.
fn write_all(mut disk: Disk, mut lines: mpsc::Receiver<Waiting>) {
    while let Some(first) = lines.blocking_recv() {
        let mut together = vec![first];
        while together.len() < LINES_WAITING
            && let Ok(next) = lines.try_recv()
        {
            together.push(next);
        }
        let written = disk.write(together.iter().map(|waiting| &waiting.line)).map_err(Arc::new);
        for waiting in together {
            // Whoever asked may have gone; the line stands.
            drop(waiting.done.send(written.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agenda::{
        event::{Position, Role},
        id::{ForumId, MeetingId},
    };
    use std::io::Write;

    const PER_HOUR: u32 = 10_000;

    pub fn access(user: &str, at: i64) -> Lookup {
        Lookup {
            at: Timestamp(at),
            user: UserId::new(user).unwrap(),
            name: user.to_uppercase(),
            title: String::new(),
            roles: vec![Role::Author],
            what: Looked::Blame,
            forum: ForumId::from_bytes([1; 16]),
            meeting: Some(MeetingId::from_bytes([2; 16])),
            item: None,
            moment: Some(Position(7)),
            since: None,
            outcome: Outcome::Shown,
            path: None,
        }
    }

    fn choice() -> Choice {
        Choice { forum: ForumId::from_bytes([1; 16]), person: None, what: None, refused: false }
    }

    fn open(data: &Path) -> AccessLog {
        AccessLog::open(data, PER_HOUR).unwrap()
    }

    #[tokio::test]
    async fn lines_stand_in_the_file_of_their_month_and_a_torn_one_spoils_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let log = open(dir.path());
        let (january, february) = (1_767_225_600_000, 1_769_904_000_000);
        log.write(access("bo", january)).await.unwrap();
        log.write(access("bo", february)).await.unwrap();
        std::fs::OpenOptions::new()
            .append(true)
            .open(log.folder().join("2026-01.jsonl"))
            .unwrap()
            .write_all(b"{\"at\":17")
            .unwrap();
        open(dir.path()).write(access("gitte", january + 1)).await.unwrap();
        assert_eq!(months(log.folder()).unwrap(), ["2026-02", "2026-01"]);
        let found = page(log.folder(), "2026-01", &choice(), None, 10).unwrap();
        let users: Vec<&str> = found.lines.iter().map(|line| line.user.as_str()).collect();
        assert_eq!(users, ["gitte", "bo"]);
        assert_eq!((found.next, found.unreadable), (None, 1));
    }

    #[tokio::test]
    async fn pages_go_on_where_the_last_one_ended_and_hold_one_forum_only() {
        let dir = tempfile::tempdir().unwrap();
        let log = open(dir.path());
        for n in 0..5 {
            log.write(access("bo", n)).await.unwrap();
            log.write(Lookup { forum: ForumId::from_bytes([9; 16]), ..access("per", n) }).await.unwrap();
        }
        let read = |before| page(log.folder(), "1970-01", &choice(), before, 2).unwrap();
        let (first, ats) =
            (read(None), |found: &Found| found.lines.iter().map(|l| l.at.0).collect::<Vec<_>>());
        let second = read(first.next);
        let third = read(second.next);
        assert_eq!([ats(&first), ats(&second), ats(&third)].concat(), [4, 3, 2, 1, 0]);
        assert_eq!(third.next, None);
        assert!(page(log.folder(), "../1970-01", &choice(), None, 2).is_err());
    }

    #[test]
    fn one_person_cannot_fill_the_log() {
        let log = AccessLog::open(Path::new("unused"), 3).unwrap();
        let (bo, per) = (UserId::new("bo").unwrap(), UserId::new("per").unwrap());
        let asked: Vec<Admission> = (0..6).map(|_| log.admit(&bo, Timestamp(5))).collect();
        use Admission::{FirstOver, Over, Yes};
        assert_eq!(asked, [Yes, Yes, Yes, FirstOver, Over, Over]);
        assert_eq!(log.admit(&per, Timestamp(5)), Yes);
        assert_eq!(log.admit(&bo, Timestamp(5 + HOUR_MS)), Yes);
    }

    #[tokio::test]
    async fn lines_that_come_at_once_all_stand_there_whole() {
        let dir = tempfile::tempdir().unwrap();
        let log = Arc::new(open(dir.path()));
        let lines = (0..200).map(|n| {
            let log = log.clone();
            tokio::spawn(async move { log.write(access("bo", n)).await })
        });
        for line in lines.collect::<Vec<_>>() {
            line.await.unwrap().unwrap();
        }
        let found = page(log.folder(), "1970-01", &choice(), None, 500).unwrap();
        let mut ats: Vec<i64> = found.lines.iter().map(|line| line.at.0).collect();
        ats.sort_unstable();
        assert_eq!(ats, (0..200).collect::<Vec<_>>());
    }

    /// A device takes every byte and can be synced as little as a broken disk.
    #[tokio::test]
    async fn what_cannot_be_synced_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let log = open(dir.path());
        std::fs::create_dir(log.folder()).unwrap();
        let month = log.folder().join("1970-01.jsonl");
        std::os::unix::fs::symlink("/dev/null", &month).unwrap();
        assert!(log.write(access("bo", 1)).await.is_err());
        std::fs::remove_file(&month).unwrap();
        log.write(access("bo", 2)).await.unwrap();
        assert_eq!(page(log.folder(), "1970-01", &choice(), None, 10).unwrap().lines.len(), 1);
    }

    #[tokio::test]
    async fn a_line_from_before_outcomes_were_kept_tells_what_was_shown() {
        let dir = tempfile::tempdir().unwrap();
        let log = open(dir.path());
        log.write(access("bo", 1)).await.unwrap();
        let old = r#"{"at":2,"user":"per","name":"Per","title":"","roles":["reader"],"what":"diff","#
            .to_owned()
            + r#""forum":"01010101-0101-0101-0101-010101010101","meeting":null,"item":null,"moment":7,"since":null}"#;
        let mut file =
            std::fs::OpenOptions::new().append(true).open(log.folder().join("1970-01.jsonl")).unwrap();
        file.write_all(format!("{old}\n").as_bytes()).unwrap();
        let refused = Lookup { outcome: Outcome::Forbidden, path: Some("/x".into()), ..access("bo", 3) };
        log.write(refused.clone()).await.unwrap();
        let found = page(log.folder(), "1970-01", &choice(), None, 10).unwrap();
        assert_eq!(found.unreadable, 0);
        let outcomes: Vec<Outcome> = found.lines.iter().map(|line| line.outcome).collect();
        assert_eq!(outcomes, [Outcome::Forbidden, Outcome::Shown, Outcome::Shown]);
        let found = page(log.folder(), "1970-01", &Choice { refused: true, ..choice() }, None, 10).unwrap();
        assert_eq!(found.lines, [refused]);
    }
}
