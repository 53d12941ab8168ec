//! The task of one room: mail in, effects out. It holds no rule; those are in
//! [`agenda::live`]. When an append fails the task ends, its sockets close, and the next
//! visitor loads the meeting from the log again. There is no rollback code.

use super::{Mail, Outgoing, SocketQueue, registry::Surroundings};
use crate::clock::{fresh, now};
use agenda::{
    event::Position,
    forum::Forum,
    id::{MeetingId, StreamId},
    live::{Close, CloseCode, Done, Effect, Input, LoadError, PeerKey, ReplyKey, Room, Ticket, World},
    rejection::Rejection,
};
use eventlog::{AppendError, Appended, ReadError};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesOrdered};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::{mpsc, oneshot};

/// Mail that is taken together and flushed as one batch.
const BATCH_MAIL: usize = 128;
/// How often texts catch up with accepted changes while nobody reads them.
const CATCH_UP_EVERY: Duration = Duration::from_secs(2);
/// A room that nobody uses for this many catch-ups ends.
const IDLE_ROUNDS: u32 = 30;

/// Why a room cannot be opened, or had to end.
#[derive(Debug, thiserror::Error)]
enum RoomFailure {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("the meeting has no forum")]
    NoForum,
    #[error("an append failed: {0}")]
    Append(#[from] AppendError),
    #[error("loading was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

type InFlight = FuturesOrdered<BoxFuture<'static, (Ticket, Result<Appended, AppendError>)>>;

enum Answer {
    Command(oneshot::Sender<Result<Done, Rejection>>),
    Read(Box<dyn FnOnce() + Send>),
}

struct Actor {
    room: Room,
    surroundings: Arc<Surroundings>,
    sockets: HashMap<PeerKey, SocketQueue>,
    answers: HashMap<ReplyKey, Answer>,
    next_reply: u64,
    in_flight: InFlight,
}

/// Runs a room until it is stopped, idle or broken.
pub(super) async fn run(id: MeetingId, surroundings: Arc<Surroundings>, mailbox: mpsc::Receiver<Mail>) {
    let ended = match open(id, &surroundings).await {
        Ok(room) => {
            let mut actor = Actor {
                room,
                surroundings,
                sockets: HashMap::new(),
                answers: HashMap::new(),
                next_reply: 0,
                in_flight: InFlight::new(),
            };
            actor.serve(mailbox).await
        }
        Err(failure) => Err(failure),
    };
    if let Err(failure) = ended {
        tracing::error!(meeting = %id, %failure, "room ended; the next visitor loads it again");
    }
}

/// Loads the room from the log; materialising is the heavy part, so it leaves this thread.
async fn open(id: MeetingId, surroundings: &Surroundings) -> Result<Room, RoomFailure> {
    let empty = Arc::new(Forum::new(agenda::id::ForumId::from_bytes([0; 16])));
    let mut room = Room::new(id, empty, surroundings.names.clone(), surroundings.limits);
    loop {
        let from = room.meeting().sequence + 1;
        let page = surroundings.log.read(StreamId::Meeting(id), from, eventlog::MAX_PAGE).await?;
        if page.is_empty() {
            break;
        }
        room = tokio::task::spawn_blocking(move || {
            page.iter().try_for_each(|recorded| room.replay(recorded)).map(|()| room)
        })
        .await??;
    }
    let forum = room.meeting().details.as_ref().and_then(|details| surroundings.forums.get(details.forum));
    let forum = forum.ok_or(RoomFailure::NoForum)?;
    let mut fresh = fresh;
    room.handle(&mut World { now: now(), fresh: &mut fresh }, Input::Forum(forum));
    Ok(room)
}

impl Actor {
    async fn serve(&mut self, mut mailbox: mpsc::Receiver<Mail>) -> Result<(), RoomFailure> {
        let mut forums = self.surroundings.forums.subscribe();
        let mut catch_up = tokio::time::interval(CATCH_UP_EVERY);
        let mut mail = Vec::with_capacity(BATCH_MAIL);
        let (mut idle_rounds, mut stopping) = (0, false);
        while !(stopping && self.in_flight.is_empty()) {
            tokio::select! {
                biased;
                Some((ticket, appended)) = self.in_flight.next() => {
                    self.appended(ticket, appended?.position);
                    // Whatever else has returned goes with it.
                    while let Some(Some((ticket, appended))) = self.in_flight.next().now_or_never() {
                        self.appended(ticket, appended?.position);
                    }
                }
                Ok(()) = forums.changed(), if !stopping => {
                    let forum = self.room.forum().id;
                    let latest = forums.borrow_and_update().get(&forum).cloned();
                    if let Some(forum) = latest {
                        self.handle(Input::Forum(forum));
                    }
                }
                // While a batch is on its way to the disk the next one gathers: everyone then
                // gets one frame for all of it.
                count = mailbox.recv_many(&mut mail, BATCH_MAIL), if !stopping && self.in_flight.is_empty() => {
                    stopping = count == 0;
                    for mail in mail.drain(..) {
                        stopping |= self.deliver(mail);
                    }
                    self.room.flush();
                    idle_rounds = 0;
                }
                _ = catch_up.tick(), if !stopping => {
                    self.room.catch_up();
                    idle_rounds = if self.room.is_idle() { idle_rounds + 1 } else { 0 };
                    stopping = idle_rounds > IDLE_ROUNDS;
                    if stopping {
                        mailbox.close();
                    }
                }
            }
            self.perform();
        }
        Ok(())
    }

    fn appended(&mut self, ticket: Ticket, position: Position) {
        self.handle(Input::Appended { ticket, position });
    }

    fn handle(&mut self, input: Input) {
        let mut fresh = fresh;
        self.room.handle(&mut World { now: now(), fresh: &mut fresh }, input);
    }

    fn reply_key(&mut self, answer: Answer) -> ReplyKey {
        self.next_reply += 1;
        let key = ReplyKey(self.next_reply);
        self.answers.insert(key, answer);
        key
    }

    /// True if the room is to stop.
    fn deliver(&mut self, mail: Mail) -> bool {
        match mail {
            Mail::Connect { peer, user, session, document, queue } => {
                self.sockets.insert(peer, queue);
                self.handle(Input::Connected { peer, user, session, document });
            }
            Mail::Frame { peer, bytes } => self.handle(Input::Frame { peer, bytes }),
            Mail::Disconnect { peer } => {
                self.sockets.remove(&peer);
                self.handle(Input::Disconnected { peer });
            }
            Mail::Command { meta, command, reply } => {
                let reply = self.reply_key(Answer::Command(reply));
                self.handle(Input::Command { reply, meta, command });
            }
            Mail::Read(read) => {
                self.room.flush();
                let deliver = read(&mut self.room);
                let reply = self.reply_key(Answer::Read(deliver));
                self.handle(Input::Barrier { reply });
            }
            Mail::Stop => return true,
        }
        false
    }

    fn perform(&mut self) {
        loop {
            let effects = self.room.take_effects();
            if effects.is_empty() {
                return;
            }
            effects.into_iter().for_each(|effect| self.carry_out(effect));
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Append { ticket, commit } => {
                let append = self.surroundings.log.append(commit);
                self.in_flight.push_back(append.map(move |appended| (ticket, appended)).boxed());
            }
            Effect::Send { peer, frame } => self.send(peer, Outgoing::Frame(frame)),
            Effect::Close { peer, close } => {
                tracing::info!(
                    peer = peer.0,
                    code = close.code as u16,
                    reason = close.reason,
                    "closing a socket"
                );
                self.send(peer, Outgoing::Close(close));
                self.sockets.remove(&peer);
            }
            Effect::Reply { reply, answer } => match self.answers.remove(&reply) {
                // Whoever asked may have gone.
                Some(Answer::Command(asker)) => drop(asker.send(answer)),
                Some(Answer::Read(deliver)) => deliver(),
                None => {}
            },
            Effect::Audit(audit) => {
                tracing::warn!(user = %audit.user, document = %audit.document, what = audit.what, "audit");
            }
        }
    }

    fn send(&mut self, peer: PeerKey, outgoing: Outgoing) {
        let Some(queue) = self.sockets.get(&peer) else { return };
        if !queue.send(outgoing) {
            tracing::info!(peer = peer.0, "a socket is too slow; it is cut off and comes back");
            self.sockets.remove(&peer);
            self.handle(Input::Disconnected { peer });
        }
    }
}

/// The close that a socket is given when its room ends under it.
pub(crate) fn room_gone() -> Close {
    Close { code: CloseCode::Reconnect, reason: "the meeting is being loaded again; reconnect".into() }
}
