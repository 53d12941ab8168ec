//! Tries changes on a real document where the index cannot tell. Automerge panics on some
//! input; the panic is caught here, and the document that saw it is thrown away.

use super::history::Refusal;
use automerge::{Automerge, Change};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A copy of `document` with `changes` (whole chunks, in causal order) applied, which also can
/// be saved and loaded again; clients are sent saved documents. Takes milliseconds that grow
/// with the document.
pub fn try_changes(document: &Automerge, changes: &[&[u8]]) -> Result<Automerge, Refusal> {
    let copy = AssertUnwindSafe(document);
    let tried = catch_unwind(move || {
        let copy = apply(copy.clone(), changes)?;
        let loaded = Automerge::load(&copy.save()).ok()?;
        (loaded.get_heads() == copy.get_heads()).then_some(copy)
    });
    tried.ok().flatten().ok_or(Refusal::Trial)
}

/// Applies changes that were accepted before. On `Err` the document is lost: rebuild it from
/// the log.
pub fn apply_accepted(document: Automerge, changes: &[&[u8]]) -> Result<Automerge, Refusal> {
    let document = AssertUnwindSafe(document);
    catch_unwind(move || apply({ document }.0, changes)).ok().flatten().ok_or(Refusal::Trial)
}

fn apply(mut document: Automerge, changes: &[&[u8]]) -> Option<Automerge> {
    let changes: Result<Vec<_>, _> = changes.iter().map(|bytes| Change::try_from(*bytes)).collect();
    document.apply_changes(changes.ok()?).ok()?;
    Some(document)
}
