//! The two things that the pure core may not have: the time and chance.

use agenda::event::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// The server's clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Sixteen random bytes, for an id.
pub fn fresh() -> [u8; 16] {
    rand::random()
}
