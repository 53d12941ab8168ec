//! What the service itself puts its name to.

use crate::id::MeetingId;
use serde::{Deserialize, Serialize};

/// The files of a published edition were made and signed for. A later version of the program that
/// makes other bytes seals the edition again; earlier seals stay good for the files that they name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionSealed {
    pub meeting: MeetingId,
    pub edition: u32,
    /// Canonical JSON: which files, with hash and size, and of what content.
    pub manifest: String,
    /// Line of a C2SP signed note whose text is the manifest and a newline.
    pub signature: String,
    /// The public key that verifies it, in the same format.
    pub key: String,
}

/// The service signed how far the whole log had come: a C2SP checkpoint of the commits before this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointSigned {
    /// The signed note, whole.
    pub note: String,
    /// The public key that verifies it.
    pub key: String,
}
