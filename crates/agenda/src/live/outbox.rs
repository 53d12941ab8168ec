//! The one rule of what leaves when: an effect is held until every append that was issued
//! before it is durable. Appends themselves leave at once.

use super::{Effect, Ticket};
use crate::event::Commit;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub(super) struct Outbox {
    issued: u64,
    durable: u64,
    held: VecDeque<(u64, Effect)>,
    ready: Vec<Effect>,
}

impl Outbox {
    /// Issues an append.
    pub fn append(&mut self, commit: Commit) {
        self.issued += 1;
        self.ready.push(Effect::Append { ticket: Ticket(self.issued), commit });
    }

    /// Lets the effect leave as soon as all appends issued so far are durable.
    pub fn hold(&mut self, effect: Effect) {
        if self.issued == self.durable {
            self.ready.push(effect);
        } else {
            self.held.push_back((self.issued, effect));
        }
    }

    /// Lets the effect leave now; only for what says nothing about the text.
    pub fn now(&mut self, effect: Effect) {
        self.ready.push(effect);
    }

    /// The append is durable; what waited for it leaves.
    pub fn durable(&mut self, ticket: Ticket) {
        self.durable = self.durable.max(ticket.0);
        while self.held.front().is_some_and(|(needs, _)| *needs <= self.durable) {
            if let Some((_, effect)) = self.held.pop_front() {
                self.ready.push(effect);
            }
        }
    }

    /// Appends that have not returned.
    pub fn in_flight(&self) -> u64 {
        self.issued - self.durable
    }

    pub fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{CommandId, MeetingId, SessionId, StreamId, UserId},
        live::PeerKey,
    };

    fn commit() -> Commit {
        Commit {
            stream: StreamId::Meeting(MeetingId::from_bytes([0; 16])),
            sequence: 1,
            at: crate::event::Timestamp(0),
            by: UserId::new("anna").unwrap(),
            session: SessionId::from_bytes([0; 16]),
            command: CommandId::from_bytes([0; 16]),
            events: vec![],
        }
    }
    fn send(n: u64) -> Effect {
        Effect::Send { peer: PeerKey(n), frame: vec![] }
    }

    #[test]
    fn nothing_leaves_before_the_appends_issued_before_it() {
        let mut outbox = Outbox::default();
        outbox.hold(send(0));
        assert_eq!(outbox.take(), [send(0)]);
        outbox.append(commit());
        outbox.hold(send(1));
        outbox.append(commit());
        outbox.hold(send(2));
        assert_eq!(outbox.take().len(), 2, "only the appends");
        outbox.durable(Ticket(1));
        assert_eq!(outbox.take(), [send(1)]);
        outbox.hold(send(3));
        assert_eq!(outbox.take(), []);
        outbox.durable(Ticket(2));
        assert_eq!(outbox.take(), [send(2), send(3)]);
        assert_eq!(outbox.in_flight(), 0);
    }
}
