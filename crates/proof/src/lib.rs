//! What an outsider needs to check the record, and nothing else: the hashes and signatures of the log, the
//! files that carry them, and their verification. Knows no event by its meaning but the few that are
//! named in a receipt; has few dependencies, so that it can be read whole.
//!
//! `docs/verification.md` says the same for whoever would rather write another verifier.

pub mod chain;
pub mod checkpoint;
pub mod cosignature;
pub mod envelope;
pub mod hash;
pub mod log;
pub mod merkle;
pub mod note;
pub mod readable;
pub mod receipt;
pub mod tile;
pub mod tiles;
pub mod tree;
pub mod witness;
