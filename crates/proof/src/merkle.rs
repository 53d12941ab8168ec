//! The log as a Merkle tree (RFC 6962, section 2; RFC 9162, section 2.1): one root hash for all
//! commits, a short proof that one of them is in it, and a short proof that a later tree has
//! an earlier one as its beginning.
//!
//! A leaf's data is the commit's hash ([`crate::chain::leaf`]), so that the tree with all its data can be
//! public while the commits are not. *Complete* nodes, those whose leaves are all there, never change. `(level, index)` names the complete node over the
//! leaves `index * 2^level .. (index + 1) * 2^level`.

use crate::hash::Hash;
use sha2::{Digest, Sha256};

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// The tree over no leaves: SHA-256 of nothing.
pub fn empty() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The hash of a leaf with this data.
pub fn leaf(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update(LEAF).chain_update(data).finalize().into())
}

/// The hash of a node over two others.
pub fn node(left: Hash, right: Hash) -> Hash {
    Hash(Sha256::new().chain_update(NODE).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// A complete node by its level, counted from 0 at the leaves, and its place in the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    pub level: u8,
    pub index: u64,
}

/// Where complete nodes are kept.
pub trait Nodes {
    /// The node; `None` if it is not complete.
    fn node(&self, id: NodeId) -> Option<Hash>;
}

/// Peaks from left to right into a root.
fn fold(peaks: &[Hash]) -> Hash {
    let mut right_to_left = peaks.iter().rev().copied();
    let Some(last) = right_to_left.next() else { return empty() };
    right_to_left.fold(last, |right, left| node(left, right))
}

/// The complete nodes that the leaves `from..to` fall into, from left to right, where they are a whole
/// subtree of a tree: `from` is a multiple of the power of two that holds `to - from`.
fn peaks(from: u64, to: u64) -> Vec<NodeId> {
    let (mut all, mut start) = (Vec::new(), from);
    for level in (0..64u8).rev() {
        let width = 1u64 << level;
        if to - start >= width {
            all.push(NodeId { level, index: start >> level });
            start += width;
        }
    }
    all
}

fn subtree(nodes: &impl Nodes, from: u64, to: u64) -> Option<Hash> {
    let all: Option<Vec<_>> = peaks(from, to).into_iter().map(|id| nodes.node(id)).collect();
    all.map(|peaks| fold(&peaks))
}

/// The root of the first `size` leaves; `None` if some are not there.
pub fn root(nodes: &impl Nodes, size: u64) -> Option<Hash> {
    if size == 0 { Some(empty()) } else { subtree(nodes, 0, size) }
}

/// The largest power of two that is smaller than `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The proof that leaf `index` is in the tree of `size` leaves (RFC 6962, 2.1.1), from the leaf up.
pub fn inclusion(nodes: &impl Nodes, index: u64, size: u64) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let (mut from, mut to, mut path) = (0, size, Vec::new());
    while to - from > 1 {
        let middle = from + split(to - from);
        let (other, rest) =
            if index < middle { ((middle, to), (from, middle)) } else { ((from, middle), (middle, to)) };
        path.push(subtree(nodes, other.0, other.1)?);
        (from, to) = rest;
    }
    path.reverse();
    Some(path)
}

/// The proof that the tree of `new` leaves begins with that of `old` (RFC 6962, 2.1.2).
pub fn consistency(nodes: &impl Nodes, old: u64, new: u64) -> Option<Vec<Hash>> {
    if old == 0 || old > new {
        return None;
    }
    let (mut from, mut to, mut path) = (0, new, Vec::new());
    // Down to the subtree that ends where the old tree does.
    while to != old {
        let middle = from + split(to - from);
        let (other, rest) =
            if old <= middle { ((middle, to), (from, middle)) } else { ((from, middle), (middle, to)) };
        path.push(subtree(nodes, other.0, other.1)?);
        (from, to) = rest;
    }
    // The old root itself is known to whoever asks.
    if from != 0 {
        path.push(subtree(nodes, from, to)?);
    }
    path.reverse();
    Some(path)
}

/// Whether the proof shows that `leaf` is leaf `index` of the tree with this root (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, root: Hash, proof: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for other in proof {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node(*other, hash);
            while at != 0 && at.is_multiple_of(2) {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            hash = node(hash, *other);
        }
        (at, last) = (at / 2, last / 2);
    }
    last == 0 && hash == root
}

/// Whether the proof shows that the tree with the root `new` begins with that of `old`
/// (RFC 9162, 2.1.4.2). Each is a size and a root.
pub fn verify_consistency(old: (u64, Hash), new: (u64, Hash), proof: &[Hash]) -> bool {
    if old.0 == 0 || old.0 > new.0 {
        return false;
    }
    if old.0 == new.0 {
        return proof.is_empty() && old.1 == new.1;
    }
    // The old root is the first node of the path where the old tree is complete.
    let first = old.0.is_power_of_two().then_some(old.1);
    let mut path = first.iter().chain(proof).copied();
    let Some(start) = path.next() else { return false };
    let (mut at, mut last) = (old.0 - 1, new.0 - 1);
    while at % 2 == 1 {
        (at, last) = (at / 2, last / 2);
    }
    let (mut old_root, mut new_root) = (start, start);
    for other in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            (old_root, new_root) = (node(other, old_root), node(other, new_root));
            while at != 0 && at.is_multiple_of(2) {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            new_root = node(new_root, other);
        }
        (at, last) = (at / 2, last / 2);
    }
    last == 0 && old_root == old.1 && new_root == new.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// All complete nodes, each made of the two below it.
    struct All(HashMap<NodeId, Hash>);

    impl Nodes for All {
        fn node(&self, id: NodeId) -> Option<Hash> {
            self.0.get(&id).copied()
        }
    }

    /// The definition of RFC 6962, 2.1, word for word.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty(),
            [one] => *one,
            more => {
                let (left, right) = more.split_at(split(more.len() as u64) as usize);
                node(defined(left), defined(right))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
    }

    fn tree(leaves: &[Hash]) -> All {
        let (mut nodes, mut below) = (HashMap::new(), leaves.to_vec());
        for level in 0.. {
            nodes.extend((0..).zip(&below).map(|(index, hash)| (NodeId { level, index }, *hash)));
            below = below.chunks_exact(2).map(|pair| node(pair[0], pair[1])).collect();
            if below.is_empty() {
                break;
            }
        }
        All(nodes)
    }

    /// From the tests of the reference implementation of Certificate Transparency: eight inputs, and
    /// the roots of the trees over the first one, two, ... of them.
    const INPUTS: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn the_roots_of_the_reference_implementation() {
        let data = |hex: &str| -> Vec<u8> {
            (0..hex.len() / 2).map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap()).collect()
        };
        let leaves: Vec<Hash> = INPUTS.iter().map(|input| leaf(&data(input))).collect();
        let nodes = tree(&leaves);
        for (size, expected) in (1..).zip(ROOTS) {
            assert_eq!(root(&nodes, size).unwrap().to_string(), expected);
        }
        assert_eq!(empty().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn every_proof_of_every_small_tree_is_good_and_of_nothing_else() {
        let leaves = leaves(40);
        let nodes = tree(&leaves);
        for size in 1..=40u64 {
            let here = root(&nodes, size).unwrap();
            assert_eq!(here, defined(&leaves[..size as usize]));
            for index in 0..size {
                let proof = inclusion(&nodes, index, size).unwrap();
                assert!(verify_inclusion(leaves[index as usize], index, size, here, &proof));
                for other in (0..size).filter(|other| *other != index) {
                    assert!(!verify_inclusion(leaves[index as usize], other, size, here, &proof));
                }
            }
            for old in 1..=size {
                let (before, proof) = (root(&nodes, old).unwrap(), consistency(&nodes, old, size).unwrap());
                assert!(verify_consistency((old, before), (size, here), &proof), "{old} {size}");
                let forged = leaf(b"forged");
                assert!(!verify_consistency((old, forged), (size, here), &proof));
                assert!(!verify_consistency((old, before), (size, forged), &proof));
            }
        }
        assert_eq!(inclusion(&nodes, 40, 40), None);
        assert_eq!(inclusion(&nodes, 0, 41), None, "leaf 40 is not there");
        assert_eq!(consistency(&nodes, 41, 40), None);
    }

    proptest! {
        #[test]
        fn a_proof_with_another_bit_shows_nothing(size in 2u64..200, index: u64, old: u64, bit: usize) {
            let leaves = leaves(size);
            let nodes = tree(&leaves);
            let whole = root(&nodes, size).unwrap();
            let (index, old) = (index % size, old % size + 1);
            let flipped = |mut proof: Vec<Hash>| {
                let at = bit % (proof.len() * 256);
                proof[at / 256].0[at % 256 / 8] ^= 1 << (at % 8);
                proof
            };
            let inclusion = flipped(inclusion(&nodes, index, size).unwrap());
            prop_assert!(!verify_inclusion(leaves[index as usize], index, size, whole, &inclusion));
            let consistency = consistency(&nodes, old, size).unwrap();
            if !consistency.is_empty() {
                let before = root(&nodes, old).unwrap();
                prop_assert!(!verify_consistency((old, before), (size, whole), &flipped(consistency)));
            }
        }
    }
}
