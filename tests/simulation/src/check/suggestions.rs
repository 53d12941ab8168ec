//! A suggestion's document is its case with the suggestion in it, at every moment that it is
//! open; once settled, no change reaches it; and what was accepted is in the case, change for
//! change. By the log alone.

use super::{Checked, durable::hashes_of, require};
use agenda::{
    event::{Event, Recorded},
    id::{DocumentId, Hash},
    live::Room,
    meeting::SuggestionState,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Past {
    /// What was recorded in each document itself.
    recorded: BTreeMap<DocumentId, BTreeSet<Hash>>,
    settled: BTreeSet<DocumentId>,
}

pub fn check(log: &[Recorded], room: &mut Room) -> Checked {
    let mut past = Past::default();
    for event in log.iter().flat_map(|recorded| &recorded.commit.events) {
        past.event(event)?;
    }
    let suggestions: Vec<_> = room.meeting().suggestions.iter().map(|(id, s)| (*id, s.clone())).collect();
    for (id, suggestion) in suggestions {
        let (own, case) = (hashes(room, id)?, hashes(room, suggestion.case)?);
        let recorded = past.recorded.get(&id).cloned().unwrap_or_default();
        match suggestion.state {
            SuggestionState::Open => {
                let union: BTreeSet<Hash> = case.union(&recorded).copied().collect();
                require(own == union, || format!("the suggestion {id} is not its case and its own changes"))?;
            }
            SuggestionState::Accepted { .. } => {
                require(recorded.is_subset(&case), || {
                    format!("of the accepted {id} something is not in the case")
                })?;
            }
            SuggestionState::Rejected { .. } | SuggestionState::Ended => {
                let inside = recorded.iter().find(|hash| case.contains(hash));
                require(inside.is_none(), || format!("{inside:?} of {id}, never accepted, is in the case"))?;
            }
        }
    }
    Ok(())
}

impl Past {
    fn event(&mut self, event: &Event) -> Checked {
        match event {
            Event::SuggestionAccepted(e) => drop(self.settled.insert(e.document)),
            Event::SuggestionRejected(e) => drop(self.settled.insert(e.document)),
            Event::ChangesRecorded(e) => {
                let late = self.settled.contains(&e.document);
                require(!late, || format!("a change was recorded in the settled suggestion {}", e.document))?;
                let hashes = e.changes.iter().flat_map(|change| hashes_of(&change.0));
                self.recorded.entry(e.document).or_default().extend(hashes);
            }
            _ => {}
        }
        Ok(())
    }
}

fn hashes(room: &mut Room, id: DocumentId) -> Result<BTreeSet<Hash>, String> {
    let graph = room.document(id).ok_or_else(|| format!("the room lacks {id}"))?.history().graph();
    Ok((0..graph.len()).filter_map(|index| graph.hash_at(index)).collect())
}
