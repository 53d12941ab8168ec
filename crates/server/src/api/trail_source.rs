//! What an audit trail is told from: commits of several streams in the order of the log, read a page
//! at a time up to one position, so that a trail of any length takes the same memory.

use super::{meetings::unreadable, own_forum, own_meeting};
use crate::{app::App, auth::Caller, problem::Problem};
use agenda::{
    event::{Position, Recorded},
    forum::Forum,
    history::{Entry, ForumChronicle, OnAgenda, Teller},
    id::{ForumId, ItemId, MeetingId, StreamId},
    meeting::Meeting,
};
use eventlog::{EventLog, ReadError};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

/// Commits of a stream that are read together.
const COMMITS_AT_ONCE: usize = 200;

/// Whose trail it is, for a caller of its secretariat.
#[derive(Clone)]
pub(super) struct Whose {
    pub stream: StreamId,
    pub forum: Arc<Forum>,
    /// The trail tells of the log up to here.
    pub until: Position,
}

impl Whose {
    pub async fn meeting(app: &App, caller: &Caller, id: MeetingId) -> Result<Self, Problem> {
        Self::of(app, caller, StreamId::Meeting(id), own_meeting(app, caller, id)?).await
    }

    pub async fn forum(app: &App, caller: &Caller, id: ForumId) -> Result<Self, Problem> {
        Self::of(app, caller, StreamId::Forum(id), own_forum(app, caller, id)?).await
    }

    async fn of(app: &App, caller: &Caller, stream: StreamId, forum: Arc<Forum>) -> Result<Self, Problem> {
        require_secretariat(&forum, caller)?;
        let until = app.log.head().position;
        // What was signed is found by the directory, which may be a moment behind the log.
        app.directory.reaches(until).await;
        Ok(Self { stream, forum, until })
    }

    /// Everything that the trail tells of; `checkpoints`: in a forum's also how far the log had come.
    pub fn commits(&self, app: &App, checkpoints: bool) -> Commits {
        let mut sources = self.signed(app, checkpoints);
        sources.push(Source::all(self.stream));
        if let StreamId::Forum(id) = self.stream {
            let meetings = app.directory.meetings_of(id).into_iter();
            // That they were scheduled; what came then is told by the trail of each.
            sources.extend(meetings.map(|(meeting, _)| Source::these(StreamId::Meeting(meeting), &[1])));
        }
        Commits { log: app.log.clone(), sources, until: self.until }
    }

    /// Only what the service signed.
    pub fn seals(&self, app: &App) -> Commits {
        Commits { log: app.log.clone(), sources: self.signed(app, false), until: self.until }
    }

    fn signed(&self, app: &App, checkpoints: bool) -> Vec<Source> {
        let of = |meeting| app.directory.seals(|seals| seals.of_meeting(meeting).to_vec());
        let sequences = match self.stream {
            StreamId::Meeting(id) => of(id),
            StreamId::Forum(_) if checkpoints => return vec![Source::all(StreamId::Seals)],
            StreamId::Forum(id) => {
                let meetings = app.directory.meetings_of(id).into_iter();
                let all: BTreeSet<u64> = meetings.flat_map(|(meeting, _)| of(meeting)).collect();
                all.into_iter().collect()
            }
            StreamId::Seals => Vec::new(),
        };
        vec![Source::these(StreamId::Seals, &sequences)]
    }

    /// Tells these commits from the first on.
    pub fn telling(&self, app: &App) -> Telling {
        let meetings = match self.stream {
            StreamId::Forum(id) => app.directory.meetings_of(id).into_iter().map(|(id, _)| id).collect(),
            StreamId::Meeting(id) => BTreeSet::from([id]),
            StreamId::Seals => BTreeSet::new(),
        };
        Telling { stream: self.stream, teller: Teller::of(self.stream), meetings }
    }

    /// Who held which roles when.
    pub async fn roles(&self, app: &App, caller: &Caller) -> Result<ForumChronicle, Problem> {
        let mut chronicle = ForumChronicle::new(self.forum.id);
        let mut commits = self.only(app, StreamId::Forum(self.forum.id));
        loop {
            let batch = commits.next().await.map_err(|error| unreadable(&error, caller))?;
            if batch.is_empty() {
                return Ok(chronicle);
            }
            batch.iter().for_each(|recorded| drop(chronicle.read(recorded)));
        }
    }

    /// The items of the meeting as they are at the end; a forum has none.
    pub async fn items(&self, app: &App, caller: &Caller) -> Result<BTreeMap<ItemId, OnAgenda>, Problem> {
        let StreamId::Meeting(id) = self.stream else { return Ok(BTreeMap::new()) };
        let (mut meeting, mut commits) = (Meeting::new(id), self.only(app, self.stream));
        loop {
            let batch = commits.next().await.map_err(|error| unreadable(&error, caller))?;
            if batch.is_empty() {
                return Ok(OnAgenda::of(&meeting));
            }
            batch.iter().for_each(|recorded| OnAgenda::read(&mut meeting, recorded));
        }
    }

    fn only(&self, app: &App, stream: StreamId) -> Commits {
        Commits { log: app.log.clone(), sources: vec![Source::all(stream)], until: self.until }
    }
}

pub(super) fn require_secretariat(forum: &Forum, caller: &Caller) -> Result<(), Problem> {
    let actor = forum.actor(&caller.identity.user).ok_or_else(|| Problem::not_found(caller.language))?;
    actor.require_secretariat().map_err(|rejection| Problem::rejected(&rejection, caller.language))
}

/// Makes entries of commits.
pub(super) struct Telling {
    stream: StreamId,
    teller: Teller,
    /// Whose seals are told.
    meetings: BTreeSet<MeetingId>,
}

impl Telling {
    pub fn tell(&mut self, recorded: &Recorded) -> Vec<Entry> {
        if recorded.commit.stream == self.stream {
            return self.teller.tell(recorded);
        }
        // Of others single commits are told, which need nothing before them.
        let mut told = Teller::of(recorded.commit.stream).tell(recorded);
        told.retain(|entry| entry.meeting.is_none_or(|meeting| self.meetings.contains(&meeting)));
        told
    }
}

/// Commits in the order of the log.
pub(super) struct Commits {
    log: Arc<dyn EventLog>,
    sources: Vec<Source>,
    until: Position,
}

impl Commits {
    /// The next ones; none at the end.
    pub async fn next(&mut self) -> Result<Vec<Arc<Recorded>>, ReadError> {
        let mut batch = Vec::new();
        while batch.len() < COMMITS_AT_ONCE {
            for source in &mut self.sources {
                source.fill(&*self.log).await?;
            }
            let first = self.sources.iter_mut().min_by_key(|source| source.position());
            let Some(recorded) = first.and_then(|source| source.page.pop_front()) else { break };
            if recorded.position > self.until {
                self.sources.clear();
                break;
            }
            batch.push(recorded);
        }
        Ok(batch)
    }
}

/// One stream, or single commits of it.
struct Source {
    stream: StreamId,
    wanted: Sequences,
    page: VecDeque<Arc<Recorded>>,
}

enum Sequences {
    /// All from here on.
    From(u64),
    These(VecDeque<u64>),
}

impl Source {
    fn all(stream: StreamId) -> Self {
        Self { stream, wanted: Sequences::From(1), page: VecDeque::new() }
    }

    fn these(stream: StreamId, sequences: &[u64]) -> Self {
        let wanted = Sequences::These(sequences.iter().copied().collect());
        Self { stream, wanted, page: VecDeque::new() }
    }

    /// Where its next commit stands; one that has ended comes after all others.
    fn position(&self) -> Position {
        self.page.front().map_or(Position(u64::MAX), |recorded| recorded.position)
    }

    /// Reads on, if nothing is at hand and there is more.
    async fn fill(&mut self, log: &dyn EventLog) -> Result<(), ReadError> {
        if !self.page.is_empty() {
            return Ok(());
        }
        let (from, limit) = match &mut self.wanted {
            Sequences::From(from) => (*from, COMMITS_AT_ONCE),
            Sequences::These(left) => match left.pop_front() {
                Some(sequence) => (sequence, 1),
                None => return Ok(()),
            },
        };
        self.page = log.read(self.stream, from, limit).await?.into();
        match (&mut self.wanted, self.page.back()) {
            (Sequences::From(from), Some(last)) => *from = last.commit.sequence + 1,
            // It has ended, and is not asked again.
            (wanted, None) => *wanted = Sequences::These(VecDeque::new()),
            (Sequences::These(_), Some(_)) => {}
        }
        Ok(())
    }
}
