//! The hash graph of one document: which changes there are, what each builds on, and whose
//! they are. No automerge, no bytes: those are the room's, in the same order as here. About
//! 150 bytes for each change; taking one in does not depend on how many there are.

use super::{change::Change, history::Refusal};
use crate::id::Hash;
use std::{
    collections::{BinaryHeap, HashMap},
    sync::Arc,
};

/// Most steps back that are walked to see what a change does not build on.
const MAX_WALK: usize = 50_000;
/// How far a change's operation numbers may run ahead of all that is known here, as they do when
/// its actor has made changes and not sent them yet. Automerge takes memory for the gap.
pub const MAX_NUMBER_GAP: u32 = 10_000;

/// What a change is to a document, by its header alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// Taken in before.
    Known,
    /// Builds on changes that are not here.
    Missing(Vec<Hash>),
    Ready,
    Refused(Refusal),
}

#[derive(Debug, Clone, Copy)]
struct Node {
    start_op: u32,
    /// Largest operation number of the change and all it builds on.
    highest: u32,
    /// Where its dependencies begin in `ChangeGraph::deps`.
    first_dep: u32,
}

/// The changes of one document, numbered in the order in which they were taken in, which is
/// causal.
#[derive(Debug, Clone, Default)]
pub struct ChangeGraph {
    hashes: Vec<Hash>,
    by_hash: HashMap<Hash, u32>,
    nodes: Vec<Node>,
    deps: Vec<u32>,
    heads: Vec<Hash>,
    actors: HashMap<Arc<[u8]>, u32>,
    actor_ids: Vec<Arc<[u8]>>,
    /// For each actor, its changes in order of `seq`.
    by_actor: Vec<Vec<u32>>,
    highest: u32,
}

impl ChangeGraph {
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Ascending, as sync messages want them.
    pub fn heads(&self) -> &[Hash] {
        &self.heads
    }

    pub fn contains(&self, hash: &Hash) -> bool {
        self.by_hash.contains_key(hash)
    }

    /// The change's place in the order of acceptance.
    pub fn index_of(&self, hash: &Hash) -> Option<usize> {
        self.by_hash.get(hash).map(|index| *index as usize)
    }

    pub fn hash_at(&self, index: usize) -> Option<Hash> {
        self.hashes.get(index).copied()
    }

    /// All actors, in the order in which they came.
    pub fn actors(&self) -> impl Iterator<Item = &[u8]> {
        self.actor_ids.iter().map(|actor| &**actor)
    }

    /// The number that the actor's next change must bear.
    pub fn next_seq(&self, actor: &[u8]) -> u32 {
        let changes = self.actor_number(actor).and_then(|n| self.by_actor.get(n as usize));
        changes.map_or(0, Vec::len) as u32 + 1
    }

    /// Largest operation number of all.
    pub fn highest_operation(&self) -> u32 {
        self.highest
    }

    pub fn check(&self, change: &Change<'_>) -> Placement {
        if self.contains(&change.hash) {
            return Placement::Known;
        }
        let missing: Vec<_> = change.deps.iter().filter(|dep| !self.contains(dep)).copied().collect();
        if !missing.is_empty() {
            return Placement::Missing(missing);
        }
        let own = self.actor_number(change.actor).and_then(|n| self.by_actor.get(n as usize));
        let next = own.map_or(0, Vec::len) as u32 + 1;
        if change.seq != next {
            let duplicate = change.seq < next;
            return Placement::Refused(if duplicate {
                Refusal::DuplicateSequence
            } else {
                Refusal::BadSequence
            });
        }
        let below = self.highest_below(&change.deps);
        let above = self.highest.saturating_add(MAX_NUMBER_GAP);
        // Without operations there is nothing from which automerge could tell the gap again.
        let gap_in_nothing = change.operations.list.is_empty() && change.start_op > below + 1;
        if change.start_op <= below || change.start_op > above || gap_in_nothing {
            return Placement::Refused(Refusal::BadOperationNumber);
        }
        Placement::Ready
    }

    /// Takes a change in. The caller has checked it.
    pub fn insert(&mut self, change: &Change<'_>) {
        let index = self.hashes.len() as u32;
        let first_dep = self.deps.len() as u32;
        let highest = change.last_op().max(self.highest_below(&change.deps));
        self.deps.extend(change.deps.iter().filter_map(|dep| self.by_hash.get(dep)));
        self.nodes.push(Node { start_op: change.start_op, highest, first_dep });
        self.hashes.push(change.hash);
        self.by_hash.insert(change.hash, index);
        self.heads.retain(|head| change.deps.binary_search(head).is_err());
        let at = self.heads.partition_point(|head| *head < change.hash);
        self.heads.insert(at, change.hash);
        self.highest = self.highest.max(highest);
        let actor = self.actor_number(change.actor).unwrap_or_else(|| self.add_actor(change.actor));
        if let Some(changes) = self.by_actor.get_mut(actor as usize) {
            changes.push(index);
        }
    }

    /// The places of all changes that are neither known nor built on by one that is known, in
    /// causal order. Hashes that are not here are passed over.
    pub fn changes_since(&self, known: &[Hash]) -> Vec<usize> {
        if self.heads.iter().all(|head| known.contains(head)) {
            return Vec::new();
        }
        let mut behind = vec![false; self.len()];
        known.iter().filter_map(|hash| self.index_of(hash)).for_each(|index| behind[index] = true);
        let mut since = Vec::new();
        for index in (0..self.len()).rev() {
            if behind[index] {
                self.deps_at(index).iter().for_each(|dep| behind[*dep as usize] = true);
            } else {
                since.push(index);
            }
        }
        since.reverse();
        since
    }

    /// The heads as they were when the first `count` changes had been taken in, ascending.
    pub fn heads_after(&self, count: usize) -> Vec<Hash> {
        let count = count.min(self.len());
        let mut built_on = vec![false; count];
        (0..count).flat_map(|index| self.deps_at(index)).for_each(|dep| built_on[*dep as usize] = true);
        let mut heads: Vec<Hash> =
            (0..count).filter(|index| !built_on[*index]).map(|index| self.hashes[index]).collect();
        heads.sort_unstable();
        heads
    }

    /// How many actors there are; the number that the next one will get.
    pub(super) fn actor_count(&self) -> u32 {
        self.by_actor.len() as u32
    }

    pub(crate) fn actor_number(&self, actor: &[u8]) -> Option<u32> {
        self.actors.get(actor).copied()
    }

    pub(crate) fn actor_id(&self, number: u32) -> &[u8] {
        self.actor_ids.get(number as usize).map_or(&[], |actor| actor)
    }

    /// The actor's change that holds the operation of that number.
    pub(crate) fn change_with(&self, actor: u32, number: u32) -> Option<u32> {
        let changes = self.by_actor.get(actor as usize)?;
        let after = changes.partition_point(|index| self.start_of(*index) <= number);
        changes.get(after.checked_sub(1)?).copied()
    }

    /// The actor's latest change.
    pub(super) fn latest_of(&self, actor: u32) -> Option<u32> {
        self.by_actor.get(actor as usize)?.last().copied()
    }

    /// Whether `deps` build on all of `wanted`; `None` if that takes too long to tell. Walks only
    /// what `deps` do not build on, back from the heads: little, among people who write at once.
    pub(super) fn builds_on(&self, deps: &[Hash], wanted: &[u32]) -> Option<bool> {
        if self.heads.iter().all(|head| deps.binary_search(head).is_ok()) {
            return Some(true);
        }
        // Pairs of a change and whether `deps` build on it; of equal changes that first.
        let mut open: BinaryHeap<(u32, bool)> = BinaryHeap::new();
        open.extend(deps.iter().filter_map(|dep| self.by_hash.get(dep)).map(|index| (*index, true)));
        let apart = self.heads.iter().filter(|head| deps.binary_search(head).is_err());
        open.extend(apart.filter_map(|head| self.by_hash.get(head)).map(|index| (*index, false)));
        let mut left = open.iter().filter(|(_, behind)| !behind).count();
        for _ in 0..MAX_WALK {
            if left == 0 {
                return Some(true);
            }
            let Some((index, behind)) = open.pop() else { return Some(true) };
            left -= usize::from(!behind);
            while let Some((_, again)) = open.peek().copied().filter(|(same, _)| *same == index) {
                left -= usize::from(!again);
                open.pop();
            }
            if !behind && wanted.contains(&index) {
                return Some(false);
            }
            let below = self.deps_at(index as usize);
            left += if behind { 0 } else { below.len() };
            open.extend(below.iter().map(|dep| (*dep, behind)));
        }
        None
    }

    fn deps_at(&self, index: usize) -> &[u32] {
        let start = self.nodes.get(index).map_or(0, |node| node.first_dep as usize);
        let end = self.nodes.get(index + 1).map_or(self.deps.len(), |node| node.first_dep as usize);
        self.deps.get(start..end).unwrap_or_default()
    }

    fn start_of(&self, index: u32) -> u32 {
        self.nodes.get(index as usize).map_or(0, |node| node.start_op)
    }

    /// Largest operation number of all that `deps` build on.
    pub(super) fn highest_below(&self, deps: &[Hash]) -> u32 {
        let nodes = deps.iter().filter_map(|dep| self.nodes.get(self.index_of(dep)?));
        nodes.map(|node| node.highest).max().unwrap_or(0)
    }

    fn add_actor(&mut self, actor: &[u8]) -> u32 {
        let number = self.by_actor.len() as u32;
        let actor: Arc<[u8]> = actor.into();
        self.actors.insert(actor.clone(), number);
        self.actor_ids.push(actor);
        self.by_actor.push(Vec::new());
        number
    }
}
