//! What the clients were told, and the check of a log against it. Pure but for the lock.

use crate::stored::Stored;
use agenda::id::Hash;
use client::Pen;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What clients did and what they were answered, of all clients together.
#[derive(Debug, Clone, Default)]
pub struct Record {
    written: HashSet<Hash>,
    acknowledged: HashSet<Hash>,
    refused: HashSet<Hash>,
    /// By command id, the position that was answered.
    commands: BTreeMap<String, Option<u64>>,
    /// How often the auditor asked, and how often an answer came.
    asked: usize,
    seen: usize,
}

/// Shared by the tasks of a test.
#[derive(Debug, Clone, Default)]
pub struct SharedRecord(Arc<Mutex<Record>>);

/// How much a check looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub edits: usize,
    /// In the log without having been acknowledged.
    pub unacknowledged: usize,
    pub refused: usize,
    pub commands: usize,
    pub seen: usize,
}

impl SharedRecord {
    fn with<T>(&self, act: impl FnOnce(&mut Record) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn snapshot(&self) -> Record {
        self.with(|record| record.clone())
    }

    /// To be noted before it is sent.
    pub fn writes(&self, hash: Hash) {
        self.with(|record| record.written.insert(hash));
    }

    /// Notes what a pen has been told by now; `from` is how much was noted before.
    pub fn hears(&self, pen: &Pen, from: usize) {
        self.with(|record| {
            let own = pen.own.iter().take(pen.acknowledged).skip(from);
            record.acknowledged.extend(own.map(|written| written.hash));
            record.refused.extend(pen.refused.iter().filter_map(|hash| hash.parse::<Hash>().ok()));
        });
    }

    /// To be noted before it is sent.
    pub fn commands(&self, id: &str) {
        self.with(|record| *record.commands.entry(id.to_owned()).or_default() = None);
    }

    /// To be noted before the auditor asks.
    pub fn looks(&self) {
        self.with(|record| record.asked += 1);
    }

    pub fn saw(&self) {
        self.with(|record| record.seen += 1);
    }

    pub fn carried_out(&self, id: &str, position: u64) {
        self.with(|record| record.commands.insert(id.to_owned(), Some(position)));
    }
}

impl Record {
    /// Takes over what another record of the same clients knows to have been written.
    pub fn also_written(&mut self, later: &Self) {
        self.written.extend(&later.written);
        for id in later.commands.keys() {
            self.commands.entry(id.clone()).or_default();
        }
        self.asked = later.asked;
    }

    /// Everything acknowledged is in the log, once and in order; nothing is there twice, torn
    /// or invented.
    pub fn check(&self, stored: &Stored) -> Result<Summary, String> {
        let accepted = self.check_changes(stored)?;
        if let Some(lost) = self.acknowledged.iter().find(|hash| !accepted.contains(*hash)) {
            return Err(format!("the acknowledged change {lost} is lost"));
        }
        if let Some(lost) = self.refused.iter().find(|hash| !stored.refused.contains(*hash)) {
            return Err(format!("the change {lost} was refused, and is not kept"));
        }
        if let Some(both) = stored.refused.iter().find(|hash| accepted.contains(*hash)) {
            return Err(format!("the change {both} was both taken in and refused"));
        }
        let commands = self.check_commands(stored)?;
        self.check_looks(stored)?;
        let unacknowledged = accepted.len() - self.acknowledged.len();
        let (edits, refused) = (self.acknowledged.len(), self.refused.len());
        Ok(Summary { edits, unacknowledged, refused, commands, seen: self.seen })
    }

    /// The hashes of all changes by pens in the log.
    fn check_changes(&self, stored: &Stored) -> Result<HashSet<Hash>, String> {
        let mut accepted = HashSet::new();
        let mut last: HashMap<(String, &[u8]), u32> = HashMap::new();
        for change in &stored.changes {
            let place =
                format!("position {}: change {} of {}", change.position, change.hash, change.document);
            let seq = last.entry((change.document.clone(), &change.actor)).or_default();
            if change.seq != *seq + 1 {
                return Err(format!("{place}: no. {} of its actor after no. {seq}", change.seq));
            }
            *seq = change.seq;
            if !change.by_pen {
                continue;
            }
            if !self.written.contains(&change.hash) {
                return Err(format!("{place}: nobody wrote it"));
            }
            if !accepted.insert(change.hash) {
                return Err(format!("{place}: it is there twice"));
            }
        }
        Ok(accepted)
    }

    /// What was seen has its line, and nobody looked whom nobody saw.
    fn check_looks(&self, stored: &Stored) -> Result<(), String> {
        let Self { asked, seen, .. } = self;
        if (*seen..=*asked).contains(&stored.looks) {
            return Ok(());
        }
        Err(format!(
            "the auditor asked {asked} times and saw {seen} answers, the access log has {}",
            stored.looks
        ))
    }

    fn check_commands(&self, stored: &Stored) -> Result<usize, String> {
        for (id, answered) in &self.commands {
            let found = stored.commands.get(id).map_or(&[][..], Vec::as_slice);
            match (answered, found) {
                (Some(position), [there]) if position == there => {}
                (None, [] | [_]) => {}
                _ => return Err(format!("command {id}: answered {answered:?}, in the log at {found:?}")),
            }
        }
        Ok(self.commands.values().flatten().count())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;
    use crate::stored::StoredChange;

    fn change(n: u8, seq: u32) -> StoredChange {
        let (document, actor) = ("d".to_owned(), b"pen:a".to_vec());
        StoredChange { position: n.into(), document, hash: Hash([n; 32]), actor, seq, by_pen: true }
    }

    #[test]
    fn every_kind_of_loss_is_found() {
        let mut record = Record::default();
        record.written.extend([1, 2, 3].map(|n| Hash([n; 32])));
        record.acknowledged.extend([1, 2].map(|n| Hash([n; 32])));
        record.commands.insert("c".into(), Some(7));
        (record.seen, record.asked) = (2, 3);
        let sound = Stored {
            looks: 2,
            changes: vec![change(1, 1), change(2, 2)],
            commands: HashMap::from([("c".to_owned(), vec![7])]),
            ..Stored::default()
        };
        let summary = Summary { edits: 2, unacknowledged: 0, refused: 0, commands: 1, seen: 2 };
        assert_eq!(record.check(&sound), Ok(summary));
        let with = |changes: Vec<StoredChange>| Stored { changes, ..sound.clone() };
        assert!(record.check(&with(vec![change(1, 1)])).unwrap_err().contains("lost"));
        assert!(record.check(&with(vec![change(2, 2), change(1, 1)])).is_err());
        assert!(
            record
                .check(&with(vec![change(1, 1), change(2, 2), change(2, 3)]))
                .unwrap_err()
                .contains("twice")
        );
        assert!(
            record
                .check(&with(vec![change(1, 1), change(2, 2), change(9, 3)]))
                .unwrap_err()
                .contains("nobody")
        );
        assert!(record.check(&with(vec![change(1, 1), change(2, 2), change(3, 3)])).is_ok());
        for positions in [vec![], vec![8], vec![7, 9]] {
            let commands = HashMap::from([("c".to_owned(), positions)]);
            assert!(record.check(&Stored { commands, ..sound.clone() }).is_err());
        }
        for looks in [1, 4] {
            assert!(record.check(&Stored { looks, ..sound.clone() }).is_err());
        }
        assert!(record.check(&Stored { looks: 3, ..sound.clone() }).is_ok());
        let refused = HashSet::from([Hash([2; 32])]);
        assert!(record.check(&Stored { refused, ..sound.clone() }).unwrap_err().contains("both"));
    }
}
