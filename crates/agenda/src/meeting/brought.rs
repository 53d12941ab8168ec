//! Items that come from another meeting of the forum, or go to one. Going to another meeting is two commits
//! in two streams: the item comes to the one before it leaves the other, so that a crash in between leaves it
//! in both, and never in none. Whoever sees that finishes it: the second commit's id follows from the first's.

use super::{
    Attachment, Meeting, Supplies,
    decide::{Decided, MAX_REASON, one},
};
use crate::{
    event::{
        AttachmentAdded, AttachmentClosed, ContributorsChanged, CopiedCredit, DocumentKind, Event,
        ItemClosed, ItemHeld, ItemOrigin, ItemType, ItemWithdrawn, MovedTo, Source, Timestamp, WrittenIn,
    },
    forum::Actor,
    history::{AuthoredSection, Sign},
    id::{AttachmentId, DocumentId, Hash, ItemId, UserId},
    rejection::{Rejection, optional},
};

/// How an item came from another meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub from: ItemOrigin,
    /// Why it was moved, if it was.
    pub because: String,
    pub by: UserId,
    pub at: Timestamp,
}

/// An item as it was in its meeting; see [`crate::history::brought`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    pub origin: ItemOrigin,
    /// Why it is moved, if it is.
    pub moved_because: String,
    pub title: String,
    pub journal_number: Option<String>,
    pub minutes: Option<u16>,
    pub item_type: Option<ItemType>,
    /// Why it is closed, if it is: it stays so.
    pub closed: Option<String>,
    /// Why its words are to be kept, if they are and it is moved: they are kept in both meetings.
    pub held: Option<String>,
    pub contributors: Vec<UserId>,
    pub attachments: Vec<Attachment>,
    pub texts: Vec<BroughtText>,
}

/// One of its texts; the lists are those of [`crate::event::TextCopied`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtText {
    pub kind: DocumentKind,
    pub from: DocumentId,
    pub heads: Vec<Hash>,
    pub sections: Vec<AuthoredSection>,
    pub people: Vec<UserId>,
    pub places: Vec<WrittenIn>,
    pub sources: Vec<Source>,
    pub credits: Vec<CopiedCredit>,
}

impl BroughtText {
    /// The sections as a template has room for them. What stood in one that is not in it comes last, under
    /// its own heading.
    pub fn fitted(&self, keys: &[&str]) -> Vec<AuthoredSection> {
        let has = |section: &&AuthoredSection| keys.contains(&section.text.key.as_str());
        let mut fitted: Vec<AuthoredSection> = self.sections.iter().filter(has).cloned().collect();
        let homeless = self.sections.iter().filter(|section| !has(section));
        for section in homeless.filter(|section| !section.text.blocks.is_empty()) {
            if let Some(last) = fitted.last_mut() {
                last.append(section);
            }
        }
        fitted
    }
}

impl AuthoredSection {
    fn append(&mut self, other: &Self) {
        let heading = crate::content::Inline::plain(other.heading.clone());
        self.text.blocks.push(crate::content::Block::Heading { level: 2, text: vec![heading] });
        self.text.blocks.extend(other.text.blocks.iter().cloned());
        let new = |character| Sign { character, credit: None };
        self.signs.push(new(None));
        self.signs.extend(other.heading.chars().map(|character| new(Some(character))));
        self.signs.extend(&other.signs);
    }
}

impl Meeting {
    /// What follows the item's coming, apart from its texts: its attachments, who contributes, whether it is closed or held.
    pub(super) fn brought_along(
        &self,
        item: ItemId,
        brought: &Brought,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        let mut events: Vec<Event> = Vec::new();
        if let Some(reason) = &brought.closed {
            events.push(ItemClosed { item, reason: reason.clone() }.into());
        }
        if let Some(reason) = &brought.held {
            events.push(ItemHeld { item, reason: reason.clone() }.into());
        }
        let is_member = |user: &&UserId| supplies.forum.actor(user).is_some();
        let contributors: Vec<UserId> = brought.contributors.iter().filter(is_member).cloned().collect();
        if !contributors.is_empty() {
            events.push(ContributorsChanged { item, contributors }.into());
        }
        self.require_room_for(brought.attachments.len())?;
        for known in &brought.attachments {
            let attachment = AttachmentId::from_bytes((supplies.fresh)());
            let (name, file) = (known.name.clone(), known.file().cloned());
            events.push(AttachmentAdded { item, attachment, name, source: None, file }.into());
            if let Some(closed) = &known.closed {
                events.push(AttachmentClosed { item, attachment, reason: closed.reason.clone() }.into());
            }
        }
        Ok(events)
    }

    /// The item leaves for another meeting, where it is already.
    pub(super) fn move_away(&self, item: ItemId, to: &MovedTo, reason: &str) -> Decided {
        self.require_item(item)?;
        let reason = optional("Begrundelse", reason, MAX_REASON)?;
        one(ItemWithdrawn { item, reason, moved_to: Some(*to) })
    }

    /// Whether the person may move the item to another meeting now.
    pub fn require_move_away(&self, actor: &Actor, item: ItemId) -> Result<(), Rejection> {
        actor.require_secretariat()?;
        self.require_place_open(item)
    }
}
