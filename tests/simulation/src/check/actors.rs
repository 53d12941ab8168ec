//! An actor belongs to one user for ever, and every recorded change is by an actor of the
//! person who is named as having committed it; in an accepted suggestion, of the person who
//! made it there.

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
        let accepted = commit.events.iter().find_map(|event| match event {
            Event::SuggestionAccepted(e) => Some(e.document),
            _ => None,
        });
        for event in &commit.events {
            match event {
                Event::ActorBound(e) => {
                    let made = accepted.and_then(|id| self.owners.get(&(id, e.actor.0.clone())));
                    let own = made.unwrap_or(&commit.by);
                    require(e.user == *own, || format!("{} bound an actor to {}", commit.by, e.user))?;
                    let before = self.owners.insert((e.document, e.actor.0.clone()), e.user.clone());
                    require(before.is_none(), || format!("an actor of {} was bound twice", e.document))?;
                }
                Event::ChangesRecorded(e) => {
                    for bytes in &e.changes {
                        self.recorded(commit, e.document, accepted, &bytes.0)?;
                    }
                }
                Event::AgendaThawed(e) => e.documents.iter().for_each(|f| self.inherit(f.from, f.to)),
                Event::CorrectionOpened(e) => e.documents.iter().for_each(|f| self.inherit(f.from, f.to)),
                _ => {}
            }
        }
        Ok(())
    }

    fn recorded(
        &self,
        commit: &Commit,
        document: DocumentId,
        accepted: Option<DocumentId>,
        bytes: &[u8],
    ) -> Checked {
        for chunk in chunk::split(bytes).map_err(|e| e.to_string())? {
            let change = Change::parse(&chunk).map_err(|e| e.to_string())?;
            let owner_in = |id| self.owners.get(&(id, binding_actor(change.actor).to_vec()));
            let owner = owner_in(document);
            let author = accepted.map_or(Some(&commit.by), owner_in);
            require(owner.is_some() && owner == author, || {
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
