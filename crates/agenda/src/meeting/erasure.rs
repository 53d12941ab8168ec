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
    language::Language,
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
                self.known_item(*item).ok_or(Rejection::UnknownItem)?;
                let reason = required("Begrundelse", reason, MAX_REASON)?;
                self.erasing(&actor.user, *item, reason, supplies.fresh)
            }
            MeetingCommand::HoldItem { item, reason } => self.hold_item(*item, reason),
            MeetingCommand::ReleaseItem { item } => self.release_item(*item),
            _ => Err(Rejection::Unknown("punkt")),
        }
    }

    fn erasing(
        &self,
        user: &UserId,
        id: ItemId,
        reason: String,
        fresh: &mut dyn FnMut() -> [u8; 16],
    ) -> Decided {
        let item = self.known_item(id).ok_or(Rejection::UnknownItem)?;
        // What somebody may be about to write goes on in an empty text: the decision of a published agenda.
        let open = |document: &DocumentId| {
            self.documents.get(document).is_some_and(|document| document.state == DocumentState::Open)
        };
        let written = self.item(id).into_iter().flat_map(|item| item.documents.all());
        let written: Vec<_> = written.filter(|(_, document)| open(document)).collect();
        let mut documents = Vec::new();
        let mut empty = Vec::new();
        for (kind, from) in written {
            let to = DocumentId::from_bytes(fresh());
            documents.push(Fork { from, to });
            empty.extend(first_change(user, to, self.sections(kind))?);
        }
        let erased = ItemErased { item: id, reason, texts: self.texts_of(id), files: files(item), documents };
        Ok(std::iter::once(Event::from(erased)).chain(empty).collect())
    }

    /// Erases the items that have any of the texts, in a log that does not say yet that they were erased: a copy
    /// from before. No phase and no hold stands against it, since the words are gone already; a frozen agenda is
    /// thawed first, because without them it cannot be published as it was frozen.
    pub fn erase_again(
        &self,
        meta: &Meta,
        texts: &BTreeSet<TextId>,
        files: &BTreeSet<Hash>,
        reason: &str,
        fresh: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<Vec<Event>, String> {
        let explained = |rejection: Rejection| rejection.explain(Language::English);
        let (mut after, mut events) = (self.clone(), Vec::new());
        let gone: BTreeSet<ItemId> = texts.iter().filter_map(|text| self.owner_of(*text)).collect();
        if !gone.is_empty() && self.phase == Phase::Frozen {
            after.take(meta, &mut events, self.thaw(reason, fresh).map_err(explained)?)?;
        }
        for item in gone {
            let erased = after.erasing(&meta.by, item, reason.to_owned(), fresh);
            let mut erased = erased.map_err(explained)?;
            if let Some(Event::ItemErased(e)) = erased.first_mut() {
                e.files = e.files.iter().chain(files).copied().collect::<BTreeSet<_>>().into_iter().collect();
            }
            after.take(meta, &mut events, erased)?;
        }
        Ok(events)
    }

    fn take(&mut self, meta: &Meta, all: &mut Vec<Event>, next: Vec<Event>) -> Result<(), String> {
        next.iter().try_for_each(|event| self.apply(meta, event))?;
        all.extend(next);
        Ok(())
    }

    /// Everything that words of the item are kept under: the item, and its documents of all rounds with all
    /// suggestions to them.
    fn texts_of(&self, item: ItemId) -> Vec<TextId> {
        let kept = |document: &Document| document.item == item && document.state != DocumentState::Erased;
        let documents = self.documents.iter().filter(|(_, document)| kept(document));
        std::iter::once(item.into()).chain(documents.map(|(id, _)| (*id).into())).collect()
    }

    /// The item that the text is of; none if it is of none of this meeting.
    fn owner_of(&self, text: TextId) -> Option<ItemId> {
        let withdrawn = self.withdrawn.iter().map(|withdrawn| &withdrawn.item);
        let items = self.items.iter().chain(withdrawn).map(|item| (TextId::from(item.id), item.id));
        let documents = self.documents.iter().map(|(id, document)| (TextId::from(*id), document.item));
        items.chain(documents).find(|(known, _)| *known == text).map(|(_, item)| item)
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
        let erasure = Erasure { at: meta.at, by: meta.by.clone(), reason: e.reason.clone() };
        item.forget(&erasure);
        // An edition that is abandoned later puts the item back as it was before it, and that without its words.
        self.work.before().filter(|item| item.id == e.item).for_each(|item| item.forget(&erasure));
        for fork in &e.documents {
            let old = self.documents.get(&fork.from).ok_or_else(|| format!("no document {}", fork.from))?;
            let (item, kind) = (old.item, old.kind);
            self.new_document(
                fork.to,
                Document { item, kind, forked_from: None, state: DocumentState::Open },
            )?;
            self.item_mut(item)?.documents.set(kind, fork.to);
            let same = self.work.before().filter(|item| item.documents.of(kind) == fork.from);
            same.for_each(|item| item.documents.set(kind, fork.to));
        }
        Ok(())
    }
}

impl Item {
    fn forget(&mut self, erasure: &Erasure) {
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
        if let Some(hold) = &mut self.held {
            hold.reason.clear();
        }
        self.erased = Some(erasure.clone());
    }
}

/// The files of all versions of all attachments that the item ever had.
fn files(item: &Item) -> Vec<Hash> {
    let attachments = item.attachments.iter().chain(&item.removed_attachments);
    let files: BTreeSet<Hash> = attachments
        .flat_map(|attachment| &attachment.versions)
        .map(|version| version.file.stored())
        .collect();
    files.into_iter().collect()
}
