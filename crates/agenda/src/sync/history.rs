//! One document's history as far as acceptance needs it: the graph of changes and the index of
//! operations. A change that passes here can be made durable and sent on without touching an
//! automerge document, which can follow later and in batches.

use super::{
    change::Change,
    graph::{ChangeGraph, Placement},
    operations::{Draft, OperationIndex},
};
use crate::id::Hash;

/// Who a change comes from: the server lays down a document's frame, and its own log is
/// believed; a client may not touch the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Server,
    Client,
}

/// What to do with a change.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Taken in before: nothing to do.
    Known,
    /// Builds on changes that are not here.
    Missing(Vec<Hash>),
    /// Sound: every operation is of a kind that is fully understood.
    Plain(Admission),
    /// Sound as far as can be seen, but of a kind to be tried first: [`super::trial`].
    Unusual(Admission, &'static str),
    Refused(Refusal),
}

/// Why a change is not taken in, for the log; people see [`crate::event::RefusalReason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the actor already has another change of that number")]
    DuplicateSequence,
    #[error("the actor's change before this one is not among those it builds on")]
    BadSequence,
    #[error("its operation numbers do not follow those it builds on")]
    BadOperationNumber,
    #[error("it refers to an operation that does not exist or that it does not build on")]
    UnknownOperation,
    #[error("it uses an operation as something that it is not")]
    WrongKind,
    #[error("an operation of a malformed kind: {0}")]
    Malformed(&'static str),
    #[error("it overwrites operations of another place, twice, or out of order")]
    BadPredecessors,
    #[error("objects are nested too deep")]
    TooDeep,
    #[error("it changes the frame of the document, which is the server's")]
    Frame,
    #[error("trying it on the document failed")]
    Trial,
    #[error("it was checked against an older state of the document")]
    Stale,
}

/// A checked change, ready to be taken in, if no other one was since.
#[derive(Debug, Clone)]
pub struct Admission {
    draft: Draft,
    at: usize,
}

#[derive(Debug, Clone, Default)]
pub struct History {
    graph: ChangeGraph,
    operations: OperationIndex,
}

impl History {
    pub fn graph(&self) -> &ChangeGraph {
        &self.graph
    }

    /// Changes nothing. The cost depends on the change, not on the document.
    pub fn check(&self, change: &Change<'_>, origin: Origin) -> Verdict {
        match self.graph.check(change) {
            Placement::Known => return Verdict::Known,
            Placement::Missing(hashes) => return Verdict::Missing(hashes),
            Placement::Refused(refusal) => return Verdict::Refused(refusal),
            Placement::Ready => {}
        }
        match self.operations.check(&self.graph, change, origin) {
            Err(refusal) => Verdict::Refused(refusal),
            Ok((draft, unusual)) => {
                let admission = Admission { draft, at: self.graph.len() };
                match unusual {
                    Some(why) => Verdict::Unusual(admission, why),
                    None => Verdict::Plain(admission),
                }
            }
        }
    }

    /// Takes in what [`History::check`] passed; its place in the order is `graph().len()` before
    /// the call.
    pub fn insert(&mut self, change: &Change<'_>, admission: Admission) -> Result<(), Refusal> {
        if admission.at != self.graph.len() {
            return Err(Refusal::Stale);
        }
        self.operations.insert(admission.draft);
        self.graph.insert(change);
        Ok(())
    }

    /// Takes a change in from the server's own log, in order.
    pub fn replay(&mut self, change: &Change<'_>) -> Result<(), Refusal> {
        match self.check(change, Origin::Server) {
            Verdict::Plain(admission) | Verdict::Unusual(admission, _) => self.insert(change, admission),
            Verdict::Known => Ok(()),
            Verdict::Missing(_) => Err(Refusal::UnknownOperation),
            Verdict::Refused(refusal) => Err(refusal),
        }
    }
}
