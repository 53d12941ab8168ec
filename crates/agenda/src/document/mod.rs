//! Item documents: the Automerge texts in which people write. This module knows their shape
//! (version 1), reads them into [`crate::content`], and writes content into them.
//!
//! ```text
//! { v: 1,
//!   sections: { <key>: { body: Text, nothing: bool } },
//!   tables:   { <id>: { rows: [id], cols: [id], cells: { "<row>:<col>": { t: Text, h?, ce?, re? } } } } }
//! ```
//! `body` is a flat list of block markers (paragraph, heading, list item, table) with text
//! between them. A merged cell names the last column (`ce`) and row (`re`) it covers, not a
//! count, so that it survives a concurrent insert.

mod read;
mod table;
mod write;

pub(crate) use read::{Marker, Reader, inline, printable, read_marker};
pub use read::{SectionText, read_section, read_sections};
pub(crate) use table::{PlacedCell, TableLayout};
pub use write::{create, is_server_actor, server_actor, write_section, write_sections};

use automerge::{Automerge, AutomergeError, Change, ChangeHash, TextEncoding};

use crate::id::Hash;

/// Sections of the planning form, which is never published.
pub const PLANNING_SECTIONS: [(&str, &str); 4] =
    [("formaal", "Formål"), ("maalgruppe", "Målgruppe"), ("budskab", "Budskab"), ("proces", "Proces")];

/// The one section of a decision.
pub const DECISION_SECTIONS: [(&str, &str); 1] = [("beslutning", "Beslutning")];

/// The prefix of keys that the server alone may write: see `sync::operations`.
pub const SCHEMA_VERSION: i64 = 1;

/// An empty document that counts text in UTF-16 units, as JavaScript does.
pub fn empty() -> Automerge {
    Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit)
}

/// A document out of stored changes, applied in one batch.
pub fn from_changes<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<Automerge, AutomergeError> {
    let mut document = empty();
    apply(&mut document, changes)?;
    Ok(document)
}

/// Applies stored changes in one batch, which costs little more than one.
pub fn apply<'a>(
    document: &mut Automerge,
    changes: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(), AutomergeError> {
    let changes = changes
        .into_iter()
        .map(|bytes| Change::from_bytes(bytes.to_vec()).map_err(|_| AutomergeError::Fail))
        .collect::<Result<Vec<_>, _>>()?;
    document.apply_changes(changes)
}

pub(crate) fn to_change_hashes(heads: &[Hash]) -> Vec<ChangeHash> {
    heads.iter().map(|hash| ChangeHash(hash.0)).collect()
}

/// The heads of a document, ascending.
pub fn heads(document: &Automerge) -> Vec<Hash> {
    let mut heads: Vec<Hash> = document.get_heads().iter().map(|hash| Hash(hash.0)).collect();
    heads.sort_unstable();
    heads
}
