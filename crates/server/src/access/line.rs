//! One line of the access log: who asked for what, and what became of it.

use agenda::{
    event::{Position, Role, Timestamp},
    id::{ForumId, ItemId, MeetingId, UserId},
    language::Language,
};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody looked at, or wanted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// A text or an agenda as it was at a moment.
    Replay,
    /// Who wrote each character.
    Blame,
    /// What changed between two moments.
    Diff,
    /// Who changed what, when.
    History,
    /// The audit trail, or its file.
    Trail,
    TrailFile,
    /// The access log, or its file.
    Access,
    AccessFile,
    /// Nothing: it was a command, or a file for one, that could not be read.
    Command,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Lines from before this was kept tell of what was shown.
    #[default]
    Shown,
    Forbidden,
    /// It is not there, or not for this person.
    NotFound,
    /// The words were erased.
    Gone,
    /// No JSON, or an address that means nothing.
    Unreadable,
    TooLarge,
    /// Of another type of content than is taken.
    WrongType,
    /// An unknown command, a field that is missing, a file that cannot be used.
    Unfit,
    /// The person has so many lines that no more are written in this hour.
    OverLimit,
    /// For another reason.
    Refused,
}

impl Outcome {
    /// What an answer with this status says; `None` when the service itself failed, which is no refusal.
    pub fn of(status: StatusCode) -> Option<Self> {
        Some(match status {
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::GONE => Self::Gone,
            StatusCode::BAD_REQUEST => Self::Unreadable,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::WrongType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Unfit,
            status if status.is_success() => Self::Shown,
            status if status.is_client_error() => Self::Refused,
            _ => return None,
        })
    }

    /// What it is called.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Shown => language.pick("vist", "shown"),
            Self::Forbidden => language.pick("afvist: ingen adgang", "refused: no access"),
            Self::NotFound => {
                language.pick("afvist: findes ikke, eller ingen adgang", "refused: not there, or no access")
            }
            Self::Gone => {
                language.pick("afvist: teksten er slettet for altid", "refused: the words were erased")
            }
            Self::Unreadable => language.pick("afvist: kunne ikke læses", "refused: could not be read"),
            Self::TooLarge => language.pick("afvist: for stor", "refused: too large"),
            Self::WrongType => {
                language.pick("afvist: forkert slags indhold", "refused: wrong type of content")
            }
            Self::Unfit => {
                language.pick("afvist: indholdet kunne ikke bruges", "refused: the content cannot be used")
            }
            Self::OverLimit => language.pick(
                "afvist: for mange i samme time, flere er ikke noteret",
                "refused: too many in an hour, more are not noted",
            ),
            Self::Refused => language.pick("afvist", "refused"),
        }
    }
}

impl Looked {
    /// What it is called.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Self::Replay => language.pick("teksten på et tidspunkt", "the text at a moment"),
            Self::Blame => language.pick("hvem der skrev", "who wrote"),
            Self::Diff => language.pick("ændringer i teksten", "changes in the text"),
            Self::History => language.pick("historik", "history"),
            Self::Trail => language.pick("revisionssporet", "the audit trail"),
            Self::TrailFile => language.pick("revisionssporet som fil", "the audit trail as a file"),
            Self::Access => language.pick("adgangsloggen", "the access log"),
            Self::AccessFile => language.pick("adgangsloggen som fil", "the access log as a file"),
            Self::Command => language.pick("intet; sendte en ændring", "nothing; sent a change"),
        }
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lookup {
    pub at: Timestamp,
    pub user: UserId,
    pub name: String,
    /// Position and roles that the person held then; nothing for one who was no member.
    pub title: String,
    pub roles: Vec<Role>,
    pub what: Looked,
    pub forum: ForumId,
    #[schema(required)]
    pub meeting: Option<MeetingId>,
    #[schema(required)]
    pub item: Option<ItemId>,
    /// The moment that was looked at; null for now.
    #[schema(required)]
    pub moment: Option<Position>,
    /// The moment that it was compared with.
    #[schema(required)]
    pub since: Option<Position>,
    #[serde(default)]
    #[schema(required)]
    pub outcome: Outcome,
    /// The address of what was refused, without what stood behind a question mark.
    #[serde(default)]
    #[schema(required)]
    pub path: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_an_outcome_but_the_services_own_failure() {
        let of = |status| StatusCode::from_u16(status).ok().and_then(Outcome::of);
        use Outcome::{Forbidden, Gone, NotFound, Refused, Shown, TooLarge, Unfit, Unreadable, WrongType};
        for (status, outcome) in [
            (200, Shown),
            (400, Unreadable),
            (403, Forbidden),
            (404, NotFound),
            (409, Refused),
            (410, Gone),
            (413, TooLarge),
            (415, WrongType),
            (422, Unfit),
        ] {
            assert_eq!(of(status), Some(outcome), "{status}");
        }
        assert_eq!((of(500), of(503), of(304)), (None, None, None));
    }
}
