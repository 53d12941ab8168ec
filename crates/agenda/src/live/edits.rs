//! Edits: sync messages in, checked and batched changes out to the log, and on to everybody
//! once they are durable (SYNC.md 6.3 to 6.5).
//!
//! No sync message is ever dropped: it is taken in, refused with a notice, or its socket is
//! closed, because a client does not send the same thing twice in one session.

use super::{
    Audit, CloseCode, Effect, PeerKey, Room, World,
    peer::{MAX_PARKED, MAX_REFUSED_BYTES},
};
use crate::{
    document::is_server_actor,
    event::{ActorBound, ChangesRecorded, Commit, EditRefused, Event, RefusalReason},
    id::{Bytes, CommandId, DocumentId, Hash, SessionId, StreamId, UserId},
    meeting::{Access, DocumentState, Meta, Owner, SuggestionState},
    sync::{
        Violation,
        change::{Change, binding_actor},
        chunk, frame,
        history::{Admission, Origin, Refusal, Verdict},
        message::{self, Outgoing, SyncMessage},
        trial,
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// A commit of edits is closed when it holds this many bytes.
const COMMIT_BYTES: usize = 1024 * 1024;
/// Heads that one socket is answered about; beyond that it hears broadcasts only.
const MAX_ANSWERED: usize = 1_024;

/// A change's bytes, with the socket that brought it.
pub(super) type Brought = (Option<PeerKey>, Arc<[u8]>);

/// What was decided since the last flush and is not in the log yet.
#[derive(Debug, Default)]
pub(super) struct Batch {
    commits: Vec<Commit>,
    bytes: usize,
    accepted: BTreeMap<DocumentId, Vec<Brought>>,
    refused: BTreeMap<(PeerKey, RefusalReason), Vec<Hash>>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.refused.is_empty()
    }
}

impl Room {
    pub(super) fn sync_message(&mut self, world: &mut World<'_>, key: PeerKey, document: &str, data: &[u8]) {
        let Some(peer) = self.peers.get(&key) else { return };
        let own = peer.document;
        // Another document, or one that is not there: the same answer, so nothing leaks.
        if document != own.to_string() || !self.documents.contains_key(&own) {
            let to = peer.peer_id.clone().unwrap_or_default();
            let frame = frame::doc_unavailable(&self.names.peer_id, document).for_peer(&to);
            return self.outbox.hold(Effect::Send { peer: key, frame });
        }
        let taken = message::decode(data).and_then(|message| {
            for bytes in &message.changes {
                self.take_in_chunks(world, key, bytes)?;
            }
            Ok(message)
        });
        match taken {
            Ok(message) => self.respond(key, &message),
            Err(violation) => self.close(key, CloseCode::Violation, violation.to_string()),
        }
    }

    fn take_in_chunks(&mut self, world: &mut World<'_>, key: PeerKey, bytes: &[u8]) -> Result<(), Violation> {
        for chunk in chunk::split(bytes)? {
            let change = Change::parse(&chunk)?;
            if self.take_in(world, key, &change) {
                self.take_in_parked(world, key)?;
            }
        }
        Ok(())
    }

    /// Tries again what waited for other changes, also for refused ones; each round but the
    /// last decides at least one.
    fn take_in_parked(&mut self, world: &mut World<'_>, key: PeerKey) -> Result<(), Violation> {
        loop {
            let parked = self.peers.get_mut(&key).map(|peer| std::mem::take(&mut peer.parked));
            let mut progress = false;
            for bytes in parked.unwrap_or_default() {
                for chunk in chunk::split(&bytes)? {
                    progress |= self.take_in(world, key, &Change::parse(&chunk)?);
                }
            }
            if !progress {
                return Ok(());
            }
        }
    }

    /// One change: decided (true), which is taken in, refused or known already; or parked.
    fn take_in(&mut self, world: &mut World<'_>, key: PeerKey, change: &Change<'_>) -> bool {
        let Some(peer) = self.peers.get(&key) else { return false };
        let (id, user) = (peer.document, peer.user.clone());
        let Some(document) = self.documents.get_mut(&id) else { return false };
        if document.history().graph().contains(&change.hash) {
            return true;
        }
        if let Some(reason) = self.meeting.refused.get(&(id, change.hash)).copied() {
            self.refuse(world, key, change, reason);
            return true;
        }
        if self.meeting.access(self.forum.actor(&user).as_ref(), id) != Access::Write {
            let reason = self.meeting.refusal_reason(id);
            self.refuse(world, key, change, reason);
            return true;
        }
        // What was refused may have come in since, as an accepted suggestion.
        let graph = document.history().graph();
        let refused = |dep: &Hash| self.meeting.refused.contains_key(&(id, *dep)) && !graph.contains(dep);
        if change.deps.iter().any(refused) {
            self.refuse(world, key, change, RefusalReason::BuildsOnRefused);
            return true;
        }
        let actor = binding_actor(change.actor).to_vec();
        let owner = self.meeting.owner(id, &actor);
        let others = match owner {
            Owner::Nobody => false,
            Owner::Person(owner) => *owner != user,
            Owner::Elsewhere => true,
        };
        let unbound = owner == Owner::Nobody;
        let claimed = change.author.is_some_and(|author| author != user.as_str().as_bytes());
        if claimed || is_server_actor(&actor) || others {
            self.refuse(world, key, change, RefusalReason::Forbidden);
            let what = "wrote under an actor or author of somebody else".to_owned();
            self.outbox.now(Effect::Audit(Audit { user, document: id, what }));
            self.close(key, CloseCode::Forbidden, "the change is not yours");
            return true;
        }
        match document.history().check(change, Origin::Client) {
            Verdict::Known => true,
            Verdict::Missing(missing) => {
                self.park(key, change, &missing);
                false
            }
            Verdict::Refused(refusal) => {
                self.refuse(world, key, change, RefusalReason::Invalid);
                if refusal == Refusal::DuplicateSequence {
                    self.close(key, CloseCode::Violation, refusal.to_string());
                }
                true
            }
            Verdict::Plain(admission) => self.accept(world, key, change, admission, unbound.then_some(actor)),
            Verdict::Unusual(admission, _) => {
                if trial::try_changes(document.materialise(), &[change.bytes]).is_err() {
                    self.refuse(world, key, change, RefusalReason::Invalid);
                    return true;
                }
                self.accept(world, key, change, admission, unbound.then_some(actor))
            }
        }
    }

    fn accept(
        &mut self,
        world: &mut World<'_>,
        key: PeerKey,
        change: &Change<'_>,
        admission: Admission,
        bind: Option<Vec<u8>>,
    ) -> bool {
        let Some(peer) = self.peers.get(&key) else { return false };
        let (id, user, session) = (peer.document, peer.user.clone(), peer.session);
        if let Some(actor) = bind {
            let event = ActorBound { document: id, actor: Bytes(actor), user: user.clone() };
            self.record(world, &user, session, event.into(), 0);
        }
        let sequence = self.next_sequence(&user, session, change.bytes.len());
        let Some(document) = self.documents.get_mut(&id) else { return false };
        let Ok(bytes) = document.insert(change, admission, sequence) else { return false };
        let event = ChangesRecorded { document: id, changes: vec![Bytes(bytes.to_vec())], source: None };
        self.record(world, &user, session, event.into(), bytes.len());
        self.batch.accepted.entry(id).or_default().push((Some(key), bytes.clone()));
        for suggestion in self.flow(id, std::slice::from_ref(&bytes), sequence) {
            self.batch.accepted.entry(suggestion).or_default().push((None, bytes.clone()));
        }
        true
    }

    /// Keeps a refused change, once, and notes whom to tell.
    fn refuse(&mut self, world: &mut World<'_>, key: PeerKey, change: &Change<'_>, reason: RefusalReason) {
        let Some(peer) = self.peers.get(&key) else { return };
        let (id, user, session) = (peer.document, peer.user.clone(), peer.session);
        self.batch.refused.entry((key, reason)).or_default().push(change.hash);
        // A client sends the same refused changes again whenever it reconnects; they are kept once.
        if self.meeting.refused.contains_key(&(id, change.hash)) {
            return;
        }
        let kept = self.refused_bytes.entry(user.clone()).or_default();
        *kept = kept.saturating_add(change.bytes.len());
        if *kept > MAX_REFUSED_BYTES {
            return self.close(key, CloseCode::TooMany, "too many refused edits; reload the document");
        }
        let change_bytes = Bytes(change.bytes.to_vec());
        let event = EditRefused { document: id, hash: change.hash, reason, change: change_bytes };
        self.keep_refused(&user, &event);
        self.record(world, &user, session, event.into(), change.bytes.len());
    }

    /// Holds a change back until what it builds on has come, and asks for that, once.
    fn park(&mut self, key: PeerKey, change: &Change<'_>, missing: &[Hash]) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        if peer.parked.len() >= MAX_PARKED {
            return self.close(key, CloseCode::Violation, "too many changes without what they build on");
        }
        peer.parked.push(change.bytes.to_vec());
        let ask: Vec<Hash> = missing.iter().filter(|hash| peer.asked.insert(**hash)).copied().collect();
        if !ask.is_empty() {
            self.send_sync(key, &ask, &[]);
        }
    }

    /// The sequence that the next event by this person will be committed under.
    fn next_sequence(&self, user: &UserId, session: SessionId, bytes: usize) -> u64 {
        match self.open_commit(user, session, bytes) {
            true => self.meeting.sequence,
            false => self.meeting.sequence + 1,
        }
    }

    fn open_commit(&self, user: &UserId, session: SessionId, bytes: usize) -> bool {
        let last = self.batch.commits.last();
        last.is_some_and(|commit| commit.by == *user && commit.session == session)
            && self.batch.bytes + bytes <= COMMIT_BYTES
    }

    /// Adds an event to the batch: to the last commit if that is the same person's.
    fn record(
        &mut self,
        world: &mut World<'_>,
        user: &UserId,
        session: SessionId,
        event: Event,
        bytes: usize,
    ) {
        let sequence = self.next_sequence(user, session, bytes);
        if !self.open_commit(user, session, bytes) {
            self.batch.bytes = 0;
            self.batch.commits.push(Commit {
                stream: StreamId::Meeting(self.meeting.id),
                sequence,
                at: world.now,
                by: user.clone(),
                session,
                command: CommandId::from_bytes((world.fresh)()),
                events: Vec::new(),
            });
        }
        self.batch.bytes += bytes;
        let meta = Meta { at: world.now, by: user.clone(), sequence };
        if let Err(reason) = self.meeting.apply(&meta, &event) {
            let what = format!("a checked edit does not apply: {reason}");
            let document = DocumentId::from_bytes([0; 16]);
            return self.outbox.now(Effect::Audit(Audit { user: user.clone(), document, what }));
        }
        let Some(commit) = self.batch.commits.last_mut() else { return };
        match (commit.events.last_mut(), event) {
            (Some(Event::ChangesRecorded(last)), Event::ChangesRecorded(more))
                if last.document == more.document =>
            {
                last.changes.extend(more.changes);
            }
            (_, event) => commit.events.push(event),
        }
    }

    /// Issues the append of everything that was decided, and holds the news of it.
    pub fn flush(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        for commit in batch.commits {
            self.outbox.append(commit);
        }
        for (document, changes) in batch.accepted {
            self.broadcast(document, changes);
        }
        for ((key, reason), hashes) in batch.refused {
            let Some(peer) = self.peers.get(&key) else { continue };
            let heads = self.documents.get(&peer.document).map(|d| d.heads().to_vec()).unwrap_or_default();
            let frame = frame::reject(&self.names.peer_id, peer.document, reason, &hashes, &heads);
            let frame = frame.for_peer(peer.peer_id.as_deref().unwrap_or_default());
            self.outbox.hold(Effect::Send { peer: key, frame });
        }
    }

    /// One message for all; those who sent some of the changes get it without their own, as
    /// their acknowledgement.
    pub(super) fn broadcast(&mut self, id: DocumentId, changes: Vec<Brought>) {
        let Some(document) = self.documents.get(&id) else { return };
        let heads = document.heads();
        let encode = |except: Option<PeerKey>| {
            let others = changes.iter().filter(|(from, _)| except.is_none() || *from != except);
            let changes: Vec<&[u8]> = others.map(|(_, bytes)| &**bytes).collect();
            let data = Outgoing { heads, need: &[], changes: &changes, read_only: false }.encode();
            frame::sync(&self.names.peer_id, id, &data)
        };
        let to_all = encode(None);
        for (key, peer) in self.peers.iter().filter(|(_, peer)| peer.document == id && peer.following) {
            let Some(peer_id) = &peer.peer_id else { continue };
            let sent_some = changes.iter().any(|(from, _)| *from == Some(*key));
            let frame =
                if sent_some { encode(Some(*key)).for_peer(peer_id) } else { to_all.for_peer(peer_id) };
            self.outbox.hold(Effect::Send { peer: *key, frame });
        }
    }

    /// Answers a sync message where it must be answered, and never otherwise: two sides that
    /// answer every message of a peer that differs for good would talk for ever.
    fn respond(&mut self, key: PeerKey, message: &SyncMessage<'_>) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        let (first, id) = (!peer.following, peer.document);
        let reset = message.have_is_reset || message.is_sync_reset();
        let question = (message.heads.clone(), reset);
        let unanswered = peer.answered.len() < MAX_ANSWERED && !peer.answered.contains(&question);
        let Some(document) = self.documents.get(&id) else { return };
        let graph = document.history().graph();
        let unknown = message.heads.iter().any(|head| !graph.contains(head));
        let needed: Vec<usize> = message.need.iter().filter_map(|hash| graph.index_of(hash)).collect();
        if !first && !((reset || unknown) && unanswered) && needed.is_empty() {
            return;
        }
        peer.answered.insert(question);
        peer.following = true;
        self.flush();
        // What it says both sides have matters only where its heads say nothing: a disk may have lost
        // the text, but not that we have it.
        let known: &[&[Hash]] = match (reset, unknown) {
            (true, _) => &[],
            (false, false) => &[&message.heads],
            (false, true) => &[&message.heads, &message.last_sync],
        };
        let Some(document) = self.documents.get_mut(&id) else { return };
        let changes = if needed.is_empty() {
            document.missing_from(&known.concat())
        } else {
            needed.into_iter().filter_map(|index| document.change(index).cloned()).collect()
        };
        self.send_sync(key, &[], &changes);
        if first {
            self.tell_state(key, id);
        }
    }

    fn send_sync(&mut self, key: PeerKey, need: &[Hash], changes: &[Arc<[u8]>]) {
        self.flush();
        let Some(peer) = self.peers.get(&key) else { return };
        let Some(document) = self.documents.get(&peer.document) else { return };
        let changes: Vec<&[u8]> = changes.iter().map(|change| &**change).collect();
        let data = Outgoing { heads: document.heads(), need, changes: &changes, read_only: false }.encode();
        let frame = frame::sync(&self.names.peer_id, peer.document, &data);
        let frame = frame.for_peer(peer.peer_id.as_deref().unwrap_or_default());
        self.outbox.hold(Effect::Send { peer: key, frame });
    }

    /// Tells a newcomer that the document is frozen, or went on elsewhere.
    fn tell_state(&mut self, key: PeerKey, id: DocumentId) {
        let Some(peer) = self.peers.get(&key) else { return };
        let peer_id = peer.peer_id.clone().unwrap_or_default();
        let server = &self.names.peer_id;
        let state = |id| self.meeting.documents.get(&id).map(|document| &document.state);
        // A suggestion stands still while its case does.
        let open = self.meeting.suggestions.get(&id).filter(|s| s.state == SuggestionState::Open);
        let fixed = open.and_then(|suggestion| match state(suggestion.case) {
            Some(DocumentState::Frozen { .. }) => Some(self.documents.get(&id)?.heads().to_vec()),
            _ => None,
        });
        let fixed_with = open.map_or(id, |suggestion| suggestion.case);
        let fixed = fixed.map(|heads| DocumentState::Frozen { heads });
        let frame = match fixed.as_ref().or(state(id)) {
            Some(DocumentState::Frozen { heads }) => {
                let Some(freeze) = self.meeting.freeze_of(fixed_with) else { return };
                let name = self.forum.members.get(&freeze.by).map_or(freeze.by.as_str(), |m| m.name.as_str());
                frame::frozen(server, id, heads, name, freeze.at)
            }
            Some(DocumentState::Superseded { by: to, .. } | DocumentState::GivenUp { back: to }) => {
                frame::moved(server, id, *to)
            }
            Some(DocumentState::Open | DocumentState::Erased) | None => return,
        };
        self.outbox.hold(Effect::Send { peer: key, frame: frame.for_peer(&peer_id) });
    }
}
