//! Suggestions: changes to a case that wait in a document of their own until somebody who may
//! write the case takes them in or rejects them. The document names the suggestion.
//!
//! While a suggestion is open its document holds all that its case holds, and more: whatever the
//! case takes in, the suggestion's document takes in at the same place of the log. The server
//! does that itself, so no client is trusted with it, and it is not recorded a second time: the
//! log says it by saying that the suggestion is open. So its document is always the case as it
//! would be with the suggestion in it, and accepting is recording in the case what only the
//! suggestion's document has.
//!
//! That two documents can always be joined rests on one rule: an actor writes in the case or in
//! one of its open suggestions, never in two of them ([`Meeting::owner`]).
//!
//! A freeze leaves suggestions as they are, readable; a thaw lets them go on against the new
//! round's case, and so does a correction; an item that is withdrawn and a correction that is given up
//! end them.

use super::{Meeting, Meta, Supplies};
use crate::{
    event::{
        ActorBound, ChangesRecorded, DocumentKind, Event, Fork, SuggestionAccepted, SuggestionOpened,
        SuggestionRejected, Timestamp,
    },
    forum::Actor,
    id::{Bytes, DocumentId, ItemId, UserId},
    meeting::{Document, DocumentState},
    rejection::{Rejection, optional, required},
};
use std::collections::BTreeSet;

/// Open suggestions on one item; each holds a copy of the text.
const MAX_OPEN: usize = 50;
/// Bytes of changes that one acceptance records; a commit of the log holds 8 MiB.
const MAX_SUGGESTED_BYTES: usize = 6 << 20;
/// Characters of the reason for a rejection.
const MAX_REASON: usize = 2_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub item: ItemId,
    /// The case that it is about, in the present round.
    pub case: DocumentId,
    pub author: UserId,
    pub at: Timestamp,
    /// It holds words that the case refused.
    pub handed_over: bool,
    pub state: SuggestionState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuggestionState {
    Open,
    Accepted {
        by: UserId,
        at: Timestamp,
    },
    Rejected {
        by: UserId,
        at: Timestamp,
        reason: String,
    },
    /// Its item was withdrawn, or the correction that it was for was given up.
    Ended,
}

/// A change that a suggestion has and its case has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// The part of the actor that is bound to a person.
    pub actor: Vec<u8>,
    pub change: Bytes,
}

/// Whose an actor is in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    Nobody,
    Person(&'a UserId),
    /// It writes in another document that may be joined with this one.
    Elsewhere,
}

type Decided = Result<Vec<Event>, Rejection>;

impl Meeting {
    /// The documents of the open suggestions to a case.
    pub fn open_suggestions_to(&self, case: DocumentId) -> impl Iterator<Item = DocumentId> {
        let open =
            self.suggestions.iter().filter(move |(_, s)| s.state == SuggestionState::Open && s.case == case);
        open.map(|(document, _)| *document)
    }

    /// Whose the actor is in the document.
    pub fn owner(&self, document: DocumentId, actor: &[u8]) -> Owner<'_> {
        let bound = |id: DocumentId| self.actors.get(&(id, actor.to_vec()));
        let case = self.suggestions.get(&document).map(|suggestion| suggestion.case);
        let mut others =
            self.open_suggestions_to(case.unwrap_or(document)).filter(|other| *other != document);
        match bound(document) {
            // Words that were handed over go on under the actor that began in the case.
            Some(owner) if case.is_some() => Owner::Person(owner),
            _ if others.any(|other| bound(other).is_some()) => Owner::Elsewhere,
            Some(owner) => Owner::Person(owner),
            None if case.is_some_and(|case| bound(case).is_some()) => Owner::Elsewhere,
            None => Owner::Nobody,
        }
    }

    /// A person has one suggestion to an item at a time in which they write.
    pub(super) fn open_suggestion(
        &self,
        actor: &Actor,
        item: ItemId,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        let case = self.require_item(item)?.documents.case;
        let mut open = self.open_suggestions_to(case).filter_map(|id| self.suggestions.get(&id));
        if open.any(|suggestion| suggestion.author == actor.user && !suggestion.handed_over) {
            return Err(Rejection::Exists("forslag"));
        }
        Ok(vec![self.opened(item, false, supplies)?.into()])
    }

    fn opened(
        &self,
        item: ItemId,
        handed_over: bool,
        supplies: &mut Supplies<'_>,
    ) -> Result<SuggestionOpened, Rejection> {
        let case = self.require_item(item)?.documents.case;
        if self.open_suggestions_to(case).count() >= MAX_OPEN {
            return Err(Rejection::TooMany { what: "forslag", limit: MAX_OPEN });
        }
        let document = DocumentId::from_bytes((supplies.fresh)());
        Ok(SuggestionOpened { item, document, case, handed_over })
    }

    /// Words that the document refused become a suggestion by their author. They are in
    /// `supplies`, checked as every change is.
    pub(super) fn suggest_refused(
        &self,
        actor: &Actor,
        document: DocumentId,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        let known = self.documents.get(&document).ok_or(Rejection::Unknown("dokument"))?;
        if supplies.suggested.is_empty() {
            return Err(Rejection::Unknown("tekst, der ikke allerede er sendt"));
        }
        let opened = self.opened(known.item, true, supplies)?;
        let suggestion = opened.document;
        let mut events = vec![opened.into()];
        events.extend(self.recorded(suggestion, supplies.suggested, |_| Some(actor.user.clone()))?);
        Ok(events)
    }

    /// Takes the suggestion in: its changes become the case's, each still by who made it.
    pub(super) fn accept(&self, document: DocumentId, supplies: &Supplies<'_>) -> Decided {
        let case = self.require_open_suggestion(document)?.case;
        if !self.is_open(case) {
            return Err(Rejection::Frozen);
        }
        if supplies.suggested.is_empty() {
            return Err(Rejection::Empty("Forslag"));
        }
        let mut events = vec![SuggestionAccepted { document, case }.into()];
        let author = |actor: &[u8]| self.actors.get(&(document, actor.to_vec())).cloned();
        events.extend(self.recorded(case, supplies.suggested, author)?);
        Ok(events)
    }

    /// Changes with what binds their actors, where that is new.
    fn recorded(
        &self,
        document: DocumentId,
        suggested: &[Suggested],
        author: impl Fn(&[u8]) -> Option<UserId>,
    ) -> Decided {
        if suggested.iter().map(|one| one.change.0.len()).sum::<usize>() > MAX_SUGGESTED_BYTES {
            return Err(Rejection::TooMany { what: "bytes i et forslag", limit: MAX_SUGGESTED_BYTES });
        }
        let actors: BTreeSet<&Vec<u8>> = suggested.iter().map(|one| &one.actor).collect();
        let mut events: Vec<Event> = Vec::new();
        for actor in actors.into_iter().filter(|actor| !self.actors.contains_key(&(document, actor.to_vec())))
        {
            let user = author(actor).ok_or(Rejection::Unknown("medlem"))?;
            events.push(ActorBound { document, actor: Bytes(actor.clone()), user }.into());
        }
        let changes = suggested.iter().map(|one| one.change.clone()).collect();
        events.push(ChangesRecorded { document, changes, source: None }.into());
        Ok(events)
    }

    /// Its author takes it back, or who may write the case turns it down and says why.
    pub(super) fn reject(&self, actor: &Actor, document: DocumentId, reason: &str) -> Decided {
        let suggestion = self.require_open_suggestion(document)?;
        let reason = if suggestion.author == actor.user {
            optional("Begrundelse", reason, MAX_REASON)?
        } else {
            actor.require_writer()?;
            required("Begrundelse", reason, MAX_REASON)?
        };
        Ok(vec![SuggestionRejected { document, reason }.into()])
    }

    fn require_open_suggestion(&self, document: DocumentId) -> Result<&Suggestion, Rejection> {
        let suggestion = self.suggestions.get(&document).ok_or(Rejection::Unknown("forslag"))?;
        if suggestion.state == SuggestionState::Open { Ok(suggestion) } else { Err(Rejection::Settled) }
    }
}

type Applied = Result<(), String>;

impl Meeting {
    pub(super) fn suggestion_opened(&mut self, meta: &Meta, e: &SuggestionOpened) -> Applied {
        if !self.documents.contains_key(&e.case) || self.suggestions.contains_key(&e.case) {
            return Err(format!("no case {}", e.case));
        }
        let (kind, forked_from) = (DocumentKind::Case, Some(e.case));
        let document = Document { item: e.item, kind, forked_from, state: DocumentState::Open };
        self.new_document(e.document, document)?;
        let suggestion = Suggestion {
            item: e.item,
            case: e.case,
            author: meta.by.clone(),
            at: meta.at,
            handed_over: e.handed_over,
            state: SuggestionState::Open,
        };
        self.suggestions.insert(e.document, suggestion);
        Ok(())
    }

    pub(super) fn suggestion_accepted(&mut self, meta: &Meta, e: &SuggestionAccepted) -> Applied {
        self.require_open(e.case)?;
        let (by, at) = (meta.by.clone(), meta.at);
        self.settled(e.document, SuggestionState::Accepted { by, at })
    }

    pub(super) fn suggestion_rejected(&mut self, meta: &Meta, e: &SuggestionRejected) -> Applied {
        let (by, at, reason) = (meta.by.clone(), meta.at, e.reason.clone());
        self.settled(e.document, SuggestionState::Rejected { by, at, reason })
    }

    fn settled(&mut self, document: DocumentId, state: SuggestionState) -> Applied {
        match self.suggestions.get_mut(&document) {
            Some(suggestion) if suggestion.state == SuggestionState::Open => suggestion.state = state,
            Some(_) => return Err(format!("the suggestion {document} is settled twice")),
            None => return Err(format!("no suggestion {document}")),
        }
        Ok(())
    }

    /// They go on against the new round's case, which is as the old one was.
    pub(super) fn suggestions_go_on(&mut self, forks: &[Fork]) {
        for suggestion in self.suggestions.values_mut().filter(|s| s.state == SuggestionState::Open) {
            if let Some(fork) = forks.iter().find(|fork| fork.from == suggestion.case) {
                suggestion.case = fork.to;
            }
        }
    }

    pub(super) fn suggestions_end(&mut self, item: ItemId) {
        let open = |s: &&mut Suggestion| s.item == item && s.state == SuggestionState::Open;
        self.suggestions.values_mut().filter(open).for_each(|s| s.state = SuggestionState::Ended);
    }
}
