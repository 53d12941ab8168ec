//! Who may read, write and comment on which document of an item. The one home of those rules.

use super::{DocumentState, Meeting, Phase};
use crate::{
    event::{DocumentKind, RefusalReason},
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
    Read,
    Write,
}

impl Meeting {
    /// What the person may do with the document now; an unknown document is nobody's.
    ///
    /// Every member reads every document of the forum's meetings, but the planning form is for
    /// those who write. The decision is the secretariat's. What is frozen or withdrawn is
    /// written by nobody.
    pub fn access(&self, actor: Option<&Actor>, id: DocumentId) -> Access {
        let (Some(actor), Some(document)) = (actor, self.documents.get(&id)) else { return Access::None };
        let open = document.state == DocumentState::Open && self.item(document.item).is_some();
        let writes = match document.kind {
            DocumentKind::Case => actor.may_write(),
            DocumentKind::Planning if !actor.may_write() => return Access::None,
            DocumentKind::Planning => true,
            DocumentKind::Decision => actor.is_secretariat(),
        };
        if open && writes { Access::Write } else { Access::Read }
    }

    /// Whether the person may say something about a text now, and settle or reopen what was said.
    ///
    /// Those who write may, about every text that they see, and so may give feedback where they
    /// do not correct (a head on the secretariat's decision, say). A reader sees what was said.
    /// A comment asks for a change, so it makes sense as long as there may be one: also while the
    /// agenda is frozen, for it may be reopened, but not once the text is published. The
    /// decision is written afterwards and is not part of that.
    pub fn may_comment(&self, actor: Option<&Actor>, id: DocumentId) -> bool {
        self.require_comment(actor, id).is_ok()
    }

    /// The same, with the reason why not.
    pub(super) fn require_comment(&self, actor: Option<&Actor>, id: DocumentId) -> Result<(), Rejection> {
        actor.ok_or(Rejection::NotMember)?.require_writer()?;
        let known = self.documents.get(&id).filter(|_| self.access(actor, id) != Access::None);
        let document = known.ok_or(Rejection::Unknown("dokument"))?;
        self.item(document.item).ok_or(Rejection::UnknownItem)?;
        match (self.phase, document.kind) {
            (Phase::Published, DocumentKind::Case | DocumentKind::Planning) => Err(Rejection::Published),
            (Phase::Open | Phase::Frozen, _) | (Phase::Published, DocumentKind::Decision) => Ok(()),
        }
    }

    /// Why a change to a document that may not be written is refused.
    pub fn refusal_reason(&self, id: DocumentId) -> RefusalReason {
        match self.documents.get(&id).map(|document| &document.state) {
            Some(DocumentState::Frozen { .. } | DocumentState::Superseded { .. }) => RefusalReason::Frozen,
            Some(DocumentState::Open) | None => RefusalReason::Forbidden,
        }
    }
}
