//! The tree in pieces of 256 that anyone can fetch and keep, in the C2SP tlog-tiles layout
//! (<https://c2sp.org/tlog-tiles>).
//!
//! ```text
//! tile/<level>/<index>[.p/<width>]     256 (or width) node hashes of tree level 8 * level
//! tile/entries/<index>[.p/<width>]     as many entries, each its length in two bytes and its data
//! ```
//!
//! An index is written in groups of three digits, all but the last with an `x` before them: 1234067 is
//! `x001/x234/067`. An entry is the hash of a commit, never the commit.

use crate::{
    merkle::{NodeId, Nodes},
    tree::Tree,
};
use std::fmt;

/// The hashes in a whole tile.
pub const WIDTH: u64 = 256;
/// Tree levels in a tile.
const HEIGHT: u8 = 8;
/// No log grows past this level of tiles.
const MAX_LEVEL: u8 = 7;

/// A tile by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileId {
    pub part: Part,
    pub index: u64,
    /// 1 to 256.
    pub width: u64,
}

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Node hashes, of a level of tiles.
    Hashes(u8),
    /// The data of the leaves.
    Entries,
}

impl TileId {
    /// Reads what stands behind `tile/` in an address.
    pub fn parse(path: &str) -> Option<Self> {
        let (part, rest) = path.split_once('/')?;
        let part = match part {
            "entries" => Part::Entries,
            level => Part::Hashes(number(level, 1)?.try_into().ok().filter(|level| *level <= MAX_LEVEL)?),
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, WIDTH),
            Some((index, width)) => (index, number(width, 1).filter(|width| (1..WIDTH).contains(width))?),
        };
        Some(Self { part, index: parse_index(index)?, width })
    }

    /// Its bytes; `None` when the tree is not so large yet.
    pub fn bytes(self, tree: &Tree) -> Option<Vec<u8>> {
        let first = self.index.checked_mul(WIDTH)?;
        let all = first..first.checked_add(self.width)?;
        let bytes: Option<Vec<Vec<u8>>> = match self.part {
            Part::Entries => all.map(|index| Some(entry(&tree.commit(index.checked_add(1)?)?.0))).collect(),
            Part::Hashes(level) => all
                .map(|index| Some(tree.node(NodeId { level: level * HEIGHT, index })?.0.to_vec()))
                .collect(),
        };
        bytes.map(|parts| parts.concat())
    }
}

/// What stands behind `tile/` in its address.
impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Hashes(level) => write!(f, "{level}/")?,
            Part::Entries => write!(f, "entries/")?,
        }
        write_index(f, self.index / 1_000)?;
        write!(f, "{:03}", self.index % 1_000)?;
        if self.width < WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// The groups before the last one.
fn write_index(f: &mut fmt::Formatter<'_>, groups: u64) -> fmt::Result {
    if groups == 0 {
        return Ok(());
    }
    write_index(f, groups / 1_000)?;
    write!(f, "x{:03}/", groups % 1_000)
}

/// An entry in a bundle: its length in two bytes, and its data.
fn entry(data: &[u8; 32]) -> Vec<u8> {
    [&[0, 32], &data[..]].concat()
}

/// "x001/x234/067": at least three digits in each group, no group but the last without an `x`.
fn parse_index(path: &str) -> Option<u64> {
    let mut index = 0u64;
    let mut groups = path.split('/').peekable();
    let several = path.contains('/');
    let mut first = true;
    while let Some(group) = groups.next() {
        let digits = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
        let value = number(digits, 3).filter(|_| digits.len() == 3)?;
        if first && several && value == 0 {
            return None;
        }
        first = false;
        index = index.checked_mul(1_000)?.checked_add(value)?;
    }
    Some(index)
}

/// A number in plain digits, at least so many, without zeros in front of a longer one.
fn number(digits: &str, least: usize) -> Option<u64> {
    let plain = digits.len() >= least && digits.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits.len() == least || !digits.starts_with('0');
    if plain && canonical { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hash::Hash, merkle};

    #[test]
    fn addresses_are_those_of_the_layout() {
        let id = |part, index, width| Some(TileId { part, index, width });
        assert_eq!(TileId::parse("0/000"), id(Part::Hashes(0), 0, 256));
        assert_eq!(TileId::parse("1/x001/x234/067"), id(Part::Hashes(1), 1_234_067, 256));
        assert_eq!(TileId::parse("entries/x001/000.p/17"), id(Part::Entries, 1_000, 17));
        for path in ["0/000", "7/255.p/1", "1/x001/x234/067", "entries/x001/000.p/17", "0/x001/x000/000"] {
            assert_eq!(TileId::parse(path).unwrap().to_string(), path);
        }
        for bad in [
            "",
            "0",
            "0/",
            "0/0",
            "0/00",
            "0/0000",
            "8/000",
            "00/000",
            "x/000",
            "0/001/067",
            "0/x000/067",
            "0/x1/067",
            "0/x001",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/",
            "0/000.p/07",
            "0/000.p/-1",
            "entries/x/000",
            "0/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(TileId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn tiles_hold_the_nodes_of_their_level_and_no_more_than_there_are() {
        let mut tree = Tree::default();
        (0..600u64).for_each(|n| tree.push(merkle::leaf(&n.to_be_bytes())));
        let bytes = |path: &str| TileId::parse(path).unwrap().bytes(&tree);
        assert_eq!(bytes("0/000").unwrap().len(), 256 * 32);
        assert_eq!(bytes("0/002.p/88").unwrap().len(), 88 * 32);
        assert_eq!(
            (bytes("0/002.p/89"), bytes("0/002"), bytes("1/000"), bytes("1/000.p/3")),
            (None, None, None, None)
        );
        let above = bytes("1/000.p/2").unwrap();
        let level: Vec<Hash> =
            bytes("0/001").unwrap().chunks(32).map(|hash| Hash(hash.try_into().unwrap())).collect();
        let folded =
            (0..8).fold(level, |row, _| row.chunks(2).map(|two| merkle::node(two[0], two[1])).collect());
        assert_eq!(&above[32..], &folded[0].0);
        let entries = bytes("entries/002.p/88").unwrap();
        assert_eq!(entries.len(), 88 * 34);
        assert_eq!(&entries[..2], &[0, 32]);
        assert_eq!(&entries[2..34], &tree.commit(513).unwrap().0);
    }
}
