//! Nothing leaves before it is durable: every head, change, refusal and freeze that a frame
//! speaks of stands in a commit that the log has.

use super::{Checked, require};
use crate::frames::ServerFrame;
use agenda::{
    event::{Commit, Event, Fork, Recorded},
    id::{DocumentId, Hash},
    live::Done,
    sync::{chunk, message},
};
use automerge::Automerge;
use std::collections::{BTreeMap, BTreeSet};

/// What the log holds now.
#[derive(Debug, Default)]
pub struct Durable {
    changes: BTreeMap<DocumentId, BTreeSet<Hash>>,
    refused: BTreeSet<(DocumentId, Hash)>,
    frozen: BTreeSet<DocumentId>,
    moved: BTreeSet<DocumentId>,
    /// The forks of the edition that is being written.
    written: Vec<DocumentId>,
    /// The open suggestions with their cases.
    open: BTreeMap<DocumentId, DocumentId>,
}

impl Durable {
    pub fn commit(&mut self, commit: &Commit) {
        for event in &commit.events {
            match event {
                Event::ChangesRecorded(e) => {
                    let hashes = e.changes.iter().flat_map(|change| hashes_of(&change.0));
                    let hashes: Vec<Hash> = hashes.collect();
                    // What a case takes in, its open suggestions take in.
                    for suggestion in self.open.iter().filter(|(_, case)| **case == e.document) {
                        self.changes.entry(*suggestion.0).or_default().extend(&hashes);
                    }
                    self.changes.entry(e.document).or_default().extend(hashes);
                }
                Event::EditRefused(e) => drop(self.refused.insert((e.document, e.hash))),
                Event::SuggestionOpened(e) => {
                    let copy = self.changes.get(&e.case).cloned().unwrap_or_default();
                    self.changes.insert(e.document, copy);
                    self.open.insert(e.document, e.case);
                    if self.frozen.contains(&e.case) {
                        self.frozen.insert(e.document);
                    }
                }
                Event::SuggestionAccepted(e) => drop(self.open.remove(&e.document)),
                Event::SuggestionRejected(e) => drop(self.open.remove(&e.document)),
                Event::AgendaFrozen(e) => {
                    self.frozen.extend(e.documents.iter().map(|d| d.document));
                    let stopped = self.open.iter().filter(|(_, case)| self.frozen.contains(case));
                    let stopped: Vec<DocumentId> = stopped.map(|(suggestion, _)| *suggestion).collect();
                    self.frozen.extend(stopped);
                }
                Event::AgendaThawed(e) => self.forked(&e.documents),
                Event::CorrectionOpened(e) => self.forked(&e.documents),
                Event::EditionAbandoned(_) => {
                    self.open.retain(|_, case| !self.written.contains(case));
                    self.moved.extend(self.written.drain(..));
                }
                Event::AgendaPublished(_) => self.written.clear(),
                _ => {}
            }
        }
    }

    fn forked(&mut self, forks: &[Fork]) {
        for fork in forks {
            let copy = self.changes.get(&fork.from).cloned().unwrap_or_default();
            self.changes.insert(fork.to, copy);
            self.moved.insert(fork.from);
            self.written.push(fork.to);
            self.open.values_mut().filter(|case| **case == fork.from).for_each(|case| *case = fork.to);
        }
    }

    pub fn has(&self, document: DocumentId) -> bool {
        self.changes.contains_key(&document)
    }

    pub fn frame(&self, frame: &ServerFrame) -> Checked {
        let Some(id) = frame.document() else { return Ok(()) };
        match frame.r#type.as_str() {
            "sync" => self.sync(id, frame.data()),
            "agenda-reject" => frame.hashes.iter().flatten().try_for_each(|hash| {
                let known = hash.parse().is_ok_and(|hash| self.refused.contains(&(id, hash)));
                require(known, || format!("not durable: a notice of the refusal of {hash}"))
            }),
            "agenda-frozen" => require(self.frozen.contains(&id), || "not durable: a freeze notice".into()),
            "agenda-moved" => require(self.moved.contains(&id), || "not durable: a thaw notice".into()),
            _ => Ok(()),
        }
    }

    fn sync(&self, id: DocumentId, data: &[u8]) -> Checked {
        let message = message::decode(data).map_err(|e| format!("the server's sync message: {e}"))?;
        require(message.flags == 0, || "flags in the server's message bring clients off version 1".into())?;
        let empty = BTreeSet::new();
        let known = self.changes.get(&id).unwrap_or(&empty);
        let sent = message.changes.iter().flat_map(|bytes| hashes_of(bytes));
        let missing = message.heads.iter().copied().chain(sent).find(|hash| !known.contains(hash));
        require(missing.is_none(), || format!("not durable: a frame speaks of {missing:?} in {id}"))
    }
}

/// An answer that something was done names a commit that the log has, at that place.
pub fn answer(log: &[Recorded], done: &Done) -> Checked {
    let at = log.iter().find(|recorded| recorded.commit.sequence == done.sequence);
    let position = at.map(|recorded| recorded.position);
    require(position == Some(done.position), || {
        format!("not durable: an answer names {done:?}, the log has {position:?} there")
    })
}

/// The hashes of all changes in chunks of any type.
pub fn hashes_of(bytes: &[u8]) -> Vec<Hash> {
    match chunk::split(bytes) {
        Ok(chunks) => chunks.iter().map(|chunk| chunk.hash).collect(),
        Err(_) => {
            let document = Automerge::load(bytes).unwrap();
            document.get_changes(&[]).iter().map(|change| Hash(change.hash().0)).collect()
        }
    }
}
