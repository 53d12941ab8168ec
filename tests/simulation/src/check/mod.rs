//! What must hold, each in a file of its own. A checker returns what is wrong as a sentence.

pub mod actors;
pub mod converged;
pub mod durable;
pub mod erased;
pub mod fates;
pub mod frozen;
pub mod moved;
pub mod past;
pub mod presence;
pub mod replay;
pub mod restored;
pub mod sockets;
pub mod suggestions;

pub type Checked = Result<(), String>;

/// `Err(message)` unless `condition`.
pub fn require(condition: bool, message: impl FnOnce() -> String) -> Checked {
    if condition { Ok(()) } else { Err(message()) }
}
