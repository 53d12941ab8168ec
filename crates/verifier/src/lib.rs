//! Checks evidence without a server, a data folder or a connection: receipts, checkpoints, whole logs and
//! published files, alone or together, and says in plain words what holds and what does not.

mod case;
mod erasures;
mod evidence;
mod facts;
mod live;
mod told;
mod witnesses;
mod words;

pub use case::{Case, Line, Standing};
pub use evidence::{Evidence, read};
pub use live::Live;
pub use words::Words;
