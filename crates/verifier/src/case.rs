//! All evidence together: what each piece says by itself, and whether the pieces agree.

use crate::{
    evidence::{CheckedLog, Evidence},
    facts::{BadSeal, Edition, Facts, SealedFile},
    live::Live,
    told::{danish_checkpoint, danish_fault, danish_receipt, told},
    words::Words,
};
use proof::{
    checkpoint::{Checkpoint, SignedCheckpoint, origin},
    cosignature::WitnessKey,
    hash::Hash,
    log::{BadLog, hold},
    note::Verifier,
    receipt::{Receipt, Shown, ShownReceipt},
    tree::Tree,
};

/// What is said of one piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub standing: Standing,
    /// The name of the file, or of what is compared.
    pub name: String,
    pub text: String,
}

/// Whether it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Holds,
    /// It takes more evidence to tell.
    Open,
    Fails,
}

/// The evidence, by kind, with the names it was given by.
pub struct Case {
    keys: Vec<Verifier>,
    pub(crate) witnesses: Vec<WitnessKey>,
    pub(crate) words: Words,
    live: Option<Live>,
    logs: Vec<(String, Result<Box<CheckedLog>, BadLog>)>,
    receipts: Vec<(String, Receipt)>,
    checkpoints: Vec<(String, SignedCheckpoint)>,
    files: Vec<(String, Hash)>,
    lines: Vec<Line>,
}

impl Case {
    /// With the keys that are trusted.
    pub fn new(keys: Vec<Verifier>, words: Words) -> Self {
        let (logs, receipts, checkpoints, files) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (witnesses, live) = (Vec::new(), None);
        Self { keys, witnesses, words, live, logs, receipts, checkpoints, files, lines: Vec::new() }
    }

    /// With witnesses whose cosignatures are asked for.
    pub fn witnessed_by(self, witnesses: Vec<WitnessKey>) -> Self {
        Self { witnesses, ..self }
    }

    /// With what a service shows now.
    pub fn live(self, live: Option<Live>) -> Self {
        Self { live, ..self }
    }

    pub fn add(&mut self, name: String, evidence: Evidence) {
        match evidence {
            Evidence::Log(log) => self.logs.push((name, log)),
            Evidence::Receipt(receipt) => self.receipts.push((name, *receipt)),
            Evidence::Checkpoint(checkpoint) => self.checkpoints.push((name, checkpoint)),
            Evidence::File(hash) => self.files.push((name, hash)),
        }
    }

    /// What all of it shows. `known` is the tree of a log that was checked elsewhere.
    pub fn judge(mut self, known: Option<&Tree>) -> Vec<Line> {
        let (logs, receipts) = (std::mem::take(&mut self.logs), std::mem::take(&mut self.receipts));
        let checkpoints = std::mem::take(&mut self.checkpoints);
        let mut trees: Vec<&Tree> = known.into_iter().collect();
        for (name, log) in &logs {
            self.log(name, log);
            trees.extend(log.as_ref().ok().map(|log| &log.tree));
        }
        self.same_logs(&logs);
        let mut facts: Vec<&Facts> =
            logs.iter().filter_map(|(_, log)| Some(&log.as_ref().ok()?.facts)).collect();
        let mut signed: Vec<(String, Checkpoint)> = Vec::new();
        for (name, checkpoint) in &checkpoints {
            signed.extend(self.checkpoint(name, checkpoint).map(|it| (name.clone(), it)));
        }
        let mut shown = Facts::default();
        for (name, receipt) in &receipts {
            if let Some(good) = self.receipt(name, receipt) {
                self.commits_in_logs(name, &good, &trees);
                shown.shown(&good);
                signed.push((name.clone(), good.checkpoint));
            }
        }
        facts.push(&shown);
        let with_log = self.live.is_some();
        if let Some(live) = self.live.take() {
            self.against_live(&live, &signed, &trees);
        }
        let with_log = with_log || !trees.is_empty();
        self.against_logs(&signed, &trees);
        self.against_each_other(&signed, with_log);
        for facts in &facts {
            self.seals(facts);
        }
        for (name, hash) in std::mem::take(&mut self.files) {
            self.file(&name, hash, &facts);
        }
        self.lines
    }

    pub(crate) fn say(&mut self, standing: Standing, name: &str, danish: String, english: String) {
        let text = self.words.pick(danish, english);
        self.lines.push(Line { standing, name: name.to_owned(), text });
    }

    fn log(&mut self, name: &str, log: &Result<Box<CheckedLog>, BadLog>) {
        match log {
            Ok(log) => {
                let CheckedLog { tree, streams, checkpoints, chain, .. } = &**log;
                let (size, root) = (tree.size(), tree.root(tree.size()).unwrap_or(*chain));
                let of = tree.commit(1).map(origin).unwrap_or_default();
                let unsigned = if self.keys.is_empty() {
                    self.words.pick(
                        " Underskrifterne er ikke kontrolleret: ingen nøgle er givet.",
                        " The signatures were not checked: no key was given.",
                    )
                } else {
                    String::new()
                };
                self.say(
                    Standing::Holds,
                    name,
                    format!(
                        "loggen {of} er hel: {size} poster i {streams} strømme, {checkpoints} kontrolpunkter i \
                         den holder. Rod {root}.{unsigned}"
                    ),
                    format!(
                        "the log {of} is whole: {size} commits in {streams} streams, {checkpoints} checkpoints in \
                         it hold. Root {root}.{unsigned}"
                    ),
                );
                for erasure in &log.erasures {
                    let text = erasure.explain(self.words);
                    self.lines.push(Line { standing: Standing::Holds, name: name.to_owned(), text });
                }
            }
            Err(bad) => self.say(
                Standing::Fails,
                name,
                format!("loggen holder ikke. Post {}: {}", bad.position, danish_fault(&bad.fault)),
                format!("the log does not hold. Position {}: {}", bad.position, bad.fault),
            ),
        }
    }

    /// Two copies of one log have the same beginning; if not, two histories were told.
    fn same_logs(&mut self, logs: &[(String, Result<Box<CheckedLog>, BadLog>)]) {
        let good: Vec<_> = logs.iter().filter_map(|(name, log)| Some((name, log.as_ref().ok()?))).collect();
        let pairs = good.iter().zip(good.iter().skip(1));
        for ((one, a), (other, b)) in pairs {
            let until = a.tree.size().min(b.tree.size());
            let differs = (1..=until).find(|position| a.tree.commit(*position) != b.tree.commit(*position));
            let name = format!("{one}, {other}");
            match differs {
                None => self.say(
                    Standing::Holds,
                    &name,
                    format!("de første {until} poster er de samme."),
                    format!("the first {until} commits are the same."),
                ),
                Some(position) => self.say(
                    Standing::Fails,
                    &name,
                    format!("det er to forskellige historier: post {position} er den første, som ikke er den samme."),
                    format!("these are two different histories: position {position} is the first that is not the same."),
                ),
            }
        }
    }

    /// Who signed it; nothing if nobody did.
    pub(crate) fn checkpoint(&mut self, name: &str, signed: &SignedCheckpoint) -> Option<Checkpoint> {
        let Checkpoint { origin, size, root } = &signed.checkpoint;
        match signed.signed_by(&self.keys) {
            Ok(key) => {
                let key = key.to_string();
                self.say(
                    Standing::Holds,
                    name,
                    format!("kontrolpunkt for {origin}: {size} poster, rod {root}, underskrevet med {key}."),
                    format!("checkpoint of {origin}: {size} commits, root {root}, signed by {key}."),
                );
                self.witnesses(name, signed);
                Some(signed.checkpoint.clone())
            }
            Err(error) => {
                self.say(
                    Standing::Fails,
                    name,
                    format!("kontrolpunktet er ikke underskrevet: {}", danish_checkpoint(&error)),
                    format!("the checkpoint is not signed: {error}"),
                );
                None
            }
        }
    }

    fn receipt(&mut self, name: &str, receipt: &Receipt) -> Option<ShownReceipt> {
        let named: Vec<Verifier> = receipt.named_key().into_iter().collect();
        let trusted = !self.keys.is_empty();
        match receipt.show(if trusted { &self.keys } else { &named }) {
            Ok(good) => {
                for commit in &good.commits {
                    let (danish, english) = told(commit);
                    self.say(Standing::Holds, name, danish, english);
                }
                if let Some(signed) = receipt.signed_checkpoint() {
                    self.witnesses(name, &signed);
                }
                if !trusted {
                    self.own_key(name, &good.signed_by.to_string());
                }
                Some(good)
            }
            Err(error) => {
                self.say(
                    Standing::Fails,
                    name,
                    format!("kvitteringen holder ikke. {}", danish_receipt(&error)),
                    format!("the receipt does not hold: {error}"),
                );
                None
            }
        }
    }

    fn own_key(&mut self, name: &str, key: &str) {
        self.say(
            Standing::Open,
            name,
            format!("kvitteringen er kun holdt op mod sin egen nøgle, {key}. Giv den nøgle, du stoler på, med --key."),
            format!("the receipt was checked with its own key only, {key}. Give the key you trust with --key."),
        );
    }

    fn commits_in_logs(&mut self, name: &str, receipt: &ShownReceipt, trees: &[&Tree]) {
        for tree in trees {
            let there = |commit: &&Shown| tree.commit(commit.position) != Some(commit.hash);
            match receipt.commits.iter().find(there) {
                None => self.say(
                    Standing::Holds,
                    name,
                    "posterne står i loggen, som de blev kvitteret.".into(),
                    "the commits stand in the log as they were receipted.".into(),
                ),
                Some(commit) => self.say(
                    Standing::Fails,
                    name,
                    format!("post {} i loggen er ikke den, der blev kvitteret.", commit.position),
                    format!("position {} of the log is not the commit that was receipted.", commit.position),
                ),
            }
        }
    }

    /// Each signed checkpoint against each log; from several it can be told where a log was changed.
    fn against_logs(&mut self, signed: &[(String, Checkpoint)], trees: &[&Tree]) {
        for tree in trees {
            let mut sorted: Vec<_> = signed.iter().collect();
            sorted.sort_by_key(|(_, checkpoint)| checkpoint.size);
            let mut held = 0;
            for (name, checkpoint) in sorted {
                match hold(checkpoint, tree) {
                    Ok(()) => {
                        held = held.max(checkpoint.size);
                        self.say(
                            Standing::Holds,
                            name,
                            format!("loggen begynder med de {} poster i kontrolpunktet.", checkpoint.size),
                            format!("the log begins with the {} commits of the checkpoint.", checkpoint.size),
                        );
                    }
                    Err(_) if checkpoint.size > tree.size() => {
                        let missing = tree.size() + 1;
                        self.say(
                            Standing::Fails,
                            name,
                            format!(
                                "loggen mangler sin slutning: posterne {missing} til {}.",
                                checkpoint.size
                            ),
                            format!("the log has lost its end: positions {missing} to {}.", checkpoint.size),
                        );
                    }
                    Err(reason) => {
                        let from = held + 1;
                        self.say(
                            Standing::Fails,
                            name,
                            format!(
                                "loggen er ikke den, der blev underskrevet: den første ændrede post er en af {from} \
                                 til {}.",
                                checkpoint.size
                            ),
                            format!(
                                "the log is not the one that was signed ({reason}): the first changed commit is one of \
                                 {from} to {}.",
                                checkpoint.size
                            ),
                        );
                    }
                }
            }
        }
    }

    /// Two checkpoints of one size with different roots: two people were shown different logs.
    fn against_each_other(&mut self, signed: &[(String, Checkpoint)], with_log: bool) {
        for (at, (name, one)) in signed.iter().enumerate() {
            for (other_name, other) in signed.iter().skip(at + 1) {
                let both = format!("{name}, {other_name}");
                if one.origin != other.origin {
                    self.say(
                        Standing::Open,
                        &both,
                        "kontrolpunkterne er fra hver sin log.".into(),
                        "the checkpoints are of different logs.".into(),
                    );
                } else if one.size == other.size && one.root != other.root {
                    let size = one.size;
                    self.say(
                        Standing::Fails,
                        &both,
                        format!(
                            "loggen er vist i to udgaver: med {size} poster har den to forskellige rødder."
                        ),
                        format!(
                            "the log was shown in two forms: with {size} commits it has two different roots."
                        ),
                    );
                } else if one.size != other.size && !with_log {
                    self.say(
                        Standing::Open,
                        &both,
                        "om det ene kontrolpunkt bygger på det andet, kræver loggen eller dens fliser at afgøre.".into(),
                        "whether one checkpoint builds on the other takes the log or its tiles to tell.".into(),
                    );
                }
            }
        }
    }

    fn seals(&mut self, facts: &Facts) {
        if self.keys.is_empty() {
            return;
        }
        for (position, bad) in facts.bad_seals(&self.keys) {
            let (danish, english) = match bad {
                BadSeal::Form => ("kan ikke læses", "cannot be read"),
                BadSeal::Signature => {
                    ("er ikke underskrevet med en kendt nøgle", "is not signed by a known key")
                }
                BadSeal::Content => {
                    ("er af andet, end der blev udgivet", "is of other content than was published")
                }
            };
            let name = self.words.pick(format!("post {position}"), format!("position {position}"));
            self.say(Standing::Fails, &name, format!("seglet {danish}."), format!("the seal {english}."));
        }
    }

    fn file(&mut self, name: &str, hash: Hash, facts: &[&Facts]) {
        let mut found: Vec<(SealedFile, Option<u64>)> = Vec::new();
        for facts in facts {
            for file in facts.sealed(hash, &self.keys) {
                let superseded = facts.superseded_by(&file.edition);
                let known =
                    found.iter_mut().find(|(one, _)| one.edition == file.edition && one.path == file.path);
                match known {
                    Some((_, later)) => *later = later.or(superseded),
                    None => found.push((file, superseded)),
                }
            }
        }
        if found.is_empty() {
            let why = if self.keys.is_empty() {
                ("Giv nøglen med --key.", "Give the key with --key.")
            } else {
                ("Den er ændret eller hører ikke hertil.", "It was altered, or does not belong here.")
            };
            self.say(
                Standing::Fails,
                name,
                format!("ikke blandt de filer, der er underskrevet i det, du har givet. {}", why.0),
                format!("not among the files that are signed for in what you gave. {}", why.1),
            );
        }
        for (SealedFile { path, edition: Edition { number, of, .. }, position }, superseded) in found {
            let later = superseded.map(|later| {
                let (da, en) =
                    (format!(" Rettet med udgave {later}."), format!(" Corrected by edition {later}."));
                self.words.pick(da, en)
            });
            let later = later.unwrap_or_default();
            self.say(
                Standing::Holds,
                name,
                format!("uændret: {path} i udgave {number}, {of}, underskrevet i post {position}.{later}"),
                format!(
                    "unchanged: {path} of edition {number}, {of}, signed for at position {position}.{later}"
                ),
            );
        }
    }
}
