//! Checks evidence without a server, a data folder or a connection: receipts, checkpoints, whole logs and
//! published files, alone or together, and says in plain words what holds and what does not.

mod case;
mod evidence;
mod facts;
mod words;

pub use case::{Case, Line, Standing};
pub use evidence::{Evidence, read};
pub use words::Words;
