//! Commands into events. Pure: what a decision needs from the world (fresh ids, the texts of
//! the documents) comes in with [`Supplies`].

use super::{Brought, Item, Meeting, MeetingCommand, Suggested, Texts, comments::Said};
use crate::{
    document::{create, server_actor},
    event::{
        ActorBound, AgendaFrozen, AgendaPublished, AgendaThawed, ChangesRecorded, ContributorsChanged, Event,
        Fork, ItemAdded, ItemDetailsChanged, ItemDocuments, ItemOrigin, ItemReordered, ItemStateChanged,
        ItemType, ItemWithdrawn, MeetingDetailsChanged, MeetingScheduled, Participant, ParticipantsChanged,
        Source, Timestamp,
    },
    forum::{Actor, Forum},
    id::{Bytes, DocumentId, ItemId, UserId},
    rejection::{Rejection, optional, required},
};
use jiff::civil::{Date, Time};

const MAX_TITLE: usize = 400;
const MAX_PLACE: usize = 200;
pub(super) const MAX_REASON: usize = 2_000;
pub(super) const MAX_NAME: usize = 300;
const MAX_JOURNAL_NUMBER: usize = 60;
const MAX_MINUTES: u16 = 24 * 60;
const MAX_ITEMS: usize = 300;
const MAX_PARTICIPANTS: usize = 200;
const MAX_CONTRIBUTORS: usize = 100;

/// What the world supplies to a decision.
pub struct Supplies<'a> {
    /// Sixteen bytes that never came before.
    pub fresh: &'a mut dyn FnMut() -> [u8; 16],
    /// The forum as it is now: its members, and its retention plan.
    pub forum: &'a Forum,
    /// The server's clock.
    pub now: Timestamp,
    /// The texts of all documents; only a freeze reads them.
    pub texts: &'a Texts,
    /// For an acceptance: what the suggestion has and its case has not. For words that were
    /// refused: those that fit. In causal order.
    pub suggested: &'a [Suggested],
}

pub(super) type Decided = Result<Vec<Event>, Rejection>;

/// The event with which a meeting begins.
pub fn schedule(
    forum: &Forum,
    actor: &Actor,
    date: Date,
    time: Time,
    place: &str,
    source: Option<Source>,
) -> Decided {
    actor.require_secretariat()?;
    Ok(vec![
        MeetingScheduled {
            forum: forum.id,
            forum_name: forum.name.clone(),
            template: forum.template.clone(),
            date,
            time,
            place: optional("Sted", place, MAX_PLACE)?,
            source,
        }
        .into(),
    ])
}

impl Meeting {
    /// Decides a command. The state is not changed; see [`Meeting::apply`].
    /// [`MeetingCommand::WriteSection`] is decided where the documents are: in `live`.
    pub fn decide(&self, actor: &Actor, command: &MeetingCommand, supplies: &mut Supplies<'_>) -> Decided {
        match command {
            MeetingCommand::ChangeDetails { .. }
            | MeetingCommand::ChangeParticipants { .. }
            | MeetingCommand::MoveItem { .. }
            | MeetingCommand::WithdrawItem { .. }
            | MeetingCommand::MoveItemAway { .. }
            | MeetingCommand::EraseItem { .. }
            | MeetingCommand::HoldItem { .. }
            | MeetingCommand::ReleaseItem { .. }
            | MeetingCommand::CloseItem { .. }
            | MeetingCommand::OpenItem { .. }
            | MeetingCommand::Freeze { .. }
            | MeetingCommand::Thaw { .. }
            | MeetingCommand::Publish
            | MeetingCommand::FreezeMinutes { .. }
            | MeetingCommand::OpenSupplement { .. }
            | MeetingCommand::OpenCorrection { .. }
            | MeetingCommand::AbandonEdition { .. } => actor.require_secretariat()?,
            MeetingCommand::AddItem { .. }
            | MeetingCommand::BringItem { .. }
            | MeetingCommand::ChangeItem { .. }
            | MeetingCommand::SetItemState { .. }
            | MeetingCommand::SetContributors { .. }
            | MeetingCommand::AddAttachment { .. }
            | MeetingCommand::AttachFile { .. }
            | MeetingCommand::ReplaceFile { .. }
            | MeetingCommand::RenameAttachment { .. }
            | MeetingCommand::MoveAttachment { .. }
            | MeetingCommand::CloseAttachment { .. }
            | MeetingCommand::OpenAttachment { .. }
            | MeetingCommand::RemoveAttachment { .. }
            | MeetingCommand::AcceptSuggestion { .. }
            | MeetingCommand::WriteSection { .. } => actor.require_writer()?,
            MeetingCommand::OpenSuggestion { .. }
            | MeetingCommand::RejectSuggestion { .. }
            | MeetingCommand::SuggestRefused { .. } => actor.require_suggester()?,
            // Who may comment, and when, depends on the document: see `access`.
            MeetingCommand::Comment { .. }
            | MeetingCommand::ResolveComment { .. }
            | MeetingCommand::ReopenComment { .. } => {
                return self.events(actor, command, supplies);
            }
        }
        self.require_phase(command)?;
        self.events(actor, command, supplies)
    }

    fn events(&self, actor: &Actor, command: &MeetingCommand, supplies: &mut Supplies<'_>) -> Decided {
        match command {
            MeetingCommand::ChangeDetails { date, time, place } => {
                let place = optional("Sted", place, MAX_PLACE)?;
                one(MeetingDetailsChanged { date: *date, time: *time, place })
            }
            MeetingCommand::ChangeParticipants { participants } => {
                one(ParticipantsChanged { participants: checked_participants(participants)? })
            }
            MeetingCommand::AddItem { title, journal_number, minutes, item_type, source } => {
                let details = item_details(title, journal_number.as_deref(), *minutes)?;
                let came_from = CameFrom { source: source.clone(), ..CameFrom::default() };
                self.add_item(actor, details, *item_type, came_from, supplies)
            }
            MeetingCommand::BringItem { .. } | MeetingCommand::MoveItemAway { .. } => {
                self.between_meetings(actor, command, supplies)
            }
            MeetingCommand::ChangeItem { item, title, journal_number, minutes, item_type } => {
                self.require_item(*item)?;
                let (title, journal_number, minutes) =
                    item_details(title, journal_number.as_deref(), *minutes)?;
                one(ItemDetailsChanged { item: *item, title, journal_number, minutes, item_type: *item_type })
            }
            MeetingCommand::MoveItem { item, index } => self.move_item(*item, *index),
            MeetingCommand::WithdrawItem { item, reason } => self.withdraw_item(*item, reason),
            MeetingCommand::EraseItem { .. }
            | MeetingCommand::HoldItem { .. }
            | MeetingCommand::ReleaseItem { .. } => self.keeping_events(actor, command, supplies),
            MeetingCommand::CloseItem { item, reason } => self.close_item(*item, reason),
            MeetingCommand::OpenItem { item } => self.open_item(*item),
            MeetingCommand::SetItemState { item, state } => {
                if self.require_item(*item)?.state == *state {
                    return Err(Rejection::NoChange);
                }
                one(ItemStateChanged { item: *item, state: *state })
            }
            MeetingCommand::SetContributors { item, contributors } => {
                self.require_item(*item)?;
                if contributors.len() > MAX_CONTRIBUTORS {
                    return Err(Rejection::TooMany { what: "bidragydere", limit: MAX_CONTRIBUTORS });
                }
                one(ContributorsChanged { item: *item, contributors: contributors.clone() })
            }
            MeetingCommand::AddAttachment { .. }
            | MeetingCommand::AttachFile { .. }
            | MeetingCommand::ReplaceFile { .. }
            | MeetingCommand::RenameAttachment { .. }
            | MeetingCommand::MoveAttachment { .. }
            | MeetingCommand::CloseAttachment { .. }
            | MeetingCommand::OpenAttachment { .. }
            | MeetingCommand::RemoveAttachment { .. } => self.attachment_events(command, supplies),
            MeetingCommand::WriteSection { .. } => Err(Rejection::Unknown("afsnit")),
            MeetingCommand::OpenSuggestion { item } => self.open_suggestion(actor, *item, supplies),
            MeetingCommand::AcceptSuggestion { suggestion: id, .. } => self.accept(*id, supplies),
            MeetingCommand::RejectSuggestion { suggestion: id, reason } => self.reject(actor, *id, reason),
            MeetingCommand::SuggestRefused { document } => self.suggest_refused(actor, *document, supplies),
            MeetingCommand::Comment { item, document, thread, anchor, text, mentions } => {
                let said = Said { thread: *thread, anchor: anchor.as_ref(), text, mentions };
                self.comment(actor, (*item, *document), &said, supplies)
            }
            MeetingCommand::ResolveComment { item, comment } => self.resolve(actor, *item, *comment),
            MeetingCommand::ReopenComment { item, comment } => self.reopen(actor, *item, *comment),
            MeetingCommand::Freeze { .. }
            | MeetingCommand::Thaw { .. }
            | MeetingCommand::Publish
            | MeetingCommand::FreezeMinutes { .. }
            | MeetingCommand::OpenSupplement { .. }
            | MeetingCommand::OpenCorrection { .. }
            | MeetingCommand::AbandonEdition { .. } => self.edition_events(actor, command, supplies),
        }
    }

    fn edition_events(
        &self,
        actor: &Actor,
        command: &MeetingCommand,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        match command {
            MeetingCommand::Freeze { reason } => self.freeze(reason, supplies),
            MeetingCommand::FreezeMinutes { .. } if self.has_minutes() => Err(Rejection::HasMinutes),
            MeetingCommand::FreezeMinutes { reason } => self.freeze(reason, supplies),
            MeetingCommand::OpenSupplement { reason } => self.open_supplement(reason),
            MeetingCommand::OpenCorrection { edition, items, reason } => {
                self.open_correction(actor, *edition, items, reason, supplies)
            }
            MeetingCommand::AbandonEdition { reason } => self.abandon_edition(reason),
            MeetingCommand::Thaw { reason } => self.thaw(reason, supplies.fresh),
            MeetingCommand::Publish => self.publish(),
            _ => Err(Rejection::Unknown("udgave")),
        }
    }

    fn withdraw_item(&self, item: ItemId, reason: &str) -> Decided {
        self.require_item(item)?;
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        one(ItemWithdrawn { item, reason, moved_to: None })
    }

    /// An item stays among those that are worked on.
    fn move_item(&self, item: ItemId, index: u32) -> Decided {
        self.require_item(item)?;
        if !self.items.get(index as usize).is_some_and(|there| self.work.has(there)) {
            return Err(Rejection::Invalid("plads"));
        }
        one(ItemReordered { item, index })
    }

    pub(super) fn require_item(&self, id: ItemId) -> Result<&Item, Rejection> {
        self.item(id).ok_or(Rejection::UnknownItem)
    }

    fn between_meetings(
        &self,
        actor: &Actor,
        command: &MeetingCommand,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        match command {
            MeetingCommand::BringItem { brought } => {
                self.bring_item(actor, brought.as_ref().map_err(Clone::clone)?, supplies)
            }
            MeetingCommand::MoveItemAway { item, to, reason, .. } => {
                self.move_away(*item, to.as_ref().map_err(Clone::clone)?, reason)
            }
            _ => Err(Rejection::Unknown("møde")),
        }
    }

    /// Its texts are added where the documents are: in `live`.
    fn bring_item(&self, actor: &Actor, brought: &Brought, supplies: &mut Supplies<'_>) -> Decided {
        if brought.origin.meeting == self.id {
            return Err(Rejection::SameMeeting);
        }
        let details = item_details(&brought.title, brought.journal_number.as_deref(), brought.minutes)?;
        let because = optional("Begrundelse", &brought.moved_because, MAX_REASON)?;
        let came_from = CameFrom { source: None, origin: Some(brought.origin), because };
        let mut events = self.add_item(actor, details, brought.item_type, came_from, supplies)?;
        if let Some(Event::ItemAdded(added)) = events.first() {
            let along = self.brought_along(added.item, brought, supplies)?;
            events.extend(along);
        }
        Ok(events)
    }

    /// An item comes with its three documents, each created by the server with the same first
    /// change whoever adds it.
    fn add_item(
        &self,
        actor: &Actor,
        (title, journal_number, minutes): ItemDetails,
        item_type: Option<ItemType>,
        came_from: CameFrom,
        supplies: &mut Supplies<'_>,
    ) -> Decided {
        if self.items.len() >= MAX_ITEMS {
            return Err(Rejection::TooMany { what: "punkter", limit: MAX_ITEMS });
        }
        let mut document = || DocumentId::from_bytes((supplies.fresh)());
        let documents = ItemDocuments { case: document(), planning: document(), decision: document() };
        let item = ItemId::from_bytes((supplies.fresh)());
        let mut events = vec![
            ItemAdded {
                item,
                title,
                journal_number,
                minutes,
                item_type,
                documents,
                source: came_from.source,
                origin: came_from.origin,
                moved_because: came_from.because,
            }
            .into(),
        ];
        for (kind, id) in documents.all() {
            events.extend(first_change(&actor.user, id, self.sections(kind))?);
        }
        Ok(events)
    }

    fn freeze(&self, reason: &str, supplies: &Supplies<'_>) -> Decided {
        if self.work.correction.is_none() && !self.items.iter().any(|item| self.work.has(item)) {
            return Err(Rejection::Empty("Dagsorden"));
        }
        let publication = self.publication(supplies.texts).ok_or(Rejection::Unknown("møde"))?;
        if self.corrects_nothing(&publication) {
            return Err(Rejection::NoChange);
        }
        one(AgendaFrozen {
            round: self.round_to_freeze(),
            documents: self.frozen_documents(supplies.texts),
            content_hash: publication.content_hash(),
            reason: optional("Begrundelse", reason, MAX_REASON)?,
            kind: self.work.kind(),
        })
    }

    /// Every frozen document is forked under a new id, so that an edit that was late for the
    /// old round cannot leak into the new one.
    pub(super) fn thaw(&self, reason: &str, fresh: &mut dyn FnMut() -> [u8; 16]) -> Decided {
        let reason = required("Begrundelse", reason, MAX_REASON)?;
        let frozen = self.documents_in_work();
        let documents =
            frozen.map(|(_, _, from)| Fork { from, to: DocumentId::from_bytes(fresh()) }).collect();
        one(AgendaThawed { round: self.round + 1, reason, documents })
    }

    fn publish(&self) -> Decided {
        let freeze = self.current_freeze().ok_or(Rejection::NotFrozen)?;
        let edition = u32::try_from(self.publications.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (round, content_hash, kind) = (self.round, freeze.content_hash, freeze.kind);
        one(AgendaPublished { edition, round, content_hash, kind })
    }
}

/// The first change of a new document: its shape with empty sections.
pub(super) fn first_change(
    user: &UserId,
    id: DocumentId,
    sections: Vec<(&str, &str)>,
) -> Result<[Event; 2], Rejection> {
    let writer = server_actor(id, user);
    let first = create(&writer, sections.into_iter().map(|(key, _)| key));
    let changes = vec![Bytes(first.map_err(|_| Rejection::Invalid("skabelon"))?)];
    let bound = ActorBound { document: id, actor: Bytes(writer), user: user.clone() };
    Ok([bound.into(), ChangesRecorded { document: id, changes, source: None }.into()])
}

pub(super) fn one(event: impl Into<Event>) -> Decided {
    Ok(vec![event.into()])
}

/// Where an item came from that was not written here: a file, or another meeting.
#[derive(Default)]
struct CameFrom {
    source: Option<Source>,
    origin: Option<ItemOrigin>,
    /// Why it was moved.
    because: String,
}

/// Title, journal number and minutes, checked.
type ItemDetails = (String, Option<String>, Option<u16>);

fn item_details(
    title: &str,
    journal_number: Option<&str>,
    minutes: Option<u16>,
) -> Result<ItemDetails, Rejection> {
    let title = required("Titel", title, MAX_TITLE)?;
    let journal_number = optional("Journalnummer", journal_number.unwrap_or_default(), MAX_JOURNAL_NUMBER)?;
    if minutes.is_some_and(|minutes| minutes > MAX_MINUTES) {
        return Err(Rejection::Invalid("Minutter"));
    }
    Ok((title, Some(journal_number).filter(|text| !text.is_empty()), minutes.filter(|m| *m > 0)))
}

fn checked_participants(participants: &[Participant]) -> Result<Vec<Participant>, Rejection> {
    if participants.len() > MAX_PARTICIPANTS {
        return Err(Rejection::TooMany { what: "deltagere", limit: MAX_PARTICIPANTS });
    }
    participants
        .iter()
        .map(|participant| {
            let roles = participant.roles.iter().map(|role| optional("Rolle", role, MAX_NAME));
            Ok(Participant {
                name: required("Navn", &participant.name, MAX_NAME)?,
                roles: roles.collect::<Result<_, _>>()?,
            })
        })
        .collect()
}
