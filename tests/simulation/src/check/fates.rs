//! Nothing is lost and nothing counts twice: every change that a client made, and could send,
//! stands in the log exactly once, as recorded or as refused; its author was told of a refusal.

use super::{Checked, durable::hashes_of, require};
use crate::replica::Replica;
use agenda::{
    event::{Event, Recorded},
    id::{DocumentId, Hash},
};
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub struct Fates {
    recorded: BTreeSet<(DocumentId, Hash)>,
    pub refused: BTreeSet<(DocumentId, Hash)>,
}

impl Fates {
    pub fn of(log: &[Recorded]) -> Result<Self, String> {
        let mut fates = Self::default();
        for event in log.iter().flat_map(|recorded| &recorded.commit.events) {
            match event {
                Event::ChangesRecorded(e) => {
                    for hash in e.changes.iter().flat_map(|change| hashes_of(&change.0)) {
                        require(fates.recorded.insert((e.document, hash)), || {
                            format!("{hash} was recorded twice in {}", e.document)
                        })?;
                    }
                }
                Event::EditRefused(e) => {
                    require(hashes_of(&e.change.0) == [e.hash], || format!("{} has other bytes", e.hash))?;
                    require(fates.refused.insert((e.document, e.hash)), || {
                        format!("{} was refused twice", e.hash)
                    })?;
                }
                _ => {}
            }
        }
        let both = fates.recorded.intersection(&fates.refused).next();
        require(both.is_none(), || format!("{both:?} was recorded and refused"))?;
        Ok(fates)
    }

    pub fn check(&self, replica: &Replica) -> Checked {
        for hash in &replica.made {
            let key = (replica.document, *hash);
            let refused = self.refused.contains(&key);
            require(refused || self.recorded.contains(&key), || {
                format!("{hash}, made by {}, is lost", replica.user)
            })?;
            require(!refused || replica.told.contains(hash), || {
                format!("{} was not told that {hash} was refused", replica.user)
            })?;
        }
        Ok(())
    }
}
