//! Which words of a log cannot be read, and whether the log says why: their keys are gone, and either an erasure
//! destroyed them or they are missing.

use crate::{codec::Words, keys::KeyId, ledger::erased};
use agenda::{
    event::{Commit, Position},
    id::{StreamId, TextId},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A text whose words cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    pub stream: StreamId,
    pub text: TextId,
    /// Its first words that cannot be read.
    pub first: Position,
}

/// What was found so far, of a log that is gone through in order.
#[derive(Debug, Default)]
pub struct Unread {
    lost: BTreeMap<KeyId, Lost>,
    /// The keys that each text has had since it was last erased.
    used: HashMap<TextId, BTreeSet<KeyId>>,
    erased: BTreeSet<KeyId>,
}

impl Unread {
    pub fn take(&mut self, position: Position, commit: &Commit, words: &[Words]) {
        for text in erased(commit) {
            self.erased.extend(self.used.remove(&text).unwrap_or_default());
        }
        for Words { text, key, read } in words {
            self.used.entry(*text).or_default().insert(*key);
            if !read {
                let lost = Lost { stream: commit.stream, text: *text, first: position };
                self.lost.entry(*key).or_insert(lost);
            }
        }
    }

    /// At the end of the log: the texts of which it does not say that they were erased.
    pub fn lost(&self) -> impl Iterator<Item = &Lost> {
        self.lost.iter().filter(|(key, _)| !self.erased.contains(*key)).map(|(_, lost)| lost)
    }

    /// The keys that the log says were destroyed.
    pub fn erased(&self) -> impl Iterator<Item = KeyId> {
        self.erased.iter().copied()
    }
}
