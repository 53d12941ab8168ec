//! Which refused commands are recorded: each once, and only so many of one person in an hour, so
//! that nobody can fill the log with them.

use crate::{
    event::Timestamp,
    id::{CommandId, UserId},
};
use std::collections::{BTreeMap, BTreeSet};

/// One person's refused commands that are recorded in one stream in an hour.
pub const RECORDED_PER_HOUR: usize = 60;
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What was recorded of each person. It is made from the log like all else.
#[derive(Debug, Clone, Default)]
pub struct Refusals(BTreeMap<UserId, Hour>);

#[derive(Debug, Clone)]
struct Hour {
    since: Timestamp,
    commands: BTreeSet<CommandId>,
}

/// Whether a refused command is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    Record,
    /// As the last one of this hour.
    RecordAsLast,
    /// It is recorded already.
    Repeated,
    /// There were too many in this hour.
    TooMany,
}

impl Refusals {
    pub fn admit(&self, by: &UserId, command: CommandId, now: Timestamp) -> Recording {
        let Some(hour) = self.0.get(by).filter(|hour| hour.holds(now)) else { return Recording::Record };
        match hour.commands.len() + 1 {
            _ if hour.commands.contains(&command) => Recording::Repeated,
            RECORDED_PER_HOUR => Recording::RecordAsLast,
            count if count > RECORDED_PER_HOUR => Recording::TooMany,
            _ => Recording::Record,
        }
    }

    /// Takes in what was recorded.
    pub fn recorded(&mut self, by: &UserId, command: CommandId, at: Timestamp) {
        let fresh = || Hour { since: at, commands: BTreeSet::new() };
        let hour = self.0.entry(by.clone()).or_insert_with(fresh);
        if !hour.holds(at) {
            *hour = fresh();
        }
        hour.commands.insert(command);
    }
}

impl Hour {
    fn holds(&self, at: Timestamp) -> bool {
        at.0.saturating_sub(self.since.0) < HOUR_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_recorded_once_and_only_so_many_in_an_hour() {
        let (bo, gitte) = (UserId::new("bo").unwrap(), UserId::new("gitte").unwrap());
        let command = |n: usize| CommandId::from_bytes((n as u128).to_be_bytes());
        let mut refusals = Refusals::default();
        for n in 1..=RECORDED_PER_HOUR {
            let expected = if n == RECORDED_PER_HOUR { Recording::RecordAsLast } else { Recording::Record };
            assert_eq!(refusals.admit(&bo, command(n), Timestamp(n as i64)), expected, "{n}");
            refusals.recorded(&bo, command(n), Timestamp(n as i64));
            assert_eq!(refusals.admit(&bo, command(n), Timestamp(n as i64)), Recording::Repeated);
        }
        let next = command(RECORDED_PER_HOUR + 1);
        assert_eq!(refusals.admit(&bo, next, Timestamp(HOUR_MS)), Recording::TooMany);
        assert_eq!(refusals.admit(&gitte, next, Timestamp(HOUR_MS)), Recording::Record);
        assert_eq!(refusals.admit(&bo, next, Timestamp(HOUR_MS + 1)), Recording::Record);
    }
}
