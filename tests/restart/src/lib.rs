//! What the service acknowledged, held against what its logs say after the process or the
//! power went away.

mod auditor;
mod clerk;
pub mod crowd;
mod eraser;
pub mod record;
pub mod stored;

use std::time::{SystemTime, UNIX_EPOCH};

/// `RESTART_SEED`, or one of the moment; printed so that a run can be repeated.
pub fn seed(test: &str) -> u64 {
    let given = std::env::var("RESTART_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = given.unwrap_or(now.as_nanos() as u64);
    println!("{test}: seed {seed} (repeat with RESTART_SEED={seed})");
    seed
}
