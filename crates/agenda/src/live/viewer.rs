//! What one person may see of a room now: their access to its texts, with what the forum's policy for
//! drafts withholds from them. The one home of that rule for everything that is shown as it is now; looking
//! back has its own refusals, by the same policy.

use super::Room;
use crate::{
    drafts::Withheld,
    event::Timestamp,
    forum::Actor,
    id::{DocumentId, UserId},
    meeting::{Access, Attachment, Version},
};

pub struct Viewer<'a> {
    room: &'a Room,
    pub actor: Option<Actor>,
    pub withheld: Withheld,
}

impl Room {
    /// The person before the room as it is at this time.
    pub fn viewer(&self, user: &UserId, now: Timestamp) -> Viewer<'_> {
        let actor = self.actor(user);
        let withheld = self.forum().drafts.withheld(actor.as_ref(), self.meeting(), now);
        Viewer { room: self, actor, withheld }
    }
}

impl Viewer<'_> {
    /// What the person may do with a document.
    ///
    /// Its changes, which a socket gives, say how it came about. Where that is withheld, only those get them
    /// who still work with the text: to write in it or comment on it one needs them.
    pub fn access(&self, id: DocumentId) -> Access {
        let meeting = self.room.meeting();
        let access = meeting.access(self.actor.as_ref(), id);
        let past = self.room.documents.get(&id).map(|document| document.written_at()).unwrap_or_default();
        let works = || access == Access::Write || meeting.may_comment(self.actor.as_ref(), id);
        if access != Access::None && self.withheld.hides_any(past) && !works() {
            Access::Text
        } else {
            access
        }
    }

    /// The versions of an attachment's file, each with its number from 1: all that ever stood in what is
    /// not withheld.
    pub fn versions<'v>(&self, attachment: &'v Attachment) -> impl Iterator<Item = (usize, &'v Version)> {
        let versions = &attachment.versions;
        versions.iter().enumerate().filter_map(|(index, version)| {
            let next = versions.get(index + 1);
            let shown = next.is_none_or(|next| self.withheld.shown_as(version.sequence) < next.sequence);
            shown.then_some((index + 1, version))
        })
    }
}
