//! After a freeze no change reaches the frozen text; its hash can be computed from the log
//! alone, without the live code; a thaw goes on from exactly there, under another id. By the log as it was written.

use super::{Checked, require};
use agenda::{
    document::{from_changes, heads, read_sections},
    event::{AgendaFrozen, Event, Fork, Recorded},
    id::{DocumentId, Hash, MeetingId},
    live::Room,
    meeting::{DocumentText, Meeting, Meta, Texts},
};
use std::collections::BTreeMap;

struct Past {
    meeting: Meeting,
    changes: BTreeMap<DocumentId, Vec<Vec<u8>>>,
    frozen: BTreeMap<DocumentId, Vec<Hash>>,
    /// The forks of the edition that is being written.
    written: Vec<DocumentId>,
    /// Those of editions that were given up.
    given_up: Vec<DocumentId>,
}

pub fn check(id: MeetingId, log: &[Recorded], room: &mut Room) -> Checked {
    let mut past = Past {
        meeting: Meeting::new(id),
        changes: BTreeMap::new(),
        frozen: BTreeMap::new(),
        written: Vec::new(),
        given_up: Vec::new(),
    };
    for Recorded { commit, .. } in log {
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        for event in &commit.events {
            past.before(event, room)?;
            let published = past.meeting.publications.clone();
            past.meeting.apply(&meta, event)?;
            require(past.meeting.publications.starts_with(&published), || {
                format!("a published edition was changed by {event:?}")
            })?;
        }
    }
    past.frozen.iter().try_for_each(|(id, heads)| {
        let live = room.document(*id).map(|document| document.heads().to_vec());
        require(live.as_ref() == Some(heads), || format!("the frozen text {id} has gone on"))
    })
}

impl Past {
    fn before(&mut self, event: &Event, room: &mut Room) -> Checked {
        match event {
            Event::ChangesRecorded(e) => {
                let late = self.frozen.contains_key(&e.document) || self.given_up.contains(&e.document);
                require(!late, || format!("a change was recorded in {} after its freeze", e.document))?;
                let changes = e.changes.iter().map(|change| change.0.clone());
                self.changes.entry(e.document).or_default().extend(changes);
            }
            Event::SuggestionOpened(e) => {
                let changes = self.changes.get(&e.case).cloned().unwrap_or_default();
                self.changes.insert(e.document, changes);
            }
            Event::AgendaFrozen(e) => self.frozen(e)?,
            Event::AgendaThawed(e) => self.forked_all(&e.documents, room)?,
            Event::CorrectionOpened(e) => self.forked_all(&e.documents, room)?,
            Event::EditionAbandoned(_) => self.given_up.append(&mut self.written),
            Event::AgendaPublished(e) => {
                let freeze = self.meeting.freezes.last().map(|freeze| freeze.content_hash);
                require(freeze == Some(e.content_hash), || "another text was published than frozen".into())?;
                self.written.clear();
            }
            Event::ItemErased(e) => {
                let kept = |id: &DocumentId| !e.texts.contains(&(*id).into());
                self.changes.retain(|id, _| kept(id));
                self.frozen.retain(|id, _| kept(id));
            }
            _ => {}
        }
        Ok(())
    }

    fn frozen(&mut self, e: &AgendaFrozen) -> Checked {
        let mut texts = Texts::new();
        for (id, document) in &self.meeting.documents {
            let changes = self.changes.get(id).map_or(&[][..], Vec::as_slice);
            let copy = from_changes(changes.iter().map(Vec::as_slice)).map_err(|e| e.to_string())?;
            let heads = heads(&copy);
            let keys = self.meeting.sections(document.kind).into_iter().map(|(key, _)| key);
            texts.insert(*id, DocumentText { sections: read_sections(&copy, keys, &heads), heads });
        }
        let publication = self.meeting.publication(&texts).ok_or("nothing to publish")?;
        require(publication.content_hash() == e.content_hash, || {
            "the frozen content has another hash".into()
        })?;
        require(self.meeting.frozen_documents(&texts) == e.documents, || "other texts were frozen".into())?;
        let fixed = e.documents.iter().map(|document| (document.document, document.heads.clone()));
        self.frozen.extend(fixed);
        Ok(())
    }

    fn forked_all(&mut self, forks: &[Fork], room: &mut Room) -> Checked {
        self.written.extend(forks.iter().map(|fork| fork.to));
        forks.iter().try_for_each(|fork| self.forked(fork.from, fork.to, room))
    }

    fn forked(&mut self, from: DocumentId, to: DocumentId, room: &mut Room) -> Checked {
        if self.meeting.is_erased(from) {
            // The text begins anew.
            return Ok(());
        }
        let fixed = self.frozen.get(&from).ok_or_else(|| format!("{from} was thawed but not frozen"))?;
        let changes = self.changes.get(&from).cloned().unwrap_or_default();
        if !room.meeting().is_erased(to) {
            let live = room.document(to).ok_or_else(|| format!("the room lacks the fork {to}"))?;
            let start = live.history().graph().heads_after(changes.len());
            require(start == *fixed, || format!("{to} does not begin at the frozen heads of {from}"))?;
        }
        self.changes.insert(to, changes);
        Ok(())
    }
}
