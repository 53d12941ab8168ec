//! Presence is never an event: its payload is nowhere in the stored bytes.

use super::{Checked, require};
use agenda::event::Commit;

/// Stands in every presence payload that the simulation sends.
pub const MARK: &[u8] = b"here-is-my-cursor";

pub fn check(commit: &Commit) -> Checked {
    for event in &commit.events {
        let bytes = event.encode().map_err(|e| e.to_string())?;
        let found = bytes.windows(MARK.len()).any(|window| window == MARK);
        require(!found, || format!("presence stands in the log, in a {}", event.kind().0))?;
    }
    Ok(())
}
