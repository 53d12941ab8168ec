//! What a document says about where it comes from.

use agenda::id::Hash;
use serde::{Deserialize, Serialize};

/// What the published page proves: where the freeze stands and what it fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Counted from 1 in the meeting.
    pub edition: u32,
    /// The round of the freeze, counted from 1.
    pub round: u32,
    /// Log position of the freeze.
    pub position: u64,
    /// SHA-256 of the canonical JSON of the publication.
    pub content_hash: Hash,
}

/// Whether the text is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand<'a> {
    Published(&'a Proof),
    /// Read from a file and in no log: there is nothing to prove but the text itself.
    Imported,
    /// Marked "UDKAST" for all to see.
    Draft,
}
