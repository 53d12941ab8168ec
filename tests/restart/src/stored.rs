//! What a log and the access log hold, read without the service.

use crate::auditor::AUDITOR;
use agenda::event::words::ERASED_ITEM;
use agenda::event::{Event, Recorded};
use agenda::id::{Hash, ItemId};
use agenda::sync::{change::Change, chunk};
use eventlog::keys::TextKeys;
use eventlog::verify::verify_with;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A change of a document, as it was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange {
    pub position: u64,
    pub document: String,
    pub hash: Hash,
    pub actor: Vec<u8>,
    pub seq: u32,
    /// Written by one of the test's clients.
    pub by_pen: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// In the order of the log.
    pub changes: Vec<StoredChange>,
    pub refused: HashSet<Hash>,
    /// Attachments that came in with a file.
    pub files: usize,
    /// Where each command stands, by its id.
    pub commands: HashMap<String, Vec<u64>>,
    /// What each item was called when it was added.
    pub titles: HashMap<ItemId, String>,
    pub erased: HashSet<ItemId>,
    /// Lines of the auditor in the access log.
    pub looks: usize,
}

impl Stored {
    /// Reads the log of a data folder, which no process may have open, and checks it.
    pub fn read(data: &Path) -> Result<Self, String> {
        let mut stored = Self::default();
        let read = verify_with(&data.join("log"), &keys(data)?, |recorded| stored.add(recorded));
        read.map_err(|finding| finding.to_string())?;
        stored.looks = looks(&data.join("access")).map_err(|error| error.to_string())?;
        Ok(stored)
    }

    fn add(&mut self, recorded: &Recorded) -> Result<(), String> {
        let position = recorded.position.0;
        self.commands.entry(recorded.commit.command.to_string()).or_default().push(position);
        for event in &recorded.commit.events {
            match event {
                Event::ChangesRecorded(e) => {
                    for bytes in &e.changes {
                        self.add_changes(position, &e.document.to_string(), &bytes.0)?;
                    }
                }
                Event::AttachmentAdded(e) if e.file.is_some() => self.files += 1,
                Event::ItemAdded(e) => drop(self.titles.insert(e.item, e.title.clone())),
                Event::ItemErased(e) => drop(self.erased.insert(e.item)),
                Event::EditRefused(e) => drop(self.refused.insert(e.hash)),
                _ => {}
            }
        }
        Ok(())
    }

    fn add_changes(&mut self, position: u64, document: &str, bytes: &[u8]) -> Result<(), String> {
        for chunk in chunk::split(bytes).map_err(|e| e.to_string())? {
            let change = Change::parse(&chunk).map_err(|e| e.to_string())?;
            let (actor, seq) = (change.actor.to_vec(), change.seq);
            let (hash, by_pen) = (change.hash, actor.starts_with(client::ACTOR_PREFIX));
            let document = document.to_owned();
            self.changes.push(StoredChange { position, document, hash, actor, seq, by_pen });
        }
        Ok(())
    }

    /// Of an item that was not erased the words can be read; of one that was they cannot, once the log was `opened`
    /// with its erasure. Returns how many were erased.
    pub fn check_erasures(&self, opened: bool) -> Result<usize, String> {
        for (item, title) in &self.titles {
            match (self.erased.contains(item), title == ERASED_ITEM) {
                (false, true) => return Err(format!("the words of {item} are gone and were not erased")),
                (true, false) if opened => return Err(format!("{item} was erased and is called {title}")),
                _ => {}
            }
        }
        Ok(self.erased.len())
    }

    /// How many changes a document has.
    pub fn count(&self, document: &str) -> usize {
        self.changes.iter().filter(|change| change.document == document).count()
    }
}

/// Half a line, which a cut left, is none.
fn looks(folder: &Path) -> std::io::Result<usize> {
    let mut count = 0;
    for file in std::fs::read_dir(folder)? {
        let text = std::fs::read(file?.path())?;
        let lines = text.split(|byte| *byte == b'\n');
        let read = lines.filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok());
        count += read.filter(|line| line["user"] == AUDITOR).count();
    }
    Ok(count)
}

fn keys(data: &Path) -> Result<TextKeys, String> {
    TextKeys::beside(&data.join("log")).map_err(|error| error.to_string())
}

/// All commits of a data folder's log, in order.
pub fn commits(data: &Path) -> Result<Vec<Recorded>, String> {
    let mut all = Vec::new();
    let read = verify_with(&data.join("log"), &keys(data)?, |recorded| {
        all.push(recorded.clone());
        Ok(())
    });
    read.map(|_| all).map_err(|finding| finding.to_string())
}

/// A copy of a data folder.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
