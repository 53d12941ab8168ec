//! What `dagsorden verify` does with receipts, checkpoints and exported logs: the same as the small verifier,
//! and beside it the log of the data folder, or a running service.

use crate::{Outcome, live, service::Service};
use agenda::{
    event::{Event, Recorded},
    language::Language,
};
use proof::{cosignature::WitnessKey, log::check_recorded, note::Verifier, tree::Tree};
use std::{collections::BTreeSet, error::Error, path::PathBuf};
use verifier::{Case, Evidence, Live, Standing, Words};

/// What was given, read and sorted.
pub struct Given {
    evidence: Vec<(PathBuf, Evidence)>,
    /// What a service shows now.
    live: Option<Live>,
    pub witnesses: Vec<WitnessKey>,
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
    let mut given = Given { evidence: Vec::new(), live: None, witnesses: Vec::new(), files: Vec::new() };
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
        let evidence = |one: &Evidence| matches!(one, Evidence::Log(_) | Evidence::Receipt(_));
        self.live.is_some() || self.evidence.iter().any(|(_, one)| evidence(one))
    }

    /// Fetches what a running service has to say of all this.
    pub async fn ask(&mut self, address: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        let service = Service::new(address, None)?;
        let receipted = self.evidence.iter().any(|(_, one)| matches!(one, Evidence::Receipt(_)));
        let mut receipts = Vec::new();
        for (_, one) in &self.evidence {
            if let Evidence::File(hash) = one
                && !receipted
            {
                receipts.extend(live::receipts(&service, *hash).await?);
            }
        }
        let found = receipts.into_iter().map(|(path, receipt)| (format!("{address}{path}").into(), receipt));
        self.evidence.extend(found);
        let sizes: BTreeSet<u64> = self.evidence.iter().filter_map(|(_, one)| size(one)).collect();
        self.live = Some(live::fetch(&service, address, &sizes).await?);
        Ok(())
    }

    /// Says what all of it shows. With the tree of a log, published files have been judged by that.
    pub fn judge(self, keys: Vec<Verifier>, log: Option<&Tree>, language: Language) -> Outcome {
        let words = Words { danish: language.pick(true, false) };
        let mut case = Case::new(keys, words).witnessed_by(self.witnesses).live(self.live);
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

/// How many commits a piece of evidence is of.
fn size(evidence: &Evidence) -> Option<u64> {
    match evidence {
        Evidence::Log(log) => log.as_ref().ok().map(|log| log.tree.size()),
        Evidence::Receipt(receipt) => receipt.signed_checkpoint().map(|signed| signed.checkpoint.size),
        Evidence::Checkpoint(signed) => Some(signed.checkpoint.size),
        Evidence::File(_) => None,
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
