//! Erasing an item: its words are gone from every round, and that they were there stays said. What was
//! published with them cannot be shown again; a correction publishes the agenda without them.

use super::{
    Document, DocumentState, Item, Meeting, MeetingCommand, Meta, Phase, Supplies, Withdrawn,
    decide::{Decided, MAX_REASON, first_change},
};
use crate::{
    event::{Event, Fork, ItemErased, Timestamp, words::ERASED_ITEM},
    forum::Actor,
    id::{DocumentId, Hash, ItemId, TextId, UserId},
    rejection::{Rejection, required},
};
use std::collections::BTreeSet;

/// That the words of an item are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub at: Timestamp,
    pub by: UserId,
    pub reason: String,
}

impl Meeting {
    pub(super) fn require_erasable(&self, id: ItemId) -> Result<(), Rejection> {
        if self.known_item(id).is_some_and(|item| item.held.is_some()) {
            return Err(Rejection::Held);
        }
        self.require_not_in_work(id)
    }

    /// What is being written is withdrawn first, so that nobody's words go while they write.
    pub(crate) fn require_not_in_work(&self, id: ItemId) -> Result<(), Rejection> {
        match (self.phase, self.item(id)) {
            (Phase::Frozen, _) => Err(Rejection::Frozen),
            (Phase::Open, _) if self.work.correction.is_some() => Err(Rejection::EditionUnderWay),
            (Phase::Open, Some(item)) if self.work.has(item) => Err(Rejection::InWork),
            (Phase::Open | Phase::Published, _) => Ok(()),
        }
    }

    /// Whether the words of an item are kept.
    pub(super) fn keeping_events(
        &self,
        actor: &Actor,
        command: &MeetingCommand,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        match command {
            MeetingCommand::EraseItem { item, reason, planned } => {
                if *planned {
                    supplies.forum.retention.require_due(self, *item, supplies.now)?;
                }
                self.erase_item(actor, *item, reason, supplies)
            }
            MeetingCommand::HoldItem { item, reason } => self.hold_item(*item, reason),
            MeetingCommand::ReleaseItem { item } => self.release_item(*item),
            _ => Err(Rejection::Unknown("punkt")),
        }
    }

    fn erase_item(&self, actor: &Actor, id: ItemId, reason: &str, supplies: &mut Supplies<'_>) -> Decided {
        let item = self.known_item(id).ok_or(Rejection::UnknownItem)?;
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        // What somebody may be about to write goes on in an empty text: the decision of a published agenda.
        let open = |document: &DocumentId| {
            self.documents.get(document).is_some_and(|document| document.state == DocumentState::Open)
        };
        let written = self.item(id).into_iter().flat_map(|item| item.documents.all());
        let written: Vec<_> = written.filter(|(_, document)| open(document)).collect();
        let mut documents = Vec::new();
        let mut empty = Vec::new();
        for (kind, from) in written {
            let to = DocumentId::from_bytes((supplies.fresh)());
            documents.push(Fork { from, to });
            empty.extend(first_change(actor, to, self.sections(kind))?);
        }
        let erased = ItemErased { item: id, reason, texts: self.texts_of(id), files: files(item), documents };
        Ok(std::iter::once(Event::from(erased)).chain(empty).collect())
    }

    /// Everything that words of the item are kept under: the item, and its documents of all rounds with all
    /// suggestions to them.
    fn texts_of(&self, item: ItemId) -> Vec<TextId> {
        let kept = |document: &Document| document.item == item && document.state != DocumentState::Erased;
        let documents = self.documents.iter().filter(|(_, document)| kept(document));
        std::iter::once(item.into()).chain(documents.map(|(id, _)| (*id).into())).collect()
    }

    /// Whether the words of the document are gone.
    pub fn is_erased(&self, document: DocumentId) -> bool {
        self.documents.get(&document).is_some_and(|document| document.state == DocumentState::Erased)
    }

    pub(super) fn erased(&mut self, meta: &Meta, e: &ItemErased) -> Result<(), String> {
        let texts: BTreeSet<TextId> = e.texts.iter().copied().collect();
        let gone = |id: &DocumentId| texts.contains(&(*id).into());
        let documents = self.documents.iter_mut().filter(|(id, _)| gone(id));
        documents.for_each(|(_, document)| document.state = DocumentState::Erased);
        self.suggestions.retain(|id, _| !gone(id));
        let withdrawn = self.withdrawn.iter_mut().find(|withdrawn| withdrawn.item.id == e.item);
        let item = match withdrawn {
            Some(Withdrawn { item, reason, .. }) => {
                reason.clear();
                item
            }
            None => self.item_mut(e.item)?,
        };
        item.forget(Erasure { at: meta.at, by: meta.by.clone(), reason: e.reason.clone() });
        for fork in &e.documents {
            let old = self.documents.get(&fork.from).ok_or_else(|| format!("no document {}", fork.from))?;
            let (item, kind) = (old.item, old.kind);
            self.new_document(
                fork.to,
                Document { item, kind, forked_from: None, state: DocumentState::Open },
            )?;
            self.item_mut(item)?.documents.set(kind, fork.to);
        }
        Ok(())
    }
}

impl Item {
    fn forget(&mut self, erasure: Erasure) {
        ERASED_ITEM.clone_into(&mut self.title);
        self.journal_number = None;
        self.attachments.clear();
        self.removed_attachments.clear();
        self.comments.clear();
        if let Some(arrived) = &mut self.arrived {
            arrived.because.clear();
        }
        if let Some(closed) = &mut self.closed {
            closed.reason.clear();
        }
        self.erased = Some(erasure);
    }
}

/// The files of all versions of all attachments that the item ever had.
fn files(item: &Item) -> Vec<Hash> {
    let attachments = item.attachments.iter().chain(&item.removed_attachments);
    let files: BTreeSet<Hash> =
        attachments.flat_map(|attachment| &attachment.versions).map(|version| version.file.sha256).collect();
    files.into_iter().collect()
}
