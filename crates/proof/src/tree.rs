//! The Merkle tree of a log at hand: the hash of every commit, and the nodes that are worth keeping. Takes
//! about 33 bytes a commit; everything else is computed when it is asked for.

use crate::{
    hash::Hash,
    merkle::{self, NodeId, Nodes, node},
};

/// Nodes below this level are computed from the leaves: at most 256 of them, in some microseconds.
const KEPT_LEVEL: u8 = 8;
const WIDTH: usize = 1 << KEPT_LEVEL;

/// Grows at its end and never changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// The hash of each commit, in the order of the log.
    commits: Vec<Hash>,
    /// Complete nodes by level, from [`KEPT_LEVEL`] up.
    kept: Vec<Vec<Hash>>,
}

impl Tree {
    /// How many commits there are.
    pub fn size(&self) -> u64 {
        self.commits.len() as u64
    }

    /// Adds the hash of the next commit.
    pub fn push(&mut self, commit: Hash) {
        self.commits.push(commit);
        if !self.commits.len().is_multiple_of(WIDTH) {
            return;
        }
        let mut hash = whole(&self.commits[self.commits.len() - WIDTH..]);
        for level in 0.. {
            if level == self.kept.len() {
                self.kept.push(Vec::new());
            }
            let Some(row) = self.kept.get_mut(level) else { return };
            row.push(hash);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => hash = node(*left, *right),
                _ => return,
            }
        }
    }

    /// The hash of the commit at a position, which counts from 1.
    pub fn commit(&self, position: u64) -> Option<Hash> {
        self.commits.get(usize::try_from(position.checked_sub(1)?).ok()?).copied()
    }

    /// The root of the first `size` commits; `None` when there are not so many.
    pub fn root(&self, size: u64) -> Option<Hash> {
        merkle::root(self, size)
    }

    /// The proof that the commit at a position is among the first `size`, from the leaf up.
    pub fn inclusion(&self, position: u64, size: u64) -> Option<Vec<Hash>> {
        merkle::inclusion(self, position.checked_sub(1)?, size)
    }

    /// The proof that the first `new` commits begin with the first `old`.
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        merkle::consistency(self, old, new)
    }
}

impl Nodes for Tree {
    fn node(&self, NodeId { level, index }: NodeId) -> Option<Hash> {
        if let Some(row) = level.checked_sub(KEPT_LEVEL) {
            return self.kept.get(usize::from(row))?.get(usize::try_from(index).ok()?).copied();
        }
        let from = usize::try_from(index).ok()?.checked_mul(1 << level)?;
        self.commits.get(from..from.checked_add(1 << level)?).map(whole)
    }
}

/// The root over commits whose number is a power of two.
fn whole(commits: &[Hash]) -> Hash {
    match commits {
        [one] => merkle::leaf(&one.0),
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node(whole(left), whole(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grown(size: u64) -> Tree {
        let mut tree = Tree::default();
        (1..=size).for_each(|n| tree.push(merkle::leaf(&n.to_be_bytes())));
        tree
    }

    /// The definition of RFC 6962, 2.1.
    fn defined(tree: &Tree, from: u64, to: u64) -> Hash {
        if to - from == 1 {
            return merkle::leaf(&tree.commit(from + 1).unwrap().0);
        }
        let split = (to - from).next_power_of_two() / 2;
        node(defined(tree, from, from + split), defined(tree, from + split, to))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn roots_and_proofs_are_those_of_the_definition(size in 1u64..3_000, a: u64, b: u64) {
            let tree = grown(size);
            let (old, position) = (a % size + 1, b % size + 1);
            let (before, now) = (tree.root(old).unwrap(), tree.root(size).unwrap());
            prop_assert_eq!(before, defined(&tree, 0, old));
            prop_assert_eq!(now, defined(&tree, 0, size));
            let leaf = merkle::leaf(&tree.commit(position).unwrap().0);
            let inclusion = tree.inclusion(position, size).unwrap();
            prop_assert!(merkle::verify_inclusion(leaf, position - 1, size, now, &inclusion));
            let consistency = tree.consistency(old, size).unwrap();
            prop_assert!(merkle::verify_consistency((old, before), (size, now), &consistency));
        }
    }

    #[test]
    fn what_is_not_there_has_no_proof() {
        let tree = grown(300);
        assert_eq!((tree.commit(0), tree.commit(301), tree.root(301)), (None, None, None));
        assert_eq!(
            (tree.inclusion(0, 300), tree.inclusion(301, 300), tree.inclusion(1, 301)),
            (None, None, None)
        );
        assert_eq!((tree.consistency(0, 300), tree.consistency(300, 301)), (None, None));
        assert_eq!(tree.node(NodeId { level: 63, index: u64::MAX }), None);
        assert_eq!(tree.node(NodeId { level: 7, index: u64::MAX / 2 }), None);
    }
}
