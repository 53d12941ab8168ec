//! A log that takes its time: appends wait, complete in order, fail, or are cut off by a crash
//! after some of them were written.

use agenda::{
    event::{Commit, Position, Recorded},
    live::Ticket,
};
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub struct ModelLog {
    pub durable: Vec<Recorded>,
    pub in_flight: VecDeque<(Ticket, Commit)>,
    position: u64,
}

impl ModelLog {
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
        self.durable.push(Recorded { position, commit });
        position
    }

    /// The process is gone: the first `survivors` of the appends in flight were written.
    pub fn crash(&mut self, survivors: usize) -> usize {
        for _ in 0..survivors {
            self.complete(0);
        }
        std::mem::take(&mut self.in_flight).len()
    }
}
