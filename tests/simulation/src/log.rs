//! A log that takes its time: appends wait, complete in order, fail, or are cut off by a crash
//! after some of them were written. Words are encrypted as in every log, and keys destroyed.

use agenda::{
    event::{Commit, Event, Position, Recorded},
    live::Ticket,
};
use eventlog::{EventLog, MAX_PAGE, MemoryLog};
use futures::FutureExt;
use std::collections::VecDeque;

pub struct ModelLog {
    /// What the log shows of the durable commits now.
    pub durable: Vec<Recorded>,
    /// The same as it was written, also what was erased since.
    pub written: Vec<Recorded>,
    pub in_flight: VecDeque<(Ticket, Commit)>,
    stored: MemoryLog,
    position: u64,
}

impl ModelLog {
    pub fn new() -> Self {
        let (durable, written, in_flight) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { durable, written, in_flight, stored: MemoryLog::new(), position: 0 }
    }

    /// Takes an append in; a sequence that does not follow is a fault of the room.
    pub fn append(&mut self, ticket: Ticket, commit: Commit) -> Result<(), String> {
        let expected = (self.durable.len() + self.in_flight.len()) as u64 + 1;
        if commit.sequence != expected {
            return Err(format!("an append with sequence {} where {expected} follows", commit.sequence));
        }
        if commit.events.is_empty() {
            return Err(format!("commit {} has no events", commit.sequence));
        }
        self.in_flight.push_back((ticket, commit));
        Ok(())
    }

    /// The oldest append is on the disk. Other streams' commits take positions in between.
    pub fn complete(&mut self, gap: u64) -> Option<(Ticket, Position)> {
        let (ticket, commit) = self.in_flight.pop_front()?;
        Some((ticket, self.record(commit, gap)))
    }

    /// Writes a commit behind the last durable one.
    pub fn record(&mut self, commit: Commit, gap: u64) -> Position {
        self.position += 1 + gap;
        let position = Position(self.position);
        self.stored.append(commit.clone()).now_or_never().unwrap().unwrap();
        let erases = commit.events.iter().any(|event| matches!(event, Event::ItemErased(_)));
        let recorded = Recorded { position, commit };
        self.written.push(recorded.clone());
        self.durable.push(recorded);
        if erases {
            self.read_again();
        }
        position
    }

    /// Nothing that was read before stays at hand.
    fn read_again(&mut self) {
        let shown = std::mem::take(&mut self.durable);
        while let Some(next) = shown.get(self.durable.len()) {
            let page = self.stored.read(next.commit.stream, next.commit.sequence, MAX_PAGE);
            let page = page.now_or_never().unwrap().unwrap();
            let places =
                shown.iter().skip(self.durable.len()).map(|known| known.position).collect::<Vec<_>>();
            let read = places.into_iter().zip(&page);
            self.durable.extend(read.map(|(position, r)| Recorded { position, commit: r.commit.clone() }));
        }
    }

    /// The stored bytes of all commits.
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let page = self.stored.bytes(Position(all.len() as u64 + 1), MAX_PAGE);
            let page = page.now_or_never().unwrap().unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// The process is gone: the first `survivors` of the appends in flight were written.
    pub fn crash(&mut self, survivors: usize) -> usize {
        for _ in 0..survivors {
            self.complete(0);
        }
        std::mem::take(&mut self.in_flight).len()
    }
}
