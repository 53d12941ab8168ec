//! Who may read and write which document of an item. The one home of that rule.

use super::{DocumentState, Meeting};
use crate::{event::DocumentKind, event::RefusalReason, forum::Actor, id::DocumentId};
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

    /// Why a change to a document that may not be written is refused.
    pub fn refusal_reason(&self, id: DocumentId) -> RefusalReason {
        match self.documents.get(&id).map(|document| &document.state) {
            Some(DocumentState::Frozen { .. } | DocumentState::Superseded { .. }) => RefusalReason::Frozen,
            Some(DocumentState::Open) | None => RefusalReason::Forbidden,
        }
    }
}
