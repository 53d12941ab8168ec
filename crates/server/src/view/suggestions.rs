//! An item's suggestions, and whether the reader writes in its case or suggests.

use super::{Person, person};
use agenda::{
    event::Timestamp,
    id::{DocumentId, UserId},
    live::{Room, Viewer},
    meeting::{Access, Item, Mode, Suggestion, SuggestionState},
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggesting {
    /// How the reader begins; null for who may neither write nor suggest.
    #[schema(required)]
    pub default_mode: Option<Mode>,
    /// Whether the reader's role lets them write in the case itself.
    pub may_write: bool,
    /// Oldest first.
    pub suggestions: Vec<SuggestionView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuggestionView {
    /// Its document, which also names it.
    pub document: DocumentId,
    pub author: Person,
    pub at: Timestamp,
    /// Text that was refused, handed over by its author.
    pub handed_over: bool,
    /// What the reader may do with its document now.
    pub access: Access,
    pub state: SuggestionStateView,
    /// Who accepted or rejected it.
    #[schema(required)]
    pub settled_by: Option<Person>,
    /// Why it was rejected.
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionStateView {
    Open,
    Accepted,
    Rejected,
    /// Its item was withdrawn.
    Ended,
}

pub(super) fn suggesting(room: &Room, viewer: &Viewer<'_>, item: &Item) -> Suggesting {
    let meeting = room.meeting();
    let actor = viewer.actor.as_ref();
    let mut own: Vec<_> = meeting.suggestions.iter().filter(|(_, s)| s.item == item.id).collect();
    own.sort_by_key(|(document, suggestion)| (suggestion.at, **document));
    Suggesting {
        default_mode: actor.and_then(|actor| meeting.default_mode(actor, item)),
        may_write: actor.is_some_and(agenda::forum::Actor::may_write),
        suggestions: own.into_iter().map(|(id, s)| suggestion(room, viewer, *id, s)).collect(),
    }
}

fn suggestion(
    room: &Room,
    viewer: &Viewer<'_>,
    document: DocumentId,
    suggestion: &Suggestion,
) -> SuggestionView {
    let by = |user: &UserId| Some(person(room.forum(), user));
    let (state, settled_by, reason) = match &suggestion.state {
        SuggestionState::Open => (SuggestionStateView::Open, None, ""),
        SuggestionState::Accepted { by: who, .. } => (SuggestionStateView::Accepted, by(who), ""),
        SuggestionState::Rejected { by: who, reason, .. } => {
            (SuggestionStateView::Rejected, by(who), reason.as_str())
        }
        SuggestionState::Ended => (SuggestionStateView::Ended, None, ""),
    };
    SuggestionView {
        document,
        author: person(room.forum(), &suggestion.author),
        at: suggestion.at,
        handed_over: suggestion.handed_over,
        access: viewer.access(document),
        state,
        settled_by,
        reason: reason.to_owned(),
    }
}
