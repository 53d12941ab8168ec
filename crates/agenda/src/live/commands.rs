//! Commands that come over HTTP: decided against the state that all edits before them made,
//! appended as one commit, answered when that is durable.

use super::{Audit, Effect, ReplyKey, Room, World, bringing, edits::Brought, room::meta};
use crate::{
    document::{server_actor, write_section},
    event::{ActorBound, ChangesRecorded, Commit, DocumentKind, Event, Position},
    forum::Actor,
    history::hash_of,
    id::{Bytes, CommandId, DocumentId, ItemId, SessionId, StreamId, UserId},
    meeting::{Access, DocumentState, MeetingCommand, Supplies, Texts},
    rejection::Rejection,
    sync::frame,
};
use std::sync::Arc;

/// Who sent a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandMeta {
    pub id: CommandId,
    pub user: UserId,
    pub session: SessionId,
}

/// What a command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// The commit's sequence in the meeting's stream.
    pub sequence: u64,
    /// Its place in the log; filled in when it is durable.
    pub position: Position,
    /// The id of the item, attachment or comment that it created.
    pub created: Option<[u8; 16]>,
}

impl Done {
    pub(super) fn of(sequence: u64, events: &[Event]) -> Self {
        let created = events.iter().find_map(|event| match event {
            Event::ItemAdded(e) => Some(*e.item.as_bytes()),
            Event::AttachmentAdded(e) => Some(*e.attachment.as_bytes()),
            Event::CommentMade(e) => Some(*e.comment.as_bytes()),
            _ => None,
        });
        Self { sequence, position: Position::default(), created }
    }
}

impl Room {
    pub(super) fn command(
        &mut self,
        world: &mut World<'_>,
        reply: ReplyKey,
        by: &CommandMeta,
        command: &MeetingCommand,
    ) {
        self.flush();
        let answer = match self.commands.get(&by.id) {
            Some(done) => Ok(*done),
            None => {
                let decided = self.decide(world, by, command);
                let answer = decided.and_then(|events| self.carry_out(world, by, events));
                if let Err(rejection) = &answer {
                    self.record_refusal(world, by, command, rejection);
                }
                answer
            }
        };
        self.outbox.hold(Effect::Reply { reply, answer });
        self.flush();
    }

    fn decide(
        &mut self,
        world: &mut World<'_>,
        by: &CommandMeta,
        command: &MeetingCommand,
    ) -> Result<Vec<Event>, Rejection> {
        let actor = self.forum.actor(&by.user).ok_or(Rejection::NotMember)?;
        if let MeetingCommand::WriteSection { .. } = command {
            return self.decide_writing(&actor, command);
        }
        let freezes = matches!(command, MeetingCommand::Freeze { .. } | MeetingCommand::FreezeMinutes { .. });
        let texts = if freezes { self.texts() } else { Texts::new() };
        let suggested = self.suggested(&actor, command)?;
        let mut supplies = Supplies {
            fresh: world.fresh,
            forum: &self.forum,
            now: world.now,
            texts: &texts,
            suggested: &suggested,
        };
        let events = self.meeting.decide(&actor, command, &mut supplies)?;
        match command {
            MeetingCommand::BringItem { brought: Ok(brought) } => {
                bringing::with_texts(&self.meeting, &actor, brought, events)
            }
            MeetingCommand::MoveItemAway { item, sequence, .. } if self.was_written(*item, *sequence) => {
                Err(Rejection::WrittenMeanwhile)
            }
            _ => Ok(events),
        }
    }

    /// Whether somebody wrote in one of the item's texts after that commit.
    fn was_written(&self, item: ItemId, sequence: u64) -> bool {
        let documents = self.meeting.item(item).map(|item| item.documents.all());
        let written = |(_, id)| self.documents.get(&id).is_some_and(|d| d.last_sequence() > sequence);
        documents.into_iter().flatten().any(written)
    }

    fn decide_writing(&mut self, actor: &Actor, command: &MeetingCommand) -> Result<Vec<Event>, Rejection> {
        let MeetingCommand::WriteSection { item, document: kind, section, blocks, nothing, source } = command
        else {
            return Err(Rejection::Unknown("afsnit"));
        };
        let id = self.meeting.item(*item).ok_or(Rejection::UnknownItem)?.documents.of(*kind);
        self.require_write(actor, id)?;
        let document = self.documents.get_mut(&id).ok_or(Rejection::Unknown("dokument"))?;
        let writer = server_actor(id, &actor.user);
        // A copy: the change reaches the document when it is carried out.
        let mut copy = document.materialise().clone();
        let change = write_section(&mut copy, &writer, section, blocks, *nothing)
            .map_err(|_| Rejection::Unknown("afsnit"))?
            .ok_or(Rejection::NoChange)?;
        if hash_of(&change).is_none_or(|hash| self.meeting.refused.contains_key(&(id, hash))) {
            // Somebody forged it before, and was told that it is refused: so it stays.
            return Err(Rejection::Exists("afvist ændring"));
        }
        let mut events = Vec::new();
        if !self.meeting.actors.contains_key(&(id, writer.clone())) {
            let user = actor.user.clone();
            events.push(ActorBound { document: id, actor: Bytes(writer), user }.into());
        }
        let changes = vec![Bytes(change)];
        events.push(ChangesRecorded { document: id, changes, source: source.clone() }.into());
        Ok(events)
    }

    fn require_write(&self, actor: &Actor, id: DocumentId) -> Result<(), Rejection> {
        if self.meeting.access(Some(actor), id) == Access::Write {
            return Ok(());
        }
        let open = self.meeting.documents.get(&id).is_some_and(|d| d.state == DocumentState::Open);
        Err(match self.meeting.documents.get(&id).map(|d| d.kind) {
            _ if !open => Rejection::Frozen,
            Some(DocumentKind::Decision) => Rejection::NeedsSecretariat,
            Some(DocumentKind::Case | DocumentKind::Planning) | None => Rejection::ReadOnly,
        })
    }

    /// Applies the events and issues their append. Nothing changes if one does not apply.
    pub(super) fn carry_out(
        &mut self,
        world: &World<'_>,
        by: &CommandMeta,
        events: Vec<Event>,
    ) -> Result<Done, Rejection> {
        let sequence = self.meeting.sequence + 1;
        let meta = meta(world, by, sequence);
        let mut next = self.meeting.clone();
        for event in &events {
            if let Err(reason) = next.apply(&meta, event) {
                return self.refuse_unfit(by, reason);
            }
        }
        let before = std::mem::replace(&mut self.meeting, next);
        for event in &events {
            if let Err(error) = self.apply_to_documents(event, &meta) {
                self.meeting = before;
                return self.refuse_unfit(by, error.to_string());
            }
        }
        let done = Done::of(sequence, &events);
        self.commands.insert(by.id, done);
        self.outbox.append(Commit {
            stream: StreamId::Meeting(self.meeting.id),
            sequence,
            at: world.now,
            by: by.user.clone(),
            session: by.session,
            command: by.id,
            events: events.clone(),
        });
        events.iter().for_each(|event| self.notify(world, by, event));
        Ok(done)
    }

    /// A decision that does not fit its own state is a fault of ours; nothing was changed.
    fn refuse_unfit(&mut self, by: &CommandMeta, reason: String) -> Result<Done, Rejection> {
        let what = format!("a decided event does not apply: {reason}");
        let document = DocumentId::from_bytes([0; 16]);
        self.outbox.now(Effect::Audit(Audit { user: by.user.clone(), document, what }));
        Err(Rejection::Invalid("kommando"))
    }

    /// Tells the open sockets what a command did to their document.
    fn notify(&mut self, world: &World<'_>, by: &CommandMeta, event: &Event) {
        let server = self.names.peer_id.clone();
        match event {
            Event::ChangesRecorded(e) => {
                let changes: Vec<Arc<[u8]>> = e.changes.iter().map(|c| c.0.as_slice().into()).collect();
                let changes: Vec<Brought> = changes.into_iter().map(|change| (None, change)).collect();
                let suggestions: Vec<_> = self.meeting.open_suggestions_to(e.document).collect();
                suggestions.into_iter().for_each(|id| self.broadcast(id, changes.clone()));
                self.broadcast(e.document, changes);
            }
            Event::AgendaFrozen(e) => {
                let name = self.forum.members.get(&by.user).map_or(by.user.as_str(), |m| m.name.as_str());
                let cases = e.documents.iter().filter(|d| d.kind == DocumentKind::Case);
                let suggestions = cases.flat_map(|d| self.stopped_suggestions(d.document));
                let texts = e.documents.iter().map(|d| (d.document, d.heads.clone())).chain(suggestions);
                let frames: Vec<_> = texts
                    .map(|(id, heads)| (id, frame::frozen(&server, id, &heads, name, world.now)))
                    .collect();
                frames.into_iter().for_each(|(document, frame)| self.send_to_all(document, &frame));
            }
            Event::ItemErased(_) => self.close_without_access(),
            Event::AgendaThawed(e) => self.tell_moved(e.documents.iter().map(|fork| (fork.from, fork.to))),
            Event::CorrectionOpened(e) => {
                self.tell_moved(e.documents.iter().map(|fork| (fork.from, fork.to)));
            }
            Event::EditionAbandoned(_) => {
                let given_up =
                    self.meeting.documents.iter().filter_map(|(id, document)| match document.state {
                        DocumentState::GivenUp { back } => Some((*id, back)),
                        _ => None,
                    });
                let given_up: Vec<_> = given_up.collect();
                self.tell_moved(given_up);
            }
            _ => {}
        }
    }

    /// Tells who has the first of two documents open that the text is in the second.
    fn tell_moved(&mut self, moved: impl IntoIterator<Item = (DocumentId, DocumentId)>) {
        let server = self.names.peer_id.clone();
        for (from, to) in moved {
            self.send_to_all(from, &frame::moved(&server, from, to));
        }
    }
}
