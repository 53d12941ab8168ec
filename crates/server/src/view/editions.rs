//! The editions of a meeting for readers: what was published, what holds, what is being written.

use super::{Person, person};
use agenda::{
    event::{EditionKind, Timestamp},
    forum::Forum,
    id::{Hash, ItemId},
    meeting::{Meeting, PublishedEdition},
};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicationView {
    /// Counted from 1 in the meeting.
    pub edition: u32,
    /// Of a correction: what the corrected edition is.
    pub kind: EditionKind,
    /// The edition that it corrects; null if it corrects none.
    #[schema(required)]
    pub corrects: Option<u32>,
    /// Why it corrects it.
    #[schema(required)]
    pub correction_reason: Option<String>,
    /// The correction that it was superseded by; null while it holds.
    #[schema(required)]
    pub superseded_by: Option<u32>,
    /// Its items, by id.
    pub items: Vec<ItemId>,
    /// Whether the secretariat may correct it now.
    pub correctable: bool,
    pub round: u32,
    pub at: Timestamp,
    pub by: Person,
    pub content_hash: Hash,
    pub url: String,
}

/// The edition that would be published next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkView {
    pub kind: EditionKind,
    /// The edition that it corrects; null if it corrects none.
    #[schema(required)]
    pub corrects: Option<u32>,
    /// Why it corrects it.
    #[schema(required)]
    pub correction_reason: Option<String>,
    /// The items that are worked on, by id.
    pub items: Vec<ItemId>,
}

pub fn publications(meeting: &Meeting, forum: &Forum) -> Vec<PublicationView> {
    let view = |edition: &PublishedEdition| PublicationView {
        edition: edition.edition,
        kind: edition.kind(),
        corrects: edition.corrects.as_ref().map(|corrects| corrects.edition),
        correction_reason: edition.corrects.as_ref().map(|corrects| corrects.reason.clone()),
        superseded_by: meeting.superseded_by(edition.edition),
        items: ids(meeting, |item| edition.scope.has(item)),
        correctable: meeting.require_correctable(edition.edition).is_ok(),
        round: edition.round,
        at: edition.at,
        by: person(forum, &edition.by),
        content_hash: edition.content_hash,
        url: format!("/dagsorden/{}/{}", meeting.id, edition.edition),
    };
    meeting.publications.iter().map(view).collect()
}

pub fn work(meeting: &Meeting) -> WorkView {
    let corrects = meeting.work.corrects();
    WorkView {
        kind: meeting.work.kind(),
        corrects: corrects.map(|corrects| corrects.edition),
        correction_reason: corrects.map(|corrects| corrects.reason.clone()),
        items: ids(meeting, |item| meeting.work.has(item)),
    }
}

fn ids(meeting: &Meeting, wanted: impl Fn(&agenda::meeting::Item) -> bool) -> Vec<ItemId> {
    meeting.items.iter().filter(|item| wanted(item)).map(|item| item.id).collect()
}
