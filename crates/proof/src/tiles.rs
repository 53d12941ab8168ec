//! The tree of a log that somebody else has, of the tiles that were fetched from there. Nothing here says that
//! a tile is true: that does a proof that is made of them and leads to a root that was signed.

use crate::{
    hash::Hash,
    merkle::{NodeId, Nodes, node},
    tile::{Part, TileId, WIDTH},
};
use std::{cell::Cell, collections::HashMap};

/// Tree levels in a tile.
const HEIGHT: u8 = 8;

/// Tiles of a tree of a known size.
#[derive(Debug, Default)]
pub struct Tiles {
    size: u64,
    fetched: HashMap<(u8, u64), Vec<Hash>>,
    missing: Cell<Option<TileId>>,
}

impl Tiles {
    pub fn new(size: u64) -> Self {
        Self { size, ..Self::default() }
    }

    /// A tile that the last question would have needed; the question is asked again when it is there.
    pub fn missing(&self) -> Option<TileId> {
        self.missing.take()
    }

    /// Whether the bytes have the form of the tile; they are kept if so.
    pub fn put(&mut self, tile: TileId, bytes: &[u8]) -> bool {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let Part::Hashes(level) = tile.part else { return false };
        let fits = rest.is_empty() && hashes.len() as u64 == tile.width;
        if fits {
            self.fetched.insert((level, tile.index), hashes.iter().copied().map(Hash).collect());
        }
        fits
    }

    /// The tile as wide as the tree fills it; `None` if it does not reach there.
    fn tile(&self, level: u8, index: u64) -> Option<TileId> {
        let nodes = self.size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0);
        let width = nodes.checked_sub(index.checked_mul(WIDTH)?)?.min(WIDTH);
        (width > 0).then_some(TileId { part: Part::Hashes(level), index, width })
    }
}

impl Nodes for Tiles {
    fn node(&self, NodeId { level, index }: NodeId) -> Option<Hash> {
        let (row, above) = (level / HEIGHT, level % HEIGHT);
        let (first, count) = (index.checked_mul(1 << above)?, 1u64 << above);
        let place = first / WIDTH;
        let Some(hashes) = self.fetched.get(&(row, place)) else {
            self.missing.set(self.tile(row, place));
            return None;
        };
        let from = usize::try_from(first % WIDTH).ok()?;
        hashes.get(from..from + usize::try_from(count).ok()?).map(whole)
    }
}

/// The root over nodes whose number is a power of two.
fn whole(nodes: &[Hash]) -> Hash {
    match nodes {
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node(whole(left), whole(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{merkle, tree::Tree};

    /// Asks until all tiles are there, and how many that took.
    fn ask<T>(tree: &Tree, size: u64, question: impl Fn(&Tiles) -> Option<T>) -> (Option<T>, usize) {
        let (mut tiles, mut fetched) = (Tiles::new(size), 0);
        loop {
            if let Some(answer) = question(&tiles) {
                return (Some(answer), fetched);
            }
            let Some(missing) = tiles.missing() else { return (None, fetched) };
            // By its address, as from a server.
            let missing = TileId::parse(&missing.to_string()).unwrap();
            let Some(bytes) = missing.bytes(tree) else { return (None, fetched) };
            assert!(tiles.put(missing, &bytes));
            fetched += 1;
        }
    }

    #[test]
    fn proofs_from_tiles_are_those_of_the_tree() {
        let mut tree = Tree::default();
        (0..70_000u64).for_each(|n| tree.push(merkle::leaf(&n.to_be_bytes())));
        for size in [1, 2, 255, 256, 257, 600, 65_536, 65_537, 70_000] {
            assert_eq!(ask(&tree, size, |tiles| merkle::root(tiles, size)).0, tree.root(size), "{size}");
            for old in [1, 2, 200, 256, 511, 65_536, 69_999].into_iter().filter(|old| *old <= size) {
                let (proof, fetched) = ask(&tree, size, |tiles| merkle::consistency(tiles, old, size));
                assert_eq!(proof, tree.consistency(old, size), "{old} {size}");
                assert!(fetched <= 6, "{old} {size}: {fetched} tiles");
            }
            let (proof, _) = ask(&tree, size, |tiles| merkle::inclusion(tiles, size - 1, size));
            assert_eq!(proof, tree.inclusion(size, size));
        }
        assert_eq!(ask(&tree, 70_001, |tiles| merkle::root(tiles, 70_001)).0, None, "there are not so many");
    }

    #[test]
    fn what_is_no_tile_is_not_kept() {
        let mut tiles = Tiles::new(3);
        let tile = TileId { part: Part::Hashes(0), index: 0, width: 3 };
        assert_eq!((merkle::root(&tiles, 3), tiles.missing()), (None, Some(tile)));
        for length in [0, 95, 97, 128] {
            assert!(!tiles.put(tile, &vec![0; length]), "{length}");
        }
        assert!(!tiles.put(TileId { part: Part::Entries, ..tile }, &[0; 96]));
        assert!(tiles.put(tile, &[0; 96]));
        assert!(merkle::root(&tiles, 3).is_some());
    }
}
