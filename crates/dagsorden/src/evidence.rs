//! What `dagsorden verify` does with receipts, checkpoints and exported logs: the same as the small verifier,
//! and beside it the log of the data folder.

use crate::Outcome;
use agenda::{
    event::{Event, Recorded},
    language::Language,
};
use proof::{log::check_recorded, note::Verifier, tree::Tree};
use std::{error::Error, path::PathBuf};
use verifier::{Case, Evidence, Standing, Words};

/// What was given, read and sorted.
pub struct Given {
    evidence: Vec<(PathBuf, Evidence)>,
    /// Those that are none of our kinds: published files, or nothing of ours.
    pub files: Vec<PathBuf>,
}

/// A checkpoint of the log, and where it stands.
pub struct RecordedCheckpoint {
    position: u64,
    note: String,
}

/// Reads the files; a log among them is checked on the way.
pub fn read(paths: &[PathBuf], keys: &[Verifier]) -> Result<Given, Box<dyn Error + Send + Sync>> {
    let mut given = Given { evidence: Vec::new(), files: Vec::new() };
    for path in paths {
        let evidence = verifier::read(path, keys).map_err(|error| format!("{}: {error}", path.display()))?;
        if matches!(evidence, Evidence::File(_)) {
            given.files.push(path.clone());
        }
        given.evidence.push((path.clone(), evidence));
    }
    Ok(given)
}

impl Given {
    /// Whether there is something to hold the files against.
    pub fn stands_alone(&self) -> bool {
        self.evidence.iter().any(|(_, one)| matches!(one, Evidence::Log(_) | Evidence::Receipt(_)))
    }

    /// Says what all of it shows. With the tree of a log, published files have been judged by that.
    pub fn judge(self, keys: Vec<Verifier>, log: Option<&Tree>, language: Language) -> Outcome {
        let words = Words { danish: language.pick(true, false) };
        let mut case = Case::new(keys, words);
        for (path, evidence) in self.evidence {
            if log.is_none() || !matches!(evidence, Evidence::File(_)) {
                case.add(path.display().to_string(), evidence);
            }
        }
        let lines = case.judge(log);
        for line in &lines {
            println!("{}: {}", line.name, line.text);
        }
        let told = language.pick("ikke alt holder", "not everything holds");
        if lines.iter().any(|line| line.standing == Standing::Fails) { Err(told.into()) } else { Ok(()) }
    }
}

/// Takes in the checkpoints of a commit.
pub fn checkpoints(recorded: &Recorded, all: &mut Vec<RecordedCheckpoint>) {
    for event in &recorded.commit.events {
        if let Event::CheckpointSigned(e) = event {
            all.push(RecordedCheckpoint { position: recorded.position.0, note: e.note.clone() });
        }
    }
}

/// Whether each checkpoint of the log is one of it, and signed.
pub fn check(all: &[RecordedCheckpoint], tree: &Tree, keys: &[Verifier], language: Language) -> Outcome {
    if keys.is_empty() && !all.is_empty() {
        let told = language.pick(
            "nøglerne mangler: læg mappen keys i datamappen, eller giv dem med --key",
            "the keys are missing: put the folder keys in the data folder, or give them with --key",
        );
        return Err(told.into());
    }
    let mut covered = 0;
    for RecordedCheckpoint { position, note } in all {
        let from = covered + 1;
        covered = check_recorded(note, position - 1, tree, keys).map_err(|(why, to)| {
            language.pick(
                format!("kontrolpunktet på plads {position} holder ikke ({why}): det ændrede er en af {from} til {to}"),
                format!("the checkpoint at position {position} does not hold ({why}): what was changed is one of {from} to {to}"),
            )
        })?;
    }
    Ok(())
}
