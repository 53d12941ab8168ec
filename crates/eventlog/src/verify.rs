//! The check of a whole log: every hash, every number, every index entry and the head file.
//! It names the first place where the log is not what was written, and what is wrong there.

use crate::codec::{self, CodecError, Words};
use crate::keys::TextKeys;
use crate::ledger::Ledger;
use crate::unread::Unread;
use crate::{Head, chain};
use agenda::event::{Position, Recorded};
use agenda::id::{Hash, StreamId, TextId};

use proof::{envelope::BadEnvelope, tree::Tree};
use std::collections::BTreeSet;
use std::fmt;

pub use crate::backend::sled::{verify, verify_with};

/// What a whole and sound log holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub commits: u64,
    pub streams: usize,
    pub head: Head,
    /// The Merkle tree over all commits.
    pub tree: Tree,
}

/// The first place at which a log is not sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub damage: Damage,
    /// Where in the log, when that can be told.
    pub position: Option<Position>,
    pub stream: Option<StreamId>,
    pub sequence: Option<u64>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// There is no log in this directory.
    NoLog(String),
    /// The store under the log cannot be opened or read; its own words, with the offset in
    /// the file when it names one.
    Store(String),
    /// The log was written by a newer version.
    Format(String),
    /// The next stored commit stands at another position.
    Gap { found: u64 },
    /// The parts of a commit do not make up its length.
    Incomplete,
    /// The bytes hash to another leaf than is stored beside them.
    Leaf,
    /// The running chain over the whole log does not go on from the commit before.
    LogChain,
    /// The bytes are no commit.
    Unreadable(String),
    /// The commit does not have the next sequence of its stream.
    Sequence { expected: u64 },
    /// The commit names another commit as the one before it in its stream.
    StreamChain,
    /// An index does not lead to this commit.
    Index(&'static str),
    /// An index has another number of entries than there are commits.
    IndexCount { index: &'static str, entries: u64 },
    /// The log had more commits: those from here on are missing.
    TailMissing { until: u64 },
    /// The head file names another commit at its position.
    OtherHead,
    /// The head file cannot be read, or (when the whole log is checked) is not there.
    HeadFile(String),
    /// Bytes of a file of the store were changed after the log was closed. Every commit is whole,
    /// or `effect` says why that cannot be told.
    Sealed { file: String, offset: u64, length: u64, effect: Option<String> },
    /// Words cannot be read: the keys of so many texts are missing, and the log does not say that they were erased.
    KeysMissing { texts: usize },
    /// The commit's content does not fit what came before; found by the caller's own check.
    Content(String),
}

impl Damage {
    /// The finding that the whole log is damaged in this way, at no one commit.
    pub(crate) fn anywhere(self) -> Finding {
        Finding { damage: self, position: None, stream: None, sequence: None }
    }

    pub(crate) fn at(self, position: u64) -> Finding {
        Finding { position: Some(Position(position)), ..self.anywhere() }
    }

    pub(crate) fn in_commit(self, recorded: &Recorded) -> Finding {
        Finding {
            damage: self,
            position: Some(recorded.position),
            stream: Some(recorded.commit.stream),
            sequence: Some(recorded.commit.sequence),
        }
    }

    fn danish(&self) -> String {
        match self {
            Self::NoLog(dir) => format!("der er ingen hændelseslog i {dir}"),
            Self::Store(reason) => format!("lageret kan ikke læses: {reason}"),
            Self::Format(found) => format!("loggen er skrevet af en nyere version ({found})"),
            Self::Gap { found } => format!("posteringen mangler; den næste er nr. {found}"),
            Self::Incomplete => "posteringen er ikke hel".into(),
            Self::Leaf => "posteringens indhold er ændret: det svarer ikke til dets hash".into(),
            Self::LogChain => "hashkæden over hele loggen er brudt her".into(),
            Self::Unreadable(reason) => format!("posteringen kan ikke læses: {reason}"),
            Self::Sequence { expected } => format!("strømmen skulle her have haft nr. {expected}"),
            Self::StreamChain => "strømmens hashkæde er brudt her".into(),
            Self::Index(name) => format!("opslaget «{name}» fører ikke til posteringen"),
            Self::IndexCount { index, entries } => format!("opslaget «{index}» har {entries} indgange"),
            Self::TailMissing { until } => {
                format!("slutningen af loggen mangler: posteringerne herfra til og med nr. {until}")
            }
            Self::OtherHead => "filen HEAD kender en anden postering på denne plads".into(),
            Self::HeadFile(reason) => format!("filen HEAD kan ikke bruges: {reason}"),
            Self::Sealed { file, offset, length, effect } => format!(
                "filen {file} er ændret, efter at loggen blev lukket, mellem byte {offset} og {}; {}",
                offset + length,
                effect.as_deref().unwrap_or("alle posteringer er hele")
            ),
            Self::KeysMissing { texts } => format!(
                "nøglerne til {texts} tekster mangler herfra, og loggen siger ikke, at de er slettet; læg mappen \
                 item-keys tilbage. Er nøglerne slettet, efter at denne kopi af loggen blev taget, så tag loggen ud med \
                 `dagsorden export`, og gendan den med `dagsorden restore --erase-unreadable`"
            ),
            Self::Content(reason) => reason.clone(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NoLog(dir) => format!("there is no event log in {dir}"),
            Self::Store(reason) => format!("the store cannot be read: {reason}"),
            Self::Format(found) => format!("the log was written by a newer version ({found})"),
            Self::Gap { found } => format!("the commit is missing; the next one is no. {found}"),
            Self::Incomplete => "the commit is not complete".into(),
            Self::Leaf => "the commit was changed: its content does not match its hash".into(),
            Self::LogChain => "the hash chain over the whole log is broken here".into(),
            Self::Unreadable(reason) => format!("the commit cannot be read: {reason}"),
            Self::Sequence { expected } => format!("the stream should have had no. {expected} here"),
            Self::StreamChain => "the hash chain of the stream is broken here".into(),
            Self::Index(name) => format!("the index «{name}» does not lead to the commit"),
            Self::IndexCount { index, entries } => format!("the index «{index}» has {entries} entries"),
            Self::TailMissing { until } => {
                format!("the end of the log is missing: the commits from here up to no. {until}")
            }
            Self::OtherHead => "the file HEAD knows another commit at this position".into(),
            Self::HeadFile(reason) => format!("the file HEAD cannot be used: {reason}"),
            Self::Sealed { file, offset, length, effect } => format!(
                "the file {file} was changed after the log was closed, between byte {offset} and {}; {}",
                offset + length,
                effect.as_deref().unwrap_or("every commit is whole")
            ),
            Self::KeysMissing { texts } => format!(
                "the keys of {texts} texts are missing from here on, and the log does not say that they were erased; \
                 put the folder item-keys back. If they were destroyed after this copy of the log was taken, take the log \
                 out with `dagsorden export`, and restore it with `dagsorden restore --erase-unreadable`"
            ),
            Self::Content(reason) => reason.clone(),
        }
    }
}

impl Finding {
    /// For people, in Danish: where, and what is wrong.
    pub fn danish(&self) -> String {
        self.words("postering", "nr.", self.damage.danish())
    }

    fn words(&self, commit: &str, number: &str, what: String) -> String {
        let position = self.position.map(|position| format!("{commit} {position}"));
        let stream = self.stream.zip(self.sequence).map(|(s, n)| format!("({s}, {number} {n})"));
        let place: Vec<String> = position.into_iter().chain(stream).collect();
        if place.is_empty() { what } else { format!("{}: {what}", place.join(" ")) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words("commit", "no.", self.damage.english()))
    }
}

impl std::error::Error for Finding {}

/// A commit as it is stored, with the hashes stored beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub position: u64,
    pub leaf: Hash,
    pub chain: Hash,
    pub envelope: Vec<u8>,
}

impl Stored {
    /// The commit, if its bytes have the hash they had when they were written.
    pub fn open(&self, keys: &TextKeys) -> Result<Opened, Finding> {
        if chain::leaf(&self.envelope) != self.leaf {
            return Err(Damage::Leaf.at(self.position));
        }
        let read =
            codec::decode(&self.envelope, keys).map_err(|error| unreadable(error).at(self.position))?;
        let recorded = Recorded { position: Position(self.position), commit: read.commit };
        Ok(Opened { recorded, previous: read.previous, words: read.words })
    }
}

/// A commit that was read.
pub(crate) struct Opened {
    pub recorded: Recorded,
    pub previous: Hash,
    pub words: Vec<Words>,
}

fn unreadable(error: CodecError) -> Damage {
    match error {
        CodecError::Envelope(BadEnvelope::Version(version)) => Damage::Format(version.to_string()),
        other => Damage::Unreadable(other.to_string()),
    }
}

/// Goes through a log in order and checks each commit against all before it.
pub(crate) struct Checker<'a> {
    pub ledger: Ledger,
    pub tree: Tree,
    keys: &'a TextKeys,
    pub unread: Unread,
}

impl<'a> Checker<'a> {
    pub fn new(keys: &'a TextKeys) -> Self {
        Self { ledger: Ledger::default(), tree: Tree::default(), keys, unread: Unread::default() }
    }

    /// At the end of the log: every key that is not here was destroyed, and the log says so.
    pub fn check_keys(&self) -> Result<(), Finding> {
        let texts: BTreeSet<TextId> = self.unread.lost().map(|lost| lost.text).collect();
        match self.unread.lost().map(|lost| lost.first).min() {
            Some(first) => Err(Damage::KeysMissing { texts: texts.len() }.at(first.0)),
            None => Ok(()),
        }
    }

    pub fn check(&mut self, stored: &Stored) -> Result<Recorded, Finding> {
        let expected = self.ledger.head().position.0 + 1;
        if stored.position != expected {
            return Err(Damage::Gap { found: stored.position }.at(expected));
        }
        let Opened { recorded, previous, words } = stored.open(self.keys)?;
        let stream = self.ledger.head_of(recorded.commit.stream);
        let damage = if chain::link(&self.ledger.head().hash, &stored.leaf) != stored.chain {
            Some(Damage::LogChain)
        } else if recorded.commit.sequence != stream.sequence + 1 {
            Some(Damage::Sequence { expected: stream.sequence + 1 })
        } else if previous != stream.hash {
            Some(Damage::StreamChain)
        } else {
            None
        };
        if let Some(damage) = damage {
            return Err(damage.in_commit(&recorded));
        }
        self.ledger.advance(&recorded, stored.leaf, stored.chain);
        self.tree.push(stored.leaf);
        self.unread.take(recorded.position, &recorded.commit, &words);
        Ok(recorded)
    }
}
