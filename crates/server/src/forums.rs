//! All forums: few and small, so they live in memory, and one lock orders what changes them.
//! Everyone who needs to know a role reads the latest state from a watch channel.

use crate::clock::{fresh, now};
use agenda::{
    event::{CommandKind, CommandRefused, Commit, Event, Position, Timestamp},
    forum::{Forum, ForumCommand, found},
    id::{CommandId, ForumId, SessionId, StreamId, UserId},
    live::CommandMeta,
    refusals::{Recording, Refusals},
    rejection::Rejection,
};
use eventlog::{AppendError, Appended, EventLog, ReadError};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::{Mutex, watch};

type Done = BTreeMap<(ForumId, CommandId), Position>;

/// What whoever writes must know, beside the forums themselves.
#[derive(Default)]
struct Written {
    /// Where each command went, so that a retry gets the same answer.
    done: Done,
    refusals: BTreeMap<ForumId, Refusals>,
}

/// All forums by id, as of one moment.
pub type AllForums = BTreeMap<ForumId, Arc<Forum>>;

pub struct Forums {
    log: Arc<dyn EventLog>,
    /// Held while a command is decided and made durable.
    writing: Mutex<Written>,
    latest: watch::Sender<Arc<AllForums>>,
}

/// Why a forum's command did not come through.
#[derive(Debug, thiserror::Error)]
pub enum ForumError {
    #[error("rejected")]
    Rejected(Rejection),
    #[error(transparent)]
    Log(#[from] AppendError),
    #[error("the forum's history does not apply: {0}")]
    Unfit(String),
}

impl Forums {
    /// Reads every forum's stream.
    pub async fn load(log: Arc<dyn EventLog>) -> Result<Self, LoadForumsError> {
        let (mut forums, mut written) = (AllForums::new(), Written::default());
        for (stream, _) in log.stream_heads() {
            if let StreamId::Forum(id) = stream {
                forums.insert(id, Arc::new(load_forum(&*log, id, &mut written).await?));
            }
        }
        Ok(Self { log, writing: Mutex::new(written), latest: watch::Sender::new(Arc::new(forums)) })
    }

    pub fn latest(&self) -> Arc<AllForums> {
        self.latest.borrow().clone()
    }

    pub fn get(&self, id: ForumId) -> Option<Arc<Forum>> {
        self.latest.borrow().get(&id).cloned()
    }

    pub fn subscribe(&self) -> watch::Receiver<Arc<AllForums>> {
        self.latest.subscribe()
    }

    /// Founds a forum with its first secretary.
    pub async fn found(
        &self,
        id: ForumId,
        name: &str,
        by: &CommandMeta,
        by_name: &str,
    ) -> Result<Position, ForumError> {
        let mut written = self.writing.lock().await;
        let events = found(name, &by.user, by_name).map_err(ForumError::Rejected)?;
        self.commit(&mut written.done, Forum::new(id), by, events).await
    }

    pub async fn command(
        &self,
        id: ForumId,
        by: &CommandMeta,
        command: &ForumCommand,
    ) -> Result<Position, ForumError> {
        let mut written = self.writing.lock().await;
        let forum = self.get(id).ok_or(ForumError::Rejected(Rejection::NotMember))?;
        let actor = forum.actor(&by.user).ok_or(ForumError::Rejected(Rejection::NotMember))?;
        if let Some(position) = written.done.get(&(id, by.id)) {
            return Ok(*position);
        }
        match forum.decide(&actor, command) {
            Ok(events) => self.commit(&mut written.done, Forum::clone(&forum), by, events).await,
            Err(rejection) => {
                let refused = (command.kind(), command.member());
                self.record_refusal(&mut written, &forum, by, refused, &rejection).await?;
                Err(ForumError::Rejected(rejection))
            }
        }
    }

    /// Records that a member was refused something that is decided elsewhere.
    pub async fn refused(
        &self,
        id: ForumId,
        by: &CommandMeta,
        command: CommandKind,
        rejection: &Rejection,
    ) -> Result<(), ForumError> {
        let mut written = self.writing.lock().await;
        let forum = self.get(id).filter(|forum| forum.actor(&by.user).is_some());
        let forum = forum.ok_or(ForumError::Rejected(Rejection::NotMember))?;
        self.record_refusal(&mut written, &forum, by, (command, None), rejection).await
    }

    async fn record_refusal(
        &self,
        written: &mut Written,
        forum: &Forum,
        by: &CommandMeta,
        (command, member): (CommandKind, Option<&UserId>),
        rejection: &Rejection,
    ) -> Result<(), ForumError> {
        let at = now();
        let refusals = written.refusals.entry(forum.id).or_default();
        let last = match refusals.admit(&by.user, by.id, at) {
            Recording::Record => false,
            Recording::RecordAsLast => true,
            Recording::Repeated => return Ok(()),
            Recording::TooMany => {
                tracing::warn!(user = %by.user, "a refused command is not recorded: too many in an hour");
                return Ok(());
            }
        };
        let (member, rejection) = (member.cloned(), rejection.stored());
        let event = CommandRefused { id: by.id, command, item: None, member, rejection, last };
        // An id of its own: the command's is not used up by a refusal.
        let meta = CommandMeta { id: CommandId::from_bytes(fresh()), ..by.clone() };
        self.commit(&mut written.done, forum.clone(), &meta, vec![event.into()]).await?;
        written.refusals.entry(forum.id).or_default().recorded(&by.user, by.id, at);
        Ok(())
    }

    async fn commit(
        &self,
        done: &mut Done,
        mut forum: Forum,
        by: &CommandMeta,
        events: Vec<Event>,
    ) -> Result<Position, ForumError> {
        for event in &events {
            forum.apply(event).map_err(ForumError::Unfit)?;
        }
        forum.sequence += 1;
        let commit = commit(StreamId::Forum(forum.id), forum.sequence, now(), by, events);
        let Appended { position, duplicate, .. } = self.log.append(commit).await?;
        done.insert((forum.id, by.id), position);
        if !duplicate {
            self.latest.send_modify(|all| {
                let mut next = AllForums::clone(all);
                next.insert(forum.id, Arc::new(forum));
                *all = Arc::new(next);
            });
        }
        Ok(position)
    }
}

pub(crate) fn commit(
    stream: StreamId,
    sequence: u64,
    at: Timestamp,
    by: &CommandMeta,
    events: Vec<Event>,
) -> Commit {
    let (command, session): (CommandId, SessionId) = (by.id, by.session);
    let by: UserId = by.user.clone();
    Commit { stream, sequence, at, by, session, command, events }
}

/// Why the forums cannot be read from the log.
#[derive(Debug, thiserror::Error)]
pub enum LoadForumsError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("position {position}: {reason}")]
    Unfit { position: Position, reason: String },
}

async fn load_forum(
    log: &dyn EventLog,
    id: ForumId,
    written: &mut Written,
) -> Result<Forum, LoadForumsError> {
    let mut forum = Forum::new(id);
    loop {
        let page = log.read(StreamId::Forum(id), forum.sequence + 1, eventlog::MAX_PAGE).await?;
        if page.is_empty() {
            return Ok(forum);
        }
        for recorded in page {
            for event in &recorded.commit.events {
                let unfit = |reason| LoadForumsError::Unfit { position: recorded.position, reason };
                forum.apply(event).map_err(unfit)?;
                if let Event::CommandRefused(e) = event {
                    let refusals = written.refusals.entry(id).or_default();
                    refusals.recorded(&recorded.commit.by, e.id, recorded.commit.at);
                }
            }
            forum.sequence = recorded.commit.sequence;
            written.done.insert((id, recorded.commit.command), recorded.position);
        }
    }
}
