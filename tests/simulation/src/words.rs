//! Words that can be told apart: everything that is written in a simulation holds one that was never used before,
//! so that a checker can look for it wherever it must not stand.

use crate::random::Random;
use agenda::event::Event;
use std::collections::BTreeSet;

const BEGINS: &[u8] = b"ord";
const DIGITS: usize = 8;

pub type Word = u32;
pub type Words = BTreeSet<Word>;

/// A word that nobody has written yet.
pub fn new(random: &mut Random) -> String {
    format!("ord{:08x} ", random.next() as u32)
}

/// The words that stand whole in a text or in a change's bytes.
pub fn within(bytes: impl AsRef<[u8]>) -> Words {
    let digits = |at: &[u8]| {
        let digits = at.strip_prefix(BEGINS)?.get(..DIGITS)?;
        Word::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    bytes.as_ref().windows(BEGINS.len() + DIGITS).filter_map(digits).collect()
}

/// The words that an event holds; changes are stored as they are, not compressed.
pub fn of(event: &Event) -> Words {
    within(event.encode().unwrap())
}
