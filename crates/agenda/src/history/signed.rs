//! What the service put its name to, as entries of the trail: the files of an edition, and how far
//! the log had come.

use super::{Entry, HistoryKind, Reader, Words};
use crate::{
    event::{EditionSealed, Event, Recorded},
    language::Language,
};
use proof::checkpoint::SignedCheckpoint;
use serde::{Deserialize, de::IgnoredAny};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    what: What,
    /// Name and number of the key: "dagsorden+1a2b3c4d".
    key: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// The edition's number, and how many files; `None` where the list of them cannot be read.
    Files(u32, Option<usize>),
    /// The first commits of the log, so many.
    Log(Option<u64>),
}

/// Who signs, in words.
pub fn signer(language: Language) -> &'static str {
    language.pick("Tjenesten", "The service")
}

/// What a commit in the stream of what the service signs tells.
pub(super) fn told(recorded: &Recorded) -> Vec<Entry> {
    let events = recorded.commit.events.iter();
    let entries = events.filter_map(|event| {
        let (kind, what, key, meeting) = match event {
            Event::EditionSealed(e) => {
                (HistoryKind::Seal, What::Files(e.edition, files(e)), &e.key, Some(e.meeting))
            }
            Event::CheckpointSigned(e) => {
                let read = SignedCheckpoint::parse(&e.note).ok();
                (HistoryKind::Checkpoint, What::Log(read.map(|note| note.checkpoint.size)), &e.key, None)
            }
            _ => return None,
        };
        let words = Words::Signed(Signed { what, key: short(key) });
        Some(Entry { event: event.kind().0, meeting, ..Reader::entry(recorded, kind, words) })
    });
    entries.collect()
}

#[derive(Deserialize)]
struct Files {
    files: Vec<IgnoredAny>,
}

fn files(event: &EditionSealed) -> Option<usize> {
    serde_json::from_str::<Files>(&event.manifest).ok().map(|manifest| manifest.files.len())
}

/// A verifier key is its name, its number and the key itself.
fn short(key: &str) -> String {
    key.split('+').take(2).collect::<Vec<_>>().join("+")
}

impl Signed {
    pub fn sentence(&self, name: &str, language: Language) -> String {
        let key = &self.key;
        match self.what {
            What::Files(edition, files) => language.pick(
                format!("{name} underskrev {} i udgave {edition} med nøglen {key}.", danish(files)),
                format!("{name} signed {} of edition {edition} with the key {key}.", english(files)),
            ),
            What::Log(Some(size)) => language.pick(
                format!("{name} underskrev loggen til og med position {size} med nøglen {key}."),
                format!("{name} signed the log up to position {size} with the key {key}."),
            ),
            What::Log(None) => language.pick(
                format!("{name} underskrev loggen med nøglen {key}; underskriften kan ikke læses."),
                format!("{name} signed the log with the key {key}; the signature cannot be read."),
            ),
        }
    }
}

fn danish(files: Option<usize>) -> String {
    match files {
        Some(1) => "1 fil".to_owned(),
        Some(count) => format!("{count} filer"),
        None => "filer, hvis liste ikke kan læses,".to_owned(),
    }
}

fn english(files: Option<usize>) -> String {
    match files {
        Some(1) => "1 file".to_owned(),
        Some(count) => format!("{count} files"),
        None => "files, in a list that cannot be read,".to_owned(),
    }
}
