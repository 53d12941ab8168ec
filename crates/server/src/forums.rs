//! All forums: few and small, so they live in memory, and one lock orders what changes them.
//! Everyone who needs to know a role reads the latest state from a watch channel.

use crate::clock::now;
use agenda::{
    event::{Commit, Event, Position, Timestamp},
    forum::{Forum, ForumCommand, found},
    id::{CommandId, ForumId, SessionId, StreamId, UserId},
    live::CommandMeta,
    rejection::Rejection,
};
use eventlog::{AppendError, Appended, EventLog, ReadError};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::{Mutex, watch};

type Done = BTreeMap<(ForumId, CommandId), Position>;

/// All forums by id, as of one moment.
pub type AllForums = BTreeMap<ForumId, Arc<Forum>>;

pub struct Forums {
    log: Arc<dyn EventLog>,
    /// Held while a command is decided and made durable; where each command went, so that a
    /// retry gets the same answer.
    writing: Mutex<Done>,
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
        let (mut forums, mut done) = (AllForums::new(), Done::new());
        for (stream, _) in log.stream_heads() {
            if let StreamId::Forum(id) = stream {
                forums.insert(id, Arc::new(load_forum(&*log, id, &mut done).await?));
            }
        }
        Ok(Self { log, writing: Mutex::new(done), latest: watch::Sender::new(Arc::new(forums)) })
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
        let mut done = self.writing.lock().await;
        let events = found(name, &by.user, by_name).map_err(ForumError::Rejected)?;
        self.commit(&mut done, Forum::new(id), by, events).await
    }

    pub async fn command(
        &self,
        id: ForumId,
        by: &CommandMeta,
        command: &ForumCommand,
    ) -> Result<Position, ForumError> {
        let mut done = self.writing.lock().await;
        let forum = self.get(id).ok_or(ForumError::Rejected(Rejection::NotMember))?;
        let actor = forum.actor(&by.user).ok_or(ForumError::Rejected(Rejection::NotMember))?;
        if let Some(position) = done.get(&(id, by.id)) {
            return Ok(*position);
        }
        let events = forum.decide(&actor, command).map_err(ForumError::Rejected)?;
        self.commit(&mut done, Forum::clone(&forum), by, events).await
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

async fn load_forum(log: &dyn EventLog, id: ForumId, done: &mut Done) -> Result<Forum, LoadForumsError> {
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
            }
            forum.sequence = recorded.commit.sequence;
            done.insert((id, recorded.commit.command), recorded.position);
        }
    }
}
