//! Who made what an event tells of, and which item it is about.

use crate::{
    event::{ChangesRecorded, Event},
    id::{Bytes, Hash, ItemId, UserId},
    meeting::Meeting,
    sync::{
        change::{Change, binding_actor},
        chunk,
    },
};

/// The changes in runs of one author each. An accepted suggestion is recorded by whoever
/// accepted it, and written by others.
pub(super) fn runs<'a>(
    meeting: Option<&Meeting>,
    recorded_by: &UserId,
    event: &'a ChangesRecorded,
) -> Vec<(UserId, Vec<&'a Bytes>)> {
    let bound = |change: &Bytes| {
        let actor = actor_of(&change.0)?;
        meeting?.actors.get(&(event.document, actor)).cloned()
    };
    let mut runs: Vec<(UserId, Vec<&Bytes>)> = Vec::new();
    for change in &event.changes {
        let by = bound(change).unwrap_or_else(|| recorded_by.clone());
        match runs.last_mut() {
            Some((last, run)) if *last == by => run.push(change),
            _ => runs.push((by, vec![change])),
        }
    }
    runs
}

/// The actor of a stored change, as it is bound to a person.
fn actor_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let chunks = chunk::split(bytes).ok()?;
    let change = Change::parse(chunks.first()?).ok()?;
    Some(binding_actor(change.actor).to_vec())
}

/// The hash of a stored change.
pub(crate) fn hash_of(bytes: &[u8]) -> Option<Hash> {
    let chunks = chunk::split(bytes).ok()?;
    Change::parse(chunks.first()?).ok().map(|change| change.hash)
}

/// The item that an event is about.
pub(super) fn item_of(event: &Event, meeting: Option<&Meeting>) -> Option<ItemId> {
    let of = |suggestion| Some(meeting?.suggestions.get(&suggestion)?.item);
    match event {
        Event::ItemAdded(e) => Some(e.item),
        Event::ItemDetailsChanged(e) => Some(e.item),
        Event::ItemReordered(e) => Some(e.item),
        Event::ItemWithdrawn(e) => Some(e.item),
        Event::ItemErased(e) => Some(e.item),
        Event::ItemHeld(e) => Some(e.item),
        Event::ItemReleased(e) => Some(e.item),
        Event::ContributorsChanged(e) => Some(e.item),
        Event::ItemStateChanged(e) => Some(e.item),
        Event::ItemClosed(e) => Some(e.item),
        Event::ItemOpened(e) => Some(e.item),
        Event::AttachmentAdded(e) => Some(e.item),
        Event::AttachmentRemoved(e) => Some(e.item),
        Event::AttachmentReplaced(e) => Some(e.item),
        Event::AttachmentRenamed(e) => Some(e.item),
        Event::AttachmentReordered(e) => Some(e.item),
        Event::AttachmentClosed(e) => Some(e.item),
        Event::AttachmentOpened(e) => Some(e.item),
        Event::SuggestionOpened(e) => Some(e.item),
        Event::SuggestionAccepted(e) => of(e.document),
        Event::SuggestionRejected(e) => of(e.document),
        Event::CommandRefused(e) => e.item,
        Event::ForumFounded(_)
        | Event::MemberAdded(_)
        | Event::MemberRoleChanged(_)
        | Event::MemberRemoved(_)
        | Event::TemplateChanged(_)
        | Event::DraftPolicyChanged(_)
        | Event::RetentionPlanChanged(_)
        | Event::MeetingScheduled(_)
        | Event::MeetingDetailsChanged(_)
        | Event::ParticipantsChanged(_)
        | Event::ActorBound(_)
        | Event::ChangesRecorded(_)
        | Event::EditRefused(_)
        | Event::AgendaFrozen(_)
        | Event::AgendaThawed(_)
        | Event::AgendaPublished(_)
        | Event::SupplementOpened(_)
        | Event::CorrectionOpened(_)
        | Event::EditionAbandoned(_)
        | Event::EditionSealed(_)
        | Event::CheckpointSigned(_)
        | Event::CommentMade(_)
        | Event::CommentResolved(_)
        | Event::CommentReopened(_)
        | Event::TextCopied(_) => None,
    }
}
