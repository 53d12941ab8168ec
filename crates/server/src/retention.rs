//! What of a forum is due under a retention plan. Its meetings are read out of the log one by one, without opening
//! a room for any; of each only what a plan asks is kept at hand, in a bounded cache, until the meeting goes on.

use crate::{
    directory::{Directory, MeetingEntry},
    recent::Recent,
};
use agenda::{
    event::Position,
    id::{ForumId, MeetingId, StreamId},
    meeting::{Meeting, Meta},
    retention::{Kept, RetentionPlan, Standing, kept, months_after},
};
use eventlog::{EventLog, MAX_PAGE, ReadError};
use jiff::civil::Date;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Meetings of which is kept what a plan asks, and items in all of them together (some 200 bytes each).
const KEPT_MEETINGS: usize = 2_000;
const KEPT_ITEMS: usize = 40_000;
/// Items that one list of a dry run names; of the rest it says how many there are.
pub const MOST_LISTED: usize = 500;
/// How far ahead a dry run looks, in months.
const AHEAD: u16 = 12;

/// Why a meeting cannot be looked through.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("position {position}: {reason}")]
    Unfit { position: Position, reason: String },
}

/// What was read of a meeting, up to a commit of its stream.
#[derive(Clone)]
struct Known {
    sequence: u64,
    items: Arc<[Kept]>,
}

pub struct Retention {
    log: Arc<dyn EventLog>,
    known: Mutex<Recent<MeetingId, Known>>,
    /// Held while meetings are read: whoever asks at the same time finds them read.
    reading: tokio::sync::Mutex<()>,
}

/// An item in a list.
#[derive(Debug, Clone)]
pub struct Row {
    pub meeting: MeetingId,
    /// Of the meeting.
    pub date: Date,
    pub item: Kept,
    pub standing: Standing,
}

/// Items of one standing, the first due first, and how many there are in all.
#[derive(Debug, Default)]
pub struct Listed {
    pub rows: Vec<Row>,
    pub total: usize,
}

/// What a plan would have erased, and what not. Making one changes nothing.
#[derive(Debug, Default)]
pub struct DryRun {
    pub due: Listed,
    /// Due within the next twelve months.
    pub soon: Listed,
    pub held: Listed,
    /// Due, and not to be erased now.
    pub blocked: Listed,
    /// Due after that.
    pub later: usize,
    pub for_ever: usize,
    pub not_begun: usize,
    pub erased: usize,
}

impl Listed {
    fn add(&mut self, row: Row) {
        self.total += 1;
        self.rows.push(row);
        if self.rows.len() >= 2 * MOST_LISTED {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.rows.sort_by_key(|row| (row.standing.due(), row.date, row.meeting, row.item.number));
        self.rows.truncate(MOST_LISTED);
    }
}

impl DryRun {
    fn add(&mut self, row: Row, until: Date) {
        match &row.standing {
            Standing::Due { .. } => self.due.add(row),
            Standing::Later { due } if *due <= until => self.soon.add(row),
            Standing::Held { .. } => self.held.add(row),
            Standing::Blocked { .. } => self.blocked.add(row),
            Standing::Later { .. } => self.later += 1,
            Standing::ForEver => self.for_ever += 1,
            Standing::NotBegun => self.not_begun += 1,
            Standing::Erased => self.erased += 1,
        }
    }
}

impl Retention {
    pub fn new(log: Arc<dyn EventLog>) -> Self {
        let known = Mutex::new(Recent::new(KEPT_MEETINGS, KEPT_ITEMS));
        Self { log, known, reading: tokio::sync::Mutex::default() }
    }

    /// Nothing of the meeting is at hand any more.
    pub fn forget(&self, meeting: MeetingId) {
        self.known().forget(|of| *of == meeting);
    }

    /// What a plan would do to the items of a forum on a day.
    pub async fn dry_run(
        &self,
        directory: &Directory,
        forum: ForumId,
        plan: RetentionPlan,
        today: Date,
    ) -> Result<DryRun, RetentionError> {
        let (mut run, until) = (DryRun::default(), months_after(today, AHEAD));
        for (meeting, entry) in directory.meetings_of(forum) {
            for item in self.items(meeting).await?.iter() {
                let standing = plan.standing(item, today);
                run.add(Row { meeting, date: entry.date, item: item.clone(), standing }, until);
            }
        }
        let lists = [&mut run.due, &mut run.soon, &mut run.held, &mut run.blocked];
        lists.into_iter().for_each(Listed::trim);
        Ok(run)
    }

    /// How many items of a forum are due on a day. Meetings that are younger than the plan are not read.
    pub async fn due(
        &self,
        directory: &Directory,
        forum: ForumId,
        plan: RetentionPlan,
        today: Date,
    ) -> Result<usize, RetentionError> {
        let mut due = 0;
        let old = |(_, entry): &(MeetingId, MeetingEntry)| plan.can_be_due(entry.scheduled, today);
        for (meeting, _) in directory.meetings_of(forum).into_iter().filter(old) {
            let items = self.items(meeting).await?;
            let is_due = |item: &&Kept| matches!(plan.standing(item, today), Standing::Due { .. });
            due += items.iter().filter(is_due).count();
        }
        Ok(due)
    }

    async fn items(&self, id: MeetingId) -> Result<Arc<[Kept]>, RetentionError> {
        let _reading = self.reading.lock().await;
        let sequence = self.log.head_of(StreamId::Meeting(id)).sequence;
        let known = self.known().get(&id).filter(|known| known.sequence == sequence);
        if let Some(known) = known {
            return Ok(known.items);
        }
        let meeting = read(&*self.log, id).await?;
        let items: Arc<[Kept]> = kept(&meeting).into();
        let known = Known { sequence: meeting.sequence, items: items.clone() };
        self.known().put(id, known, items.len());
        Ok(items)
    }

    fn known(&self) -> MutexGuard<'_, Recent<MeetingId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A meeting without its texts, page by page out of the log.
async fn read(log: &dyn EventLog, id: MeetingId) -> Result<Meeting, RetentionError> {
    let mut meeting = Meeting::new(id);
    loop {
        let page = log.read(StreamId::Meeting(id), meeting.sequence + 1, MAX_PAGE).await?;
        if page.is_empty() {
            return Ok(meeting);
        }
        for recorded in page {
            let commit = &recorded.commit;
            let meta = Meta { at: commit.at, by: commit.by.clone(), sequence: commit.sequence };
            let unfit = |reason| RetentionError::Unfit { position: recorded.position, reason };
            commit.events.iter().try_for_each(|event| meeting.apply(&meta, event)).map_err(unfit)?;
        }
    }
}
