//! The room: what one open meeting is, how it is loaded from the log, and which input goes
//! to which handler. The handlers stand in `edits`, `commands` and `presence`.

use super::{
    Close, CloseCode, Effect, FrameLimits, Input, LiveDocument, PeerKey, ServerNames, World,
    commands::{CommandMeta, Done},
    document::StoredChangeError,
    edits::Batch,
    outbox::Outbox,
    peer::Peer,
    suggestions::Refused,
};
use crate::{
    event::{Event, Fork, Position, Recorded},
    forum::{Actor, Forum},
    id::{CommandId, DocumentId, MeetingId, TextId, UserId},
    meeting::{Access, Meeting, Meta, Texts},
    publication::PublishedSection,
    refusals::Refusals,
    sync::wire::{self, ClientMessage},
};
use std::{collections::BTreeMap, sync::Arc};

/// Why a meeting cannot be loaded from its commits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    #[error("position {position}: {reason}")]
    Unfit { position: Position, reason: String },
    #[error("position {position}: {error}")]
    Change { position: Position, error: StoredChangeError },
}

pub struct Room {
    pub(super) meeting: Meeting,
    pub(super) forum: Arc<Forum>,
    pub(super) names: ServerNames,
    pub(super) limits: FrameLimits,
    pub(super) documents: BTreeMap<DocumentId, LiveDocument>,
    pub(super) peers: BTreeMap<PeerKey, Peer>,
    /// How much of each person's refused changes was kept since the room was opened.
    pub(super) refused_bytes: BTreeMap<UserId, usize>,
    /// Refused words that their authors may still hand over.
    pub(super) refused_changes: Refused,
    pub(super) refusals: Refusals,
    pub(super) outbox: Outbox,
    pub(super) batch: Batch,
    /// What each command did, so that a retry gets the same answer.
    pub(super) commands: BTreeMap<CommandId, Done>,
    /// Where each durable commit of the stream stands in the log, by sequence from 1.
    pub(super) positions: Vec<Position>,
}

impl Room {
    /// An empty room for a meeting that nothing has happened to yet.
    pub fn new(id: MeetingId, forum: Arc<Forum>, names: ServerNames, limits: FrameLimits) -> Self {
        Self {
            meeting: Meeting::new(id),
            forum,
            names,
            limits,
            documents: BTreeMap::new(),
            peers: BTreeMap::new(),
            refused_bytes: BTreeMap::new(),
            refused_changes: Refused::new(),
            refusals: Refusals::default(),
            outbox: Outbox::default(),
            batch: Batch::default(),
            commands: BTreeMap::new(),
            positions: Vec::new(),
        }
    }

    /// Takes in the next commit of the meeting's stream, from the log.
    pub fn replay(&mut self, recorded: &Recorded) -> Result<(), LoadError> {
        let Recorded { position, commit } = recorded;
        let position = *position;
        let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
        for event in &commit.events {
            self.meeting.apply(&meta, event).map_err(|reason| LoadError::Unfit { position, reason })?;
            self.apply_to_documents(event, &meta).map_err(|error| LoadError::Change { position, error })?;
        }
        self.positions.push(position);
        self.commands.insert(commit.command, Done::of(commit.sequence, &commit.events));
        Ok(())
    }

    /// What an event means for the open documents.
    pub(super) fn apply_to_documents(&mut self, event: &Event, meta: &Meta) -> Result<(), StoredChangeError> {
        match event {
            Event::ChangesRecorded(e) => {
                let document =
                    self.documents.entry(e.document).or_insert_with(|| LiveDocument::new(e.document));
                e.changes.iter().try_for_each(|change| document.replay(&change.0, meta.sequence))?;
                let changes: Vec<Arc<[u8]>> = e.changes.iter().map(|c| c.0.as_slice().into()).collect();
                self.flow(e.document, &changes, meta.sequence);
            }
            Event::SuggestionOpened(e) => {
                if let Some(case) = self.documents.get(&e.case) {
                    let suggestion = case.fork(e.document);
                    self.documents.insert(e.document, suggestion);
                }
            }
            Event::EditRefused(e) => self.keep_refused(&meta.by, e),
            Event::CommandRefused(e) => self.refusals.recorded(&meta.by, e.id, meta.at),
            Event::ItemErased(e) => self.forget(&e.texts),
            Event::AgendaThawed(e) => self.fork(&e.documents),
            Event::CorrectionOpened(e) => self.fork(&e.documents),
            Event::ForumFounded(_)
            | Event::MemberAdded(_)
            | Event::MemberRoleChanged(_)
            | Event::MemberRemoved(_)
            | Event::TemplateChanged(_)
            | Event::DraftPolicyChanged(_)
            | Event::MeetingScheduled(_)
            | Event::MeetingDetailsChanged(_)
            | Event::ParticipantsChanged(_)
            | Event::ItemAdded(_)
            | Event::ItemDetailsChanged(_)
            | Event::ItemReordered(_)
            | Event::ItemWithdrawn(_)
            | Event::ContributorsChanged(_)
            | Event::ItemStateChanged(_)
            | Event::ItemClosed(_)
            | Event::ItemOpened(_)
            | Event::AttachmentAdded(_)
            | Event::AttachmentRemoved(_)
            | Event::AttachmentReplaced(_)
            | Event::AttachmentRenamed(_)
            | Event::AttachmentReordered(_)
            | Event::AttachmentClosed(_)
            | Event::AttachmentOpened(_)
            | Event::ActorBound(_)
            | Event::SuggestionAccepted(_)
            | Event::SuggestionRejected(_)
            | Event::AgendaFrozen(_)
            | Event::AgendaPublished(_)
            | Event::SupplementOpened(_)
            | Event::EditionAbandoned(_)
            | Event::EditionSealed(_)
            | Event::CheckpointSigned(_)
            | Event::CommentMade(_)
            | Event::CommentResolved(_)
            | Event::CommentReopened(_)
            | Event::TextCopied(_) => {}
        }
        Ok(())
    }

    /// Nothing of the texts stays at hand.
    fn forget(&mut self, texts: &[TextId]) {
        let gone = |id: &DocumentId| texts.contains(&(*id).into());
        self.documents.retain(|id, _| !gone(id));
        self.refused_changes.retain(|(id, _), _| !gone(id));
    }

    fn fork(&mut self, forks: &[Fork]) {
        for fork in forks {
            if let Some(old) = self.documents.get(&fork.from) {
                let new = old.fork(fork.to);
                self.documents.insert(fork.to, new);
            }
        }
    }

    /// Handles one input. Edits wait in a batch until [`Room::flush`].
    pub fn handle(&mut self, world: &mut World<'_>, input: Input) {
        match input {
            Input::Connected { peer, user, session, document } => {
                match self.viewer(&user, world.now).access(document) {
                    Access::None => {
                        return self.close(peer, CloseCode::NotFound, "no such document, or no access to it");
                    }
                    Access::Text => {
                        return self.close(
                            peer,
                            CloseCode::Forbidden,
                            "how the document came about is withheld",
                        );
                    }
                    Access::Read | Access::Write => {}
                }
                self.peers.insert(peer, Peer::new(user, session, document, self.limits));
            }
            Input::Frame { peer, bytes } => self.frame(world, peer, &bytes),
            Input::Disconnected { peer } => self.leave(peer),
            Input::Command { reply, meta, command } => self.command(world, reply, &meta, &command),
            Input::Barrier { reply } => {
                self.flush();
                let done = Done { sequence: self.meeting.sequence, ..Done::default() };
                self.outbox.hold(Effect::Reply { reply, answer: Ok(done) });
            }
            Input::Forum(forum) => self.members_changed(forum),
            Input::Appended { ticket, position } => {
                self.positions.push(position);
                self.outbox.durable(ticket);
            }
        }
    }

    fn frame(&mut self, world: &mut World<'_>, key: PeerKey, bytes: &[u8]) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        if !peer.may_send(world.now) {
            return self.close(key, CloseCode::TooMany, "too many frames; slow down and reconnect");
        }
        let message = match wire::decode(bytes) {
            Ok(message) => message,
            Err(violation) => return self.close(key, CloseCode::Violation, violation.to_string()),
        };
        if let ClientMessage::Join { sender_id, speaks_version_1, .. } = message {
            return self.join(key, sender_id, speaks_version_1);
        }
        let Some(own) = peer.peer_id.clone() else {
            return self.close(key, CloseCode::Violation, "the first message must be a join");
        };
        match message {
            ClientMessage::Sync(m) | ClientMessage::Request(m) => {
                if matches!(message, ClientMessage::Request(_)) {
                    // It has nothing of the document, or has thrown it away: begin anew.
                    peer.begin_anew();
                }
                if m.sender_id != own {
                    return self.close(key, CloseCode::Violation, "senderId is not the one that joined");
                }
                self.sync_message(world, key, m.document_id, m.data);
            }
            // Stock clients pass on the presence of others, back to us; only their own counts.
            ClientMessage::Ephemeral(m) if m.sender_id == own => self.presence(world, key, &m),
            ClientMessage::Ephemeral(_) => {}
            // The socket goes too: frames that came after would be dropped in silence.
            ClientMessage::Leave { .. } => self.close(key, CloseCode::Reconnect, "the client left"),
            ClientMessage::Join { .. }
            | ClientMessage::DocUnavailable { .. }
            | ClientMessage::RemoteSubscriptionChange
            | ClientMessage::RemoteHeadsChanged
            | ClientMessage::Unknown { .. } => {}
        }
    }

    /// Closes a socket; what waited to be sent to it is sent before.
    pub(super) fn close(&mut self, key: PeerKey, code: CloseCode, reason: impl Into<String>) {
        let close = Close { code, reason: reason.into() };
        self.leave(key);
        self.outbox.hold(Effect::Close { peer: key, close });
    }

    fn members_changed(&mut self, forum: Arc<Forum>) {
        self.forum = forum;
        self.close_without_access();
    }

    /// Closes the sockets of those who may no longer read what they have open.
    pub(super) fn close_without_access(&mut self) {
        let shut: Vec<PeerKey> = self
            .peers
            .iter()
            .filter(|(_, peer)| {
                self.meeting.access(self.forum.actor(&peer.user).as_ref(), peer.document) == Access::None
            })
            .map(|(key, _)| *key)
            .collect();
        for key in shut {
            self.close(key, CloseCode::Forbidden, "access to the document has ended");
        }
    }

    /// The effects that may leave now.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        let mut effects = self.outbox.take();
        for effect in &mut effects {
            if let Effect::Reply { answer: Ok(done), .. } = effect {
                done.position = self.position_of(done.sequence);
            }
        }
        effects
    }

    /// Where a commit of the stream stands in the log; zero while it is not durable.
    pub fn position_of(&self, sequence: u64) -> Position {
        let index = usize::try_from(sequence).ok().and_then(|n| n.checked_sub(1));
        index.and_then(|index| self.positions.get(index)).copied().unwrap_or_default()
    }

    /// The sequence that the stream had at a position of the log.
    pub fn sequence_at(&self, position: Position) -> u64 {
        self.positions.partition_point(|p| *p <= position) as u64
    }

    pub fn meeting(&self) -> &Meeting {
        &self.meeting
    }

    pub fn forum(&self) -> &Arc<Forum> {
        &self.forum
    }

    pub fn actor(&self, user: &UserId) -> Option<Actor> {
        self.forum.actor(user)
    }

    pub fn document(&mut self, id: DocumentId) -> Option<&mut LiveDocument> {
        self.documents.get_mut(&id)
    }

    /// Sockets that are open, and appends that have not returned.
    pub fn is_idle(&self) -> bool {
        self.peers.is_empty() && self.outbox.in_flight() == 0 && self.batch.is_empty()
    }

    /// Appends that have not returned.
    pub fn in_flight(&self) -> u64 {
        self.outbox.in_flight()
    }

    /// The texts of all documents of the items on the agenda.
    pub fn texts(&mut self) -> Texts {
        let wanted: Vec<_> = self.meeting.items.iter().flat_map(|item| item.documents.all()).collect();
        let mut texts = Texts::new();
        for (kind, id) in wanted {
            if let Some(document) = self.documents.get_mut(&id) {
                let keys: Vec<&str> = self.meeting.sections(kind).into_iter().map(|(key, _)| key).collect();
                texts.insert(id, document.read(keys));
            }
        }
        texts
    }

    /// What one document says, as it would be published.
    pub fn published_sections(&mut self, id: DocumentId) -> Option<Vec<PublishedSection>> {
        let kind = self.meeting.documents.get(&id)?.kind;
        let keys: Vec<&str> = self.meeting.sections(kind).into_iter().map(|(key, _)| key).collect();
        let text = self.documents.get_mut(&id)?.read(keys);
        Some(self.meeting.published_sections(kind, Some(&text)))
    }

    /// Lets texts catch up with accepted changes while nobody waits for it.
    pub fn catch_up(&mut self) {
        for document in self.documents.values_mut() {
            if document.waiting() > 0 {
                document.materialise();
            }
        }
    }
}

pub(super) fn meta(world: &World<'_>, by: &CommandMeta, sequence: u64) -> Meta {
    Meta { at: world.now, by: by.user.clone(), sequence }
}
