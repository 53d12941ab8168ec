//! An actor belongs to one user for ever, and every recorded change is by an actor of the
//! person who is named as having committed it.

use super::{Checked, require};
use agenda::{
    event::{Commit, Event},
    id::{DocumentId, UserId},
    sync::{
        change::{Change, binding_actor},
        chunk,
    },
};
use std::collections::BTreeMap;

/// Whose each actor is, by the log alone.
#[derive(Debug, Default)]
pub struct Actors {
    owners: BTreeMap<(DocumentId, Vec<u8>), UserId>,
}

impl Actors {
    pub fn commit(&mut self, commit: &Commit) -> Checked {
        for event in &commit.events {
            match event {
                Event::ActorBound(e) => {
                    require(e.user == commit.by, || format!("{} bound an actor to {}", commit.by, e.user))?;
                    let before = self.owners.insert((e.document, e.actor.0.clone()), e.user.clone());
                    require(before.is_none(), || format!("an actor of {} was bound twice", e.document))?;
                }
                Event::ChangesRecorded(e) => {
                    for bytes in &e.changes {
                        self.recorded(commit, e.document, &bytes.0)?;
                    }
                }
                Event::AgendaThawed(e) => e.documents.iter().for_each(|f| self.inherit(f.from, f.to)),
                _ => {}
            }
        }
        Ok(())
    }

    fn recorded(&self, commit: &Commit, document: DocumentId, bytes: &[u8]) -> Checked {
        for chunk in chunk::split(bytes).map_err(|e| e.to_string())? {
            let change = Change::parse(&chunk).map_err(|e| e.to_string())?;
            let owner = self.owners.get(&(document, binding_actor(change.actor).to_vec()));
            require(owner == Some(&commit.by), || {
                format!("{} recorded {} by an actor of {owner:?}", commit.by, change.hash)
            })?;
        }
        Ok(())
    }

    fn inherit(&mut self, from: DocumentId, to: DocumentId) {
        let own: Vec<_> = self.owners.iter().filter(|((id, _), _)| *id == from).collect();
        let own: Vec<_> = own.into_iter().map(|((_, a), user)| ((to, a.clone()), user.clone())).collect();
        self.owners.extend(own);
    }
}
