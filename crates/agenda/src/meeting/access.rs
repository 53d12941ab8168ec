//! Who may read, write, suggest and comment: which roles do what, and who may read, write and
//! comment on which document of an item. The one home of those rules.

use super::{DocumentState, Item, Meeting, SuggestionState};
use crate::{
    event::{DocumentKind, RefusalReason, Role},
    forum::Actor,
    id::DocumentId,
    rejection::Rejection,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Access {
    /// May not know that it exists.
    None,
    /// Reads what it says, and not how it came about: its drafts are withheld.
    Text,
    Read,
    Write,
}

/// How a person begins on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Mode {
    /// Writes in the case itself.
    Write,
    /// Writes in a suggestion, which others take in or not.
    Suggest,
}

impl Actor {
    /// Reviewers and readers never write.
    pub fn may_write(&self) -> bool {
        self.roles.iter().any(|role| !matches!(role, Role::Reviewer | Role::Reader))
    }
    /// Every role but the reader's suggests.
    pub fn may_suggest(&self) -> bool {
        self.roles.iter().any(|role| *role != Role::Reader)
    }
    pub fn require_writer(&self) -> Result<(), Rejection> {
        if self.may_write() { Ok(()) } else { Err(Rejection::ReadOnly) }
    }
    pub fn require_suggester(&self) -> Result<(), Rejection> {
        if self.may_suggest() { Ok(()) } else { Err(Rejection::ReadOnly) }
    }
    /// Writing cases is these roles' work; the others give their opinion first.
    fn writes_cases(&self) -> bool {
        let work = |role: &Role| matches!(role, Role::Author | Role::Coordinator | Role::Secretariat);
        self.roles.iter().any(work)
    }
}

impl Meeting {
    /// What the person may do with the document now; an unknown document is nobody's.
    ///
    /// Every member reads every document of the forum's meetings, but the planning form is for
    /// those who write. The decision is the secretariat's. A suggestion is its author's, and
    /// those who may write the case may write in it, too, to take parts of it back. What is
    /// frozen, withdrawn or settled is written by nobody.
    pub fn access(&self, actor: Option<&Actor>, id: DocumentId) -> Access {
        let (Some(actor), Some(document)) = (actor, self.documents.get(&id)) else { return Access::None };
        if document.state == DocumentState::Erased {
            return Access::None;
        }
        let writes = match (self.suggestions.get(&id), document.kind) {
            (Some(own), _) if own.author == actor.user => actor.may_suggest(),
            (_, DocumentKind::Case) => actor.may_write(),
            (_, DocumentKind::Planning) if !actor.may_write() => return Access::None,
            (_, DocumentKind::Planning) => true,
            (_, DocumentKind::Decision) => actor.is_secretariat(),
        };
        if writes && self.is_open(id) { Access::Write } else { Access::Read }
    }

    /// How the person begins on the item's case; `None` for who may only read it.
    pub fn default_mode(&self, actor: &Actor, item: &Item) -> Option<Mode> {
        let contributes = item.contributors.contains(&actor.user);
        match (actor.may_write(), actor.may_suggest()) {
            (true, _) if contributes || actor.writes_cases() => Some(Mode::Write),
            (true, _) | (false, true) => Some(Mode::Suggest),
            (false, false) => None,
        }
    }

    /// Whether the document takes changes at all. A suggestion does while its case does.
    pub fn is_open(&self, id: DocumentId) -> bool {
        let takes_changes = |id: DocumentId| {
            let document = self.documents.get(&id);
            document.is_some_and(|d| d.state == DocumentState::Open && self.item(d.item).is_some())
        };
        let suggestion = self.suggestions.get(&id);
        takes_changes(id)
            && suggestion.is_none_or(|s| s.state == SuggestionState::Open && takes_changes(s.case))
    }

    /// Whether the person may say something about a text now, and settle or reopen what was said.
    ///
    /// Those who write or suggest may, about every text that they see, and so may give feedback where they
    /// do not correct (a head on the secretariat's decision, say). A reader sees what was said.
    /// A comment asks for a change, so it makes sense as long as there may be one: also while the
    /// agenda is frozen, for it may be reopened, but not once the text is published and not being
    /// corrected. The decision is published with the minutes.
    pub fn may_comment(&self, actor: Option<&Actor>, id: DocumentId) -> bool {
        self.require_comment(actor, id).is_ok()
    }

    /// The same, with the reason why not.
    pub(super) fn require_comment(&self, actor: Option<&Actor>, id: DocumentId) -> Result<(), Rejection> {
        actor.ok_or(Rejection::NotMember)?.require_suggester()?;
        let known = self.documents.get(&id).filter(|_| self.access(actor, id) != Access::None);
        let document = known.ok_or(Rejection::Unknown("dokument"))?;
        self.item(document.item).ok_or(Rejection::UnknownItem)?;
        if self.is_settled(document.item, document.kind) { Err(Rejection::Published) } else { Ok(()) }
    }

    /// Why a change to a document that may not be written is refused.
    pub fn refusal_reason(&self, id: DocumentId) -> RefusalReason {
        let suggestion = self.suggestions.get(&id);
        if suggestion.is_some_and(|suggestion| suggestion.state != SuggestionState::Open) {
            return RefusalReason::Settled;
        }
        let text = suggestion.map_or(id, |suggestion| suggestion.case);
        match self.documents.get(&text).map(|document| &document.state) {
            Some(
                DocumentState::Frozen { .. }
                | DocumentState::Superseded { .. }
                | DocumentState::Erased
                | DocumentState::GivenUp { .. },
            ) => RefusalReason::Frozen,
            Some(DocumentState::Open) | None => RefusalReason::Forbidden,
        }
    }
}
