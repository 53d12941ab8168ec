//! The access log: who looked back in what, and when. It is not part of the record: files of their
//! own, JSON Lines, one for each month, in `data/access`. Lines are only ever added, and no file is
//! deleted. A line is written before the answer that it tells of leaves.

mod read;

pub use read::{Choice, Found, all, months, page};

use agenda::{
    event::{Position, Role, Timestamp},
    id::{ForumId, ItemId, MeetingId, UserId},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use utoipa::ToSchema;

/// What one person may look up in an hour; so one person's lines stay under 5 MB an hour.
pub const LOOKUPS_PER_HOUR: u32 = 10_000;
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What somebody looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// A text or an agenda as it was at a moment.
    Replay,
    /// Who wrote each character.
    Blame,
    /// What changed between two moments.
    Diff,
    /// Who changed what, when.
    History,
    /// The audit trail, or its file.
    Trail,
    TrailFile,
    /// The access log, or its file.
    Access,
    AccessFile,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lookup {
    pub at: Timestamp,
    pub user: UserId,
    pub name: String,
    /// Position and roles that the person held then.
    pub title: String,
    pub roles: Vec<Role>,
    pub what: Looked,
    pub forum: ForumId,
    #[schema(required)]
    pub meeting: Option<MeetingId>,
    #[schema(required)]
    pub item: Option<ItemId>,
    /// The moment that was looked at; null for now.
    #[schema(required)]
    pub moment: Option<Position>,
    /// The moment that it was compared with.
    #[schema(required)]
    pub since: Option<Position>,
}

pub struct AccessLog {
    folder: PathBuf,
    open: Mutex<Option<(String, File)>>,
    /// By person: when their hour began, and their look-ups since.
    counts: Mutex<HashMap<UserId, (Timestamp, u32)>>,
}

impl AccessLog {
    pub fn new(data: &Path) -> Self {
        Self { folder: data.join("access"), open: Mutex::default(), counts: Mutex::default() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the person may look up one more thing now.
    pub fn admit(&self, user: &UserId, now: Timestamp) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, (since, _)| now.0.saturating_sub(since.0) < HOUR_MS);
        let (_, count) = counts.entry(user.clone()).or_insert((now, 0));
        *count = count.saturating_add(1);
        *count <= LOOKUPS_PER_HOUR
    }

    /// Adds a line and hands it to the operating system. Blocks on the disk.
    pub fn write(&self, access: &Lookup) -> io::Result<()> {
        let line = format!("{}\n", serde_json::to_string(access)?);
        let month = month_of(access.at);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, file) = match open.take().filter(|(known, _)| *known == month) {
            Some(known) => open.insert(known),
            None => {
                let file = open_file(&self.folder, &month)?;
                open.insert((month, file))
            }
        };
        let written = file.write_all(line.as_bytes());
        if written.is_err() {
            // Half a line may stand there: the file is opened anew, which ends it.
            *open = None;
        }
        written
    }
}

/// "2026-11", in UTC.
fn month_of(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    time.strftime("%Y-%m").to_string()
}

/// Opens a month's file. A line that a crash cut off is ended, so that the next one stands alone.
fn open_file(folder: &Path, month: &str) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{month}.{}", read::EXTENSION));
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        }
    }

    fn choice() -> Choice {
        Choice { forum: ForumId::from_bytes([1; 16]), person: None, what: None }
    }

    #[test]
    fn lines_stand_in_the_file_of_their_month_and_a_torn_one_spoils_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let log = AccessLog::new(dir.path());
        let (january, february) = (1_767_225_600_000, 1_769_904_000_000);
        log.write(&access("bo", january)).unwrap();
        log.write(&access("bo", february)).unwrap();
        std::fs::OpenOptions::new()
            .append(true)
            .open(log.folder().join("2026-01.jsonl"))
            .unwrap()
            .write_all(b"{\"at\":17")
            .unwrap();
        AccessLog::new(dir.path()).write(&access("gitte", january + 1)).unwrap();
        assert_eq!(months(log.folder()).unwrap(), ["2026-02", "2026-01"]);
        let found = page(log.folder(), "2026-01", &choice(), None, 10).unwrap();
        let users: Vec<&str> = found.lines.iter().map(|line| line.user.as_str()).collect();
        assert_eq!(users, ["gitte", "bo"]);
        assert_eq!((found.next, found.unreadable), (None, 1));
    }

    #[test]
    fn pages_go_on_where_the_last_one_ended_and_hold_one_forum_only() {
        let dir = tempfile::tempdir().unwrap();
        let log = AccessLog::new(dir.path());
        for n in 0..5 {
            log.write(&access("bo", n)).unwrap();
            log.write(&Lookup { forum: ForumId::from_bytes([9; 16]), ..access("per", n) }).unwrap();
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
        let log = AccessLog::new(Path::new("unused"));
        let (bo, per) = (UserId::new("bo").unwrap(), UserId::new("per").unwrap());
        assert!((0..LOOKUPS_PER_HOUR).all(|_| log.admit(&bo, Timestamp(5))));
        assert!(!log.admit(&bo, Timestamp(5)) && log.admit(&per, Timestamp(5)));
        assert!(log.admit(&bo, Timestamp(5 + HOUR_MS)));
    }
}
