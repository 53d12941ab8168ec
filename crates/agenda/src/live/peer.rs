//! One socket as the room sees it.

use super::FrameLimits;
use crate::{
    event::Timestamp,
    id::{DocumentId, Hash, SessionId, UserId},
};
use std::collections::BTreeSet;

/// Names a socket; the shell chooses it, and never the same twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerKey(pub u64);

/// Changes held back because they build on some that have not come.
pub(super) const MAX_PARKED: usize = 64;
/// Bytes of refused changes that one person may have kept while a room is open, over all their
/// sockets.
pub(super) const MAX_REFUSED_BYTES: usize = 8 * 1024 * 1024;
/// Presence frames per second and socket; more are dropped.
const PRESENCE_PER_SECOND: u32 = 60;

#[derive(Debug)]
pub(super) struct Peer {
    pub user: UserId,
    pub session: SessionId,
    pub document: DocumentId,
    /// The `senderId` it joined with; before that it may only join.
    pub peer_id: Option<String>,
    /// It has been sent the whole document, so broadcasts keep it up to date.
    pub following: bool,
    /// Heads that it was answered about already, so that none is answered twice; once more if it asks
    /// for everything.
    pub answered: BTreeSet<(Vec<Hash>, bool)>,
    /// Hashes asked for, so that none is asked for twice.
    pub asked: BTreeSet<Hash>,
    /// Changes that wait for others, as they came.
    pub parked: Vec<Vec<u8>>,
    pub presence_count: Option<(String, u64)>,
    frames: Bucket,
    presence: Bucket,
}

impl Peer {
    pub fn new(user: UserId, session: SessionId, document: DocumentId, limits: FrameLimits) -> Self {
        Self {
            user,
            session,
            document,
            peer_id: None,
            following: false,
            answered: BTreeSet::new(),
            asked: BTreeSet::new(),
            parked: Vec::new(),
            presence_count: None,
            frames: Bucket::new(limits.per_second, limits.burst),
            presence: Bucket::new(PRESENCE_PER_SECOND, PRESENCE_PER_SECOND * 2),
        }
    }

    /// Forgets what the client has been told of the document.
    pub fn begin_anew(&mut self) {
        self.following = false;
        self.answered.clear();
        self.asked.clear();
    }

    /// Whether the socket may send one more frame now.
    pub fn may_send(&mut self, now: Timestamp) -> bool {
        self.frames.take(now)
    }

    pub fn may_show_presence(&mut self, now: Timestamp) -> bool {
        self.presence.take(now)
    }
}

/// A token bucket over milliseconds.
#[derive(Debug)]
struct Bucket {
    per_second: u64,
    capacity: u64,
    /// Thousandths of a token.
    level: u64,
    filled: Option<Timestamp>,
}

impl Bucket {
    fn new(per_second: u32, burst: u32) -> Self {
        let capacity = u64::from(burst) * 1_000;
        Self { per_second: u64::from(per_second), capacity, level: capacity, filled: None }
    }

    fn take(&mut self, now: Timestamp) -> bool {
        let since = self.filled.map_or(0, |then| u64::try_from(now.0 - then.0).unwrap_or(0));
        self.filled = Some(now);
        self.level = self.level.saturating_add(since.saturating_mul(self.per_second)).min(self.capacity);
        let enough = self.level >= 1_000;
        if enough {
            self.level -= 1_000;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let mut bucket = Bucket::new(10, 3);
        let now = Timestamp(1_000);
        assert!(bucket.take(now) && bucket.take(now) && bucket.take(now));
        assert!(!bucket.take(now));
        assert!(!bucket.take(Timestamp(1_050)), "half a token");
        assert!(bucket.take(Timestamp(1_100)));
        assert!(!bucket.take(Timestamp(900)), "a clock that goes back gives nothing");
    }
}
