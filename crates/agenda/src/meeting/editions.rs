//! The editions of a meeting: what each is of, which is being written, which are current. Nothing
//! that was published is changed or taken back; later editions are additions. A supplement has
//! items of its own, the minutes have the whole agenda with its decisions, and a correction has
//! what the edition that it corrects has.

use super::{
    DocumentState, Item, Meeting, Meta, Phase, Supplies, Withdrawn,
    decide::{Decided, MAX_REASON, first_change, one},
    facts::Facts,
};
use crate::{
    event::{
        AgendaPublished, CorrectionOpened, DocumentKind, EditionAbandoned, EditionKind, Event, Fork,
        SupplementOpened, Timestamp,
    },
    forum::Actor,
    id::{DocumentId, Hash, ItemId, UserId},
    rejection::{Rejection, required},
};
use std::collections::BTreeSet;

/// What an edition is of; a correction is of the same as what it corrects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Agenda,
    /// Counted from 1 in the meeting.
    Supplement(u32),
    Minutes,
}

/// The edition that would be published next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    pub scope: Scope,
    pub correction: Option<Correction>,
}

/// A correction that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub corrects: Corrects,
    /// The items that are corrected, as they were published.
    before: Vec<Item>,
    facts: Facts,
}

/// What a correction corrects, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrects {
    pub edition: u32,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedEdition {
    /// Counted from 1 in the meeting.
    pub edition: u32,
    pub scope: Scope,
    pub corrects: Option<Corrects>,
    pub round: u32,
    pub at: Timestamp,
    pub by: UserId,
    pub content_hash: Hash,
    pub sequence: u64,
}

impl Scope {
    pub fn kind(self) -> EditionKind {
        match self {
            Self::Agenda => EditionKind::Agenda,
            Self::Supplement(_) => EditionKind::Supplement,
            Self::Minutes => EditionKind::Minutes,
        }
    }

    /// Whether an edition of this has the item.
    pub fn has(self, item: &Item) -> bool {
        match self {
            Self::Agenda => item.supplement.is_none(),
            Self::Supplement(number) => item.supplement == Some(number),
            Self::Minutes => true,
        }
    }
}

impl Work {
    pub fn agenda() -> Self {
        Self { scope: Scope::Agenda, correction: None }
    }

    fn minutes() -> Self {
        Self { scope: Scope::Minutes, correction: None }
    }

    pub fn kind(&self) -> EditionKind {
        self.scope.kind()
    }

    pub fn corrects(&self) -> Option<&Corrects> {
        self.correction.as_ref().map(|correction| &correction.corrects)
    }

    /// Whether this edition is where the item is worked on.
    pub fn has(&self, item: &Item) -> bool {
        match &self.correction {
            Some(correction) => correction.items().any(|id| id == item.id),
            None => self.scope.has(item),
        }
    }

    /// The items as they were before they were corrected.
    pub fn before(&mut self) -> impl Iterator<Item = &mut Item> {
        self.correction.iter_mut().flat_map(|correction| &mut correction.before)
    }

    /// Whether the text is written for this edition, and so frozen with it.
    pub fn writes(&self, item: &Item, kind: DocumentKind) -> bool {
        let minutes = self.scope == Scope::Minutes;
        self.has(item)
            && match kind {
                DocumentKind::Case => !minutes || self.correction.is_some(),
                DocumentKind::Planning => !minutes && self.correction.is_none(),
                DocumentKind::Decision => minutes,
            }
    }

    /// The texts of the item that are written for this edition.
    fn documents<'a>(&self, item: &'a Item) -> impl Iterator<Item = (&'a Item, DocumentKind, DocumentId)> {
        let all = item.documents.all().into_iter();
        all.filter(|(kind, _)| self.writes(item, *kind)).map(move |(kind, id)| (item, kind, id))
    }
}

impl Correction {
    pub fn items(&self) -> impl Iterator<Item = ItemId> {
        self.before.iter().map(|item| item.id)
    }
}

impl PublishedEdition {
    pub fn kind(&self) -> EditionKind {
        self.scope.kind()
    }
}

impl Meeting {
    pub fn edition(&self, number: u32) -> Option<&PublishedEdition> {
        self.publications.iter().find(|published| published.edition == number)
    }

    /// The correction that replaced the edition as what holds; none if it holds itself.
    pub fn superseded_by(&self, edition: u32) -> Option<u32> {
        let corrects = |later: &&PublishedEdition| {
            later.corrects.as_ref().is_some_and(|corrects| corrects.edition == edition)
        };
        self.publications.iter().find(corrects).map(|later| later.edition)
    }

    /// The editions that hold: one of the agenda, one of each supplement, one of the minutes.
    pub fn current_editions(&self) -> impl Iterator<Item = &PublishedEdition> {
        self.publications.iter().filter(|published| self.superseded_by(published.edition).is_none())
    }

    /// The edition that a reader is shown first: the minutes if there are any, else the agenda.
    pub fn main_edition(&self) -> Option<&PublishedEdition> {
        let of = |scope| self.current_editions().find(|published| published.scope == scope);
        of(Scope::Minutes).or_else(|| of(Scope::Agenda))
    }

    pub fn has_minutes(&self) -> bool {
        self.publications.iter().any(|published| published.scope == Scope::Minutes)
    }

    /// Whether the edition may be corrected now. Minutes repeat the whole agenda, so from then on
    /// they are what is corrected.
    pub fn require_correctable(&self, edition: u32) -> Result<&PublishedEdition, Rejection> {
        let known = self.edition(edition).ok_or(Rejection::Unknown("udgave"))?;
        if self.superseded_by(edition).is_some() {
            return Err(Rejection::Superseded);
        }
        if self.has_minutes() && known.scope != Scope::Minutes {
            return Err(Rejection::HasMinutes);
        }
        Ok(known)
    }

    /// The round of the next freeze: a new one, if the present one was published.
    pub(super) fn round_to_freeze(&self) -> u32 {
        let published = self.publications.iter().any(|published| published.round == self.round);
        self.round + u32::from(published)
    }

    /// The texts that are written for the next edition.
    pub(super) fn documents_in_work(&self) -> impl Iterator<Item = (&Item, DocumentKind, DocumentId)> {
        self.items.iter().flat_map(|item| self.work.documents(item))
    }

    pub(super) fn open_supplement(&self, reason: &str) -> Decided {
        if self.has_minutes() {
            return Err(Rejection::HasMinutes);
        }
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        one(SupplementOpened { round: self.round + 1, reason })
    }

    /// A text whose words were erased begins anew, empty.
    pub(super) fn open_correction(
        &self,
        actor: &Actor,
        edition: u32,
        items: &[ItemId],
        reason: &str,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        let scope = self.require_correctable(edition)?.scope;
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        let items: BTreeSet<ItemId> = items.iter().copied().collect();
        let work = self.correction(scope, edition, &items, &reason);
        if work.correction.as_ref().is_none_or(|correction| correction.before.len() != items.len()) {
            return Err(Rejection::UnknownItem);
        }
        let (mut documents, mut empty) = (Vec::new(), Vec::new());
        for (_, kind, from) in self.items.iter().flat_map(|item| work.documents(item)) {
            let to = DocumentId::from_bytes((supplies.fresh)());
            documents.push(Fork { from, to });
            if self.is_erased(from) {
                empty.extend(first_change(&actor.user, to, self.sections(kind))?);
            }
        }
        let (round, items) = (self.round + 1, items.into_iter().collect());
        let opened = Event::from(CorrectionOpened { round, edition, items, reason, documents });
        Ok(std::iter::once(opened).chain(empty).collect())
    }

    fn correction(&self, scope: Scope, edition: u32, items: &BTreeSet<ItemId>, reason: &str) -> Work {
        let chosen = self.items.iter().filter(|item| scope.has(item) && items.contains(&item.id));
        let corrects = Corrects { edition, reason: reason.to_owned() };
        let (before, facts) = (chosen.cloned().collect(), self.facts());
        Work { scope, correction: Some(Correction { corrects, before, facts }) }
    }

    pub(super) fn abandon_edition(&self, reason: &str) -> Decided {
        if self.work.scope == Scope::Agenda && self.work.correction.is_none() {
            return Err(Rejection::NothingOpened);
        }
        one(EditionAbandoned { round: self.round, reason: required("Begrundelse", reason, MAX_REASON)? })
    }
}

type Applied = Result<(), String>;

impl Meeting {
    pub(super) fn published(&mut self, meta: &Meta, e: &AgendaPublished) -> Applied {
        if self.phase != Phase::Frozen || e.round != self.round || e.kind != self.work.kind() {
            return Err("published, but not frozen".into());
        }
        self.phase = Phase::Published;
        self.invited.get_or_insert_with(|| self.participants.clone());
        let Work { scope, correction } = std::mem::replace(&mut self.work, Work::minutes());
        self.publications.push(PublishedEdition {
            edition: e.edition,
            scope,
            corrects: correction.map(|correction| correction.corrects),
            round: e.round,
            at: meta.at,
            by: meta.by.clone(),
            content_hash: e.content_hash,
            sequence: meta.sequence,
        });
        Ok(())
    }

    pub(super) fn supplement_opened(&mut self, e: &SupplementOpened) -> Applied {
        self.begin(e.round)?;
        let earlier = self.publications.iter().filter_map(|published| match published.scope {
            Scope::Supplement(number) => Some(number),
            Scope::Agenda | Scope::Minutes => None,
        });
        let scope = Scope::Supplement(earlier.max().unwrap_or(0) + 1);
        self.work = Work { scope, correction: None };
        Ok(())
    }

    pub(super) fn correction_opened(&mut self, e: &CorrectionOpened) -> Applied {
        let scope = self.edition(e.edition).ok_or_else(|| format!("no edition {}", e.edition))?.scope;
        let work = self.correction(scope, e.edition, &e.items.iter().copied().collect(), &e.reason);
        self.begin(e.round)?;
        self.work = work;
        e.documents.iter().try_for_each(|fork| self.forked(fork))?;
        self.suggestions_go_on(&e.documents);
        Ok(())
    }

    fn begin(&mut self, round: u32) -> Applied {
        if self.phase != Phase::Published || round != self.round + 1 {
            return Err("an edition was opened, but the last one is not published".into());
        }
        self.phase = Phase::Open;
        self.round = round;
        Ok(())
    }

    pub(super) fn abandoned(&mut self, meta: &Meta, e: &EditionAbandoned) -> Applied {
        if self.phase != Phase::Open || e.round != self.round {
            return Err("given up, but not open".into());
        }
        let Work { scope, correction } = std::mem::replace(&mut self.work, Work::minutes());
        match (scope, correction) {
            (_, Some(correction)) => {
                self.restore_facts(correction.facts);
                correction.before.into_iter().try_for_each(|item| self.restore(item))?;
            }
            (Scope::Supplement(_), None) => self.withdraw_all_of(scope, meta, &e.reason),
            (Scope::Agenda | Scope::Minutes, None) => return Err("there is nothing to give up".into()),
        }
        self.phase = Phase::Published;
        Ok(())
    }

    fn withdraw_all_of(&mut self, scope: Scope, meta: &Meta, reason: &str) {
        let (gone, kept) = std::mem::take(&mut self.items).into_iter().partition(|item| scope.has(item));
        self.items = kept;
        let gone: Vec<Item> = gone;
        for item in gone {
            self.suggestions_end(item.id);
            self.withdrawn.push(Withdrawn { item, at: meta.at, reason: reason.to_owned(), moved_to: None });
        }
    }

    /// The item is what it was published as. What was said about it stays said, and a hold stays.
    fn restore(&mut self, before: Item) -> Applied {
        self.suggestions_end(before.id);
        let item = self.item_mut(before.id)?;
        let (state, contributors) = (item.state, std::mem::take(&mut item.contributors));
        let (comments, held) = (std::mem::take(&mut item.comments), item.held.take());
        let written = item.documents;
        let published = before.documents;
        *item = Item { state, contributors, comments, held, ..before };
        for ((_, document), (_, back)) in written.all().into_iter().zip(published.all()) {
            if document != back {
                self.given_up(document, back)?;
            }
        }
        Ok(())
    }

    fn given_up(&mut self, document: DocumentId, back: DocumentId) -> Applied {
        let old = self.documents.get_mut(&back).ok_or_else(|| format!("no document {back}"))?;
        if let DocumentState::Superseded { heads, .. } = &old.state {
            old.state = DocumentState::Frozen { heads: heads.clone() };
        }
        let new = self.documents.get_mut(&document).ok_or_else(|| format!("no document {document}"))?;
        new.state = DocumentState::GivenUp { back };
        Ok(())
    }
}
