//! Reading the access log, a month at a time. Blocks on the disk.

use super::{Looked, Lookup, Outcome};
use agenda::id::{ForumId, UserId};
use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

pub const EXTENSION: &str = "jsonl";

/// Which lines are wanted.
#[derive(Debug, Clone)]
pub struct Choice {
    pub forum: ForumId,
    pub person: Option<UserId>,
    pub what: Option<Looked>,
    /// Only what was refused.
    pub refused: bool,
}

impl Choice {
    fn takes(&self, access: &Lookup) -> bool {
        access.forum == self.forum
            && self.person.as_ref().is_none_or(|user| *user == access.user)
            && self.what.is_none_or(|what| what == access.what)
            && (!self.refused || access.outcome != Outcome::Shown)
    }
}

/// Part of a month.
#[derive(Debug, Default)]
pub struct Found {
    /// Newest first.
    pub lines: Vec<Lookup>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<u64>,
    /// Lines of the file, of any forum, that a crash cut off or somebody changed.
    pub unreadable: u64,
}

/// The months that have a file, newest first.
pub fn months(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        // Nobody has looked back yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut months = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(month) = name.strip_suffix(".jsonl").filter(|month| is_month(month)) {
            months.push(month.to_owned());
        }
    }
    months.sort_unstable_by(|a, b| b.cmp(a));
    Ok(months)
}

fn is_month(text: &str) -> bool {
    let digits = |(at, c): (usize, char)| if at == 4 { c == '-' } else { c.is_ascii_digit() };
    text.len() == 7 && text.chars().enumerate().all(digits)
}

/// A month's lines from the file, oldest first; `None` for one that cannot be read.
fn lines(folder: &Path, month: &str) -> io::Result<impl Iterator<Item = io::Result<Option<Lookup>>> + use<>> {
    if !is_month(month) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a month is written 2026-11"));
    }
    let file = match File::open(folder.join(format!("{month}.{EXTENSION}"))) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let pieces = file.into_iter().flat_map(|file| BufReader::new(file).split(b'\n'));
    Ok(pieces.map(|piece| piece.map(|bytes| serde_json::from_slice(&bytes).ok())))
}

/// At most `limit` of a month's wanted lines that stand before a line (counted from 1).
pub fn page(
    folder: &Path,
    month: &str,
    choice: &Choice,
    before: Option<u64>,
    limit: usize,
) -> io::Result<Found> {
    let (mut kept, mut unreadable) = (VecDeque::new(), 0);
    for (number, line) in (1..).zip(lines(folder, month)?) {
        let Some(access) = line? else {
            unreadable += 1;
            continue;
        };
        if before.is_none_or(|before| number < before) && choice.takes(&access) {
            kept.push_back((number, access));
            if kept.len() > limit + 1 {
                kept.pop_front();
            }
        }
    }
    // One more than the page holds says that there is another.
    let more = kept.len() > limit && kept.pop_front().is_some();
    let next = kept.front().filter(|_| more).map(|(number, _)| *number);
    Ok(Found { lines: kept.into_iter().rev().map(|(_, access)| access).collect(), next, unreadable })
}

/// All of a month's wanted lines, oldest first, one by one; `each` says whether to go on.
pub fn all(
    folder: &Path,
    month: &str,
    choice: &Choice,
    mut each: impl FnMut(Lookup) -> bool,
) -> io::Result<()> {
    for line in lines(folder, month)? {
        let Some(access) = line?.filter(|access| choice.takes(access)) else { continue };
        if !each(access) {
            break;
        }
    }
    Ok(())
}
