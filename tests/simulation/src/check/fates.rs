//! Nothing is lost and nothing counts twice: every change that a client made, and could send,
//! stands in the log exactly once, as recorded or as refused; its author was told of a refusal.
//! Only an accepted suggestion records what was refused before.

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
        for recorded in log {
            let events = &recorded.commit.events;
            let accepted = events.iter().any(|event| matches!(event, Event::SuggestionAccepted(_)));
            events.iter().try_for_each(|event| fates.event(event, accepted))?;
        }
        Ok(fates)
    }

    fn event(&mut self, event: &Event, accepted: bool) -> Checked {
        match event {
            Event::ChangesRecorded(e) => {
                for hash in e.changes.iter().flat_map(|change| hashes_of(&change.0)) {
                    let key = (e.document, hash);
                    require(self.recorded.insert(key), || {
                        format!("{hash} was recorded twice in {}", e.document)
                    })?;
                    let late = self.refused.contains(&key) && !accepted;
                    require(!late, || format!("{hash} was refused and then recorded in {}", e.document))?;
                }
            }
            Event::EditRefused(e) => {
                let key = (e.document, e.hash);
                require(hashes_of(&e.change.0) == [e.hash], || format!("{} has other bytes", e.hash))?;
                require(self.refused.insert(key), || format!("{} was refused twice", e.hash))?;
                require(!self.recorded.contains(&key), || format!("{} was recorded, then refused", e.hash))?;
            }
            _ => {}
        }
        Ok(())
    }

    pub fn check(&self, replica: &Replica) -> Checked {
        for hash in &replica.made {
            let key = (replica.document, *hash);
            let refused = self.refused.contains(&key) && !self.recorded.contains(&key);
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
