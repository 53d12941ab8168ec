//! The index of operations: which operation ids exist in a document and what each is, so that
//! a change can be checked without the document. `apply_changes` of automerge panics on changes
//! that refer to what is not there (SYNC.md 3.3). What one actor types in a row is one run.

mod check;
mod index;
mod order;

pub(super) use check::Draft;
pub use index::OperationIndex;
