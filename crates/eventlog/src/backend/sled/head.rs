//! The head file: how far the log had come, written beside it after every durable batch. sled
//! cuts its file off at a damaged tail without a word; this file is what notices.
//!
//! It is not synced, so after a power cut it may lag behind the log, but it never leads. It
//! finds accidents, not malice: whoever can cut the log can rewrite this file.

use crate::{Head, chain};
use agenda::event::Position;
use agenda::id::Hash;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

pub(super) const NAME: &str = "HEAD";

/// `dagsorden-log 1`, the position in 20 digits, the chain in hex, 16 hex digits of check.
const MAGIC: &str = "dagsorden-log 1";
const CHECK_DIGITS: usize = 16;

pub(super) struct HeadFile {
    file: File,
}

impl HeadFile {
    pub fn create(dir: &Path) -> io::Result<Self> {
        let options =
            File::options().read(true).write(true).create(true).truncate(false).open(dir.join(NAME));
        options.map(|file| Self { file })
    }

    /// One write of less than a sector, always the same length: it is there or it is not.
    pub fn write(&self, head: Head) -> io::Result<()> {
        self.file.write_all_at(encode(head).as_bytes(), 0)
    }

    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

/// What the file says: nothing when it is not there, or why it cannot be used.
pub(super) fn read(dir: &Path) -> Result<Option<Head>, String> {
    match std::fs::read(dir.join(NAME)) {
        Ok(bytes) => decode(&bytes).map(Some).ok_or_else(|| "it is damaged".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn encode(head: Head) -> String {
    let text = format!("{MAGIC} {:020} {}", head.position.0, head.hash);
    let check = check(&text);
    format!("{text} {check}\n")
}

fn decode(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let (text, sum) = text.rsplit_once(' ')?;
    if check(text) != sum {
        return None;
    }
    let (position, hash) = text.strip_prefix(MAGIC)?.strip_prefix(' ')?.split_once(' ')?;
    Some(Head { position: Position(position.parse().ok()?), hash: hash.parse::<Hash>().ok()? })
}

fn check(text: &str) -> String {
    chain::leaf(text.as_bytes()).to_string().chars().take(CHECK_DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_byte_is_noticed() {
        let head = Head { position: Position(u64::MAX), hash: Hash([7; 32]) };
        let bytes = encode(head).into_bytes();
        assert_eq!(decode(&bytes), Some(head));
        for i in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[i] ^= 1;
            assert_eq!(decode(&changed), None, "byte {i}");
            assert_eq!(decode(&bytes[..i]), None, "cut at {i}");
        }
    }
}
