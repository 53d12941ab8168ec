//! Events into state. `Err` names an event that does not fit the history before it, which a
//! log that was written by `decide` never holds.

use super::{
    Arrived, Closed, Details, Document, DocumentState, Freeze, Hold, Item, Meeting, Phase, Scope,
    SuggestionState, Thaw, Withdrawn,
};
use crate::{
    event::{
        ActorBound, AgendaFrozen, AgendaThawed, EditionKind, Event, Fork, ItemAdded, ItemReordered,
        ItemState, ItemWithdrawn, MeetingScheduled, Timestamp,
    },
    id::{DocumentId, ItemId, UserId},
};

/// When and by whom, of the commit that an event stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    pub at: Timestamp,
    pub by: UserId,
    /// The commit's sequence in the meeting's stream.
    pub sequence: u64,
}

type Applied = Result<(), String>;

impl Details {
    fn of(e: &MeetingScheduled) -> Self {
        Self {
            forum: e.forum,
            forum_name: e.forum_name.clone(),
            template: e.template.clone(),
            date: e.date,
            time: e.time,
            place: e.place.clone(),
        }
    }
}

impl Meeting {
    /// Applies one event.
    pub fn apply(&mut self, meta: &Meta, event: &Event) -> Applied {
        self.sequence = meta.sequence;
        match event {
            Event::MeetingScheduled(e) => self.details = Some(Details::of(e)),
            Event::MeetingDetailsChanged(e) => {
                let details = self.details.as_mut().ok_or("the meeting is not scheduled")?;
                (details.date, details.time) = (e.date, e.time);
                details.place.clone_from(&e.place);
            }
            Event::ParticipantsChanged(e) => self.participants_changed(&e.participants),
            Event::ItemAdded(e) => self.item_added(meta, e)?,
            Event::ItemDetailsChanged(e) => {
                let item = self.item_mut(e.item)?;
                item.title.clone_from(&e.title);
                item.journal_number.clone_from(&e.journal_number);
                item.minutes = e.minutes;
                item.item_type = e.item_type;
            }
            Event::ItemReordered(e) => self.reordered(e)?,
            Event::ItemWithdrawn(e) => self.item_withdrawn(meta, e)?,
            Event::ItemErased(e) => self.erased(meta, e)?,
            Event::ItemHeld(e) => self.known_item_mut(e.item)?.held = Some(Hold::new(meta, &e.reason)),
            Event::ItemReleased(e) => self.known_item_mut(e.item)?.held = None,
            Event::ContributorsChanged(e) => self.item_mut(e.item)?.contributors.clone_from(&e.contributors),
            Event::ItemStateChanged(e) => self.item_mut(e.item)?.state = e.state,
            Event::ItemClosed(e) => self.item_mut(e.item)?.closed = Some(Closed::new(meta, &e.reason)),
            Event::ItemOpened(e) => self.item_mut(e.item)?.closed = None,
            Event::AttachmentAdded(_)
            | Event::AttachmentRemoved(_)
            | Event::AttachmentReplaced(_)
            | Event::AttachmentRenamed(_)
            | Event::AttachmentReordered(_)
            | Event::AttachmentClosed(_)
            | Event::AttachmentOpened(_) => self.attachment_changed(meta, event)?,
            Event::ActorBound(e) => self.actor_bound(e)?,
            Event::ChangesRecorded(e) => self.require_open(e.document)?,
            Event::TextCopied(e) => self.require_open(e.document)?,
            Event::EditRefused(e) => {
                if self.refused.insert((e.document, e.hash), e.reason).is_some() {
                    return Err(format!("{} is refused twice", e.hash));
                }
            }
            Event::SuggestionOpened(e) => self.suggestion_opened(meta, e)?,
            Event::SuggestionAccepted(e) => self.suggestion_accepted(meta, e)?,
            Event::SuggestionRejected(e) => self.suggestion_rejected(meta, e)?,
            Event::AgendaFrozen(_)
            | Event::AgendaThawed(_)
            | Event::AgendaPublished(_)
            | Event::SupplementOpened(_)
            | Event::CorrectionOpened(_)
            | Event::EditionAbandoned(_) => self.edition_changed(meta, event)?,
            Event::CommentMade(e) => self.comment_made(meta, e)?,
            Event::CommentResolved(e) => self.comment_resolved(meta, e)?,
            Event::CommentReopened(e) => self.comment_reopened(e)?,
            Event::CommandRefused(_) => {}
            Event::ForumFounded(_)
            | Event::MemberAdded(_)
            | Event::MemberRoleChanged(_)
            | Event::MemberRemoved(_)
            | Event::TemplateChanged(_)
            | Event::DraftPolicyChanged(_)
            | Event::RetentionPlanChanged(_)
            | Event::EditionSealed(_)
            | Event::CheckpointSigned(_) => {
                return Err(format!("{} is not a meeting's event", event.kind().0));
            }
        }
        Ok(())
    }

    fn actor_bound(&mut self, e: &ActorBound) -> Applied {
        self.require_open(e.document)?;
        let key = (e.document, e.actor.0.clone());
        match self.actors.insert(key, e.user.clone()) {
            Some(_) => Err(format!("an actor of {} is bound twice", e.document)),
            None => Ok(()),
        }
    }

    fn edition_changed(&mut self, meta: &Meta, event: &Event) -> Applied {
        match event {
            Event::AgendaFrozen(e) => self.frozen(meta, e),
            Event::AgendaThawed(e) => self.thawed(meta, e),
            Event::AgendaPublished(e) => self.published(meta, e),
            Event::SupplementOpened(e) => self.supplement_opened(e),
            Event::CorrectionOpened(e) => self.correction_opened(e),
            Event::EditionAbandoned(e) => self.abandoned(meta, e),
            _ => Err(format!("{} is not about an edition", event.kind().0)),
        }
    }

    pub(super) fn item_mut(&mut self, id: ItemId) -> Result<&mut Item, String> {
        self.items.iter_mut().find(|item| item.id == id).ok_or_else(|| format!("no item {id}"))
    }

    pub(super) fn require_open(&self, id: DocumentId) -> Applied {
        if self.suggestions.get(&id).is_some_and(|s| s.state != SuggestionState::Open) {
            return Err(format!("the suggestion {id} is settled"));
        }
        match self.documents.get(&id).map(|document| &document.state) {
            Some(DocumentState::Open) => Ok(()),
            Some(_) => Err(format!("document {id} is frozen")),
            None => Err(format!("no document {id}")),
        }
    }

    fn item_added(&mut self, meta: &Meta, e: &ItemAdded) -> Applied {
        for (kind, id) in e.documents.all() {
            let document = Document { item: e.item, kind, forked_from: None, state: DocumentState::Open };
            self.new_document(id, document)?;
        }
        let supplement = match self.work.scope {
            Scope::Supplement(number) => Some(number),
            Scope::Agenda | Scope::Minutes => None,
        };
        self.items.push(Item {
            id: e.item,
            title: e.title.clone(),
            journal_number: e.journal_number.clone(),
            minutes: e.minutes,
            item_type: e.item_type,
            documents: e.documents,
            state: ItemState::Draft,
            closed: None,
            contributors: Vec::new(),
            attachments: Vec::new(),
            removed_attachments: Vec::new(),
            comments: Vec::new(),
            supplement,
            erased: None,
            held: None,
            source: e.source.clone(),
            arrived: e.origin.map(|from| Arrived {
                from,
                because: e.moved_because.clone(),
                by: meta.by.clone(),
                at: meta.at,
            }),
        });
        Ok(())
    }

    pub(super) fn new_document(&mut self, id: DocumentId, document: Document) -> Applied {
        match self.documents.insert(id, document) {
            Some(_) => Err(format!("document {id} is there twice")),
            None => Ok(()),
        }
    }

    fn reordered(&mut self, e: &ItemReordered) -> Applied {
        let from = self.items.iter().position(|item| item.id == e.item);
        let from = from.ok_or_else(|| format!("no item {}", e.item))?;
        let to = e.index as usize;
        if to >= self.items.len() {
            return Err(format!("no place {to} on the agenda"));
        }
        let item = self.items.remove(from);
        self.items.insert(to, item);
        Ok(())
    }

    fn item_withdrawn(&mut self, meta: &Meta, e: &ItemWithdrawn) -> Applied {
        let at = self.items.iter().position(|item| item.id == e.item);
        let item = self.items.remove(at.ok_or_else(|| format!("no item {}", e.item))?);
        self.suggestions_end(e.item);
        let (reason, moved_to) = (e.reason.clone(), e.moved_to);
        self.withdrawn.push(Withdrawn { item, at: meta.at, reason, moved_to });
        Ok(())
    }

    fn frozen(&mut self, meta: &Meta, e: &AgendaFrozen) -> Applied {
        let open = self.phase == Phase::Open || (self.phase == Phase::Published && !self.has_minutes());
        if !open || e.round != self.round_to_freeze() || e.kind != self.work.kind() {
            return Err("frozen, but not open".into());
        }
        for frozen in &e.documents {
            let document = self.documents.get_mut(&frozen.document);
            let document = document.ok_or_else(|| format!("no document {}", frozen.document))?;
            document.state = DocumentState::Frozen { heads: frozen.heads.clone() };
        }
        self.phase = Phase::Frozen;
        self.round = e.round;
        self.freezes.push(Freeze {
            kind: e.kind,
            round: e.round,
            documents: e.documents.iter().map(|frozen| frozen.document).collect(),
            at: meta.at,
            by: meta.by.clone(),
            reason: e.reason.clone(),
            content_hash: e.content_hash,
            sequence: meta.sequence,
        });
        Ok(())
    }

    fn thawed(&mut self, meta: &Meta, e: &AgendaThawed) -> Applied {
        if self.phase != Phase::Frozen || e.round != self.round + 1 {
            return Err("thawed, but not frozen".into());
        }
        for fork in &e.documents {
            self.forked(fork)?;
        }
        self.suggestions_go_on(&e.documents);
        let minutes = self.work.kind() == EditionKind::Minutes && self.work.correction.is_none();
        self.phase = if minutes { Phase::Published } else { Phase::Open };
        self.round = e.round;
        self.thaws.push(Thaw {
            round: e.round,
            at: meta.at,
            by: meta.by.clone(),
            reason: e.reason.clone(),
            sequence: meta.sequence,
        });
        Ok(())
    }

    pub(super) fn forked(&mut self, fork: &Fork) -> Applied {
        let old = self.documents.get_mut(&fork.from).ok_or_else(|| format!("no document {}", fork.from))?;
        old.state = match &old.state {
            DocumentState::Frozen { heads } => {
                DocumentState::Superseded { heads: heads.clone(), by: fork.to }
            }
            DocumentState::Erased => DocumentState::Erased,
            _ => return Err(format!("document {} is not frozen", fork.from)),
        };
        let (item, kind) = (old.item, old.kind);
        let new = Document { item, kind, forked_from: Some(fork.from), state: DocumentState::Open };
        self.new_document(fork.to, new)?;
        self.item_mut(item)?.documents.set(kind, fork.to);
        // An actor keeps its owner in the fork: its changes go on there.
        let inherited: Vec<_> = self
            .actors
            .range((fork.from, Vec::new())..)
            .take_while(|((document, _), _)| *document == fork.from)
            .map(|((_, actor), user)| ((fork.to, actor.clone()), user.clone()))
            .collect();
        self.actors.extend(inherited);
        Ok(())
    }
}
