//! Where the log is kept: in memory for tests and simulation, in sled for one machine.

pub mod memory;
pub mod sled;
