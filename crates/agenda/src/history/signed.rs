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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{CheckpointSigned, Commit, Position, Timestamp},
        history::{ForumChronicle, Line},
        id::{CommandId, ForumId, MeetingId, SessionId, StreamId, UserId},
    };

    const KEY: &str = "dagsorden+1a2b3c4d+AbcD+/==";
    const MEETING: MeetingId = MeetingId::from_bytes([4; 16]);

    fn line(event: Event, language: Language) -> Line {
        let commit = Commit {
            stream: StreamId::Seals,
            sequence: 1,
            at: Timestamp(5),
            by: UserId::new("dagsorden").unwrap(),
            session: SessionId::from_bytes([0; 16]),
            command: CommandId::from_bytes([0; 16]),
            events: vec![event],
        };
        let told = told(&Recorded { position: Position(9), commit });
        Line::of(&told[0], &ForumChronicle::new(ForumId::from_bytes([1; 16])), language)
    }

    fn seal(manifest: &str) -> Event {
        let (manifest, signature) = (manifest.to_owned(), String::new());
        EditionSealed { meeting: MEETING, edition: 2, manifest, signature, key: KEY.into() }.into()
    }

    fn checkpoint(note: &str) -> Event {
        CheckpointSigned { note: note.into(), key: KEY.into() }.into()
    }

    #[test]
    fn a_seal_says_of_which_edition_how_many_files_and_which_key() {
        let line_of = |manifest| line(seal(manifest), Language::Danish);
        let told = line_of(r#"{"files":[{"path":"a"},{"path":"b"}]}"#);
        assert_eq!(told.sentence, "Tjenesten underskrev 2 filer i udgave 2 med nøglen dagsorden+1a2b3c4d.");
        assert_eq!(
            (told.kind, told.meeting, told.event),
            (HistoryKind::Seal, Some(MEETING), "EditionSealed")
        );
        assert_eq!((told.name.as_str(), told.roles.len()), ("Tjenesten", 0));
        assert!(line_of("{").sentence.contains("ikke kan læses"));
    }

    #[test]
    fn a_checkpoint_says_how_far_the_log_had_come() {
        let note = "dagsorden/b75de0ce6615aa0c\n4\nZ/FKJXA0oWCNXyTWMUgWD43EOTLfdcwz9EsZ5oDf6Hs=\n\n— eksempel AAAA\n";
        let told = line(checkpoint(note), Language::English);
        assert_eq!(
            told.sentence,
            "The service signed the log up to position 4 with the key dagsorden+1a2b3c4d."
        );
        assert_eq!((told.kind, told.meeting), (HistoryKind::Checkpoint, None));
        assert!(line(checkpoint("x"), Language::English).sentence.contains("cannot be read"));
    }
}
