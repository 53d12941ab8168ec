//! The pieces that a log lies in where nothing can be added to a file: which they are, and how they follow each
//! other. Joined in the order of their names they are the log file.

use super::MirrorError;

/// The folder of the pieces.
pub const SEGMENTS: &str = "log";

/// Commits in a row, from a position to a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    pub first: u64,
    pub last: u64,
}

impl Segment {
    /// Names sort as the commits do.
    pub fn name(self) -> String {
        format!("{:012}-{:012}.jsonl", self.first, self.last)
    }

    /// `None` for another name.
    pub fn named(name: &str) -> Option<Self> {
        let (first, last) = name.strip_suffix(".jsonl")?.split_once('-')?;
        let segment = Self { first: first.parse().ok()?, last: last.parse().ok()? };
        (segment.name() == name && 0 < segment.first && segment.first <= segment.last).then_some(segment)
    }
}

/// The pieces that make the whole log. One that was written twice, because it was not known whether the first
/// try had come through, may be there with fewer commits as well; the longer one has them all.
pub fn chosen(mut all: Vec<Segment>) -> Result<Vec<Segment>, MirrorError> {
    all.sort_unstable_by_key(|segment| (segment.first, std::cmp::Reverse(segment.last)));
    let (mut held, mut found) = (0, Vec::new());
    for segment in all {
        if segment.last <= held {
            continue;
        }
        if segment.first != held + 1 {
            return Err(MirrorError::Gap(held + 1));
        }
        held = segment.last;
        found.push(segment);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(first: u64, last: u64) -> Segment {
        Segment { first, last }
    }

    #[test]
    fn names_are_read_as_they_are_written_and_no_others() {
        let one = segment(1, 1_000);
        assert_eq!(one.name(), "000000000001-000000001000.jsonl");
        assert_eq!(Segment::named(&one.name()), Some(one));
        for bad in
            ["1-2.jsonl", "000000000002-000000000001.jsonl", "000000000000-000000000001.jsonl", "keys.txt"]
        {
            assert_eq!(Segment::named(bad), None, "{bad}");
        }
    }

    #[test]
    fn pieces_follow_each_other_and_a_gap_is_named() {
        let chosen =
            |all: &[(u64, u64)]| chosen(all.iter().map(|(first, last)| segment(*first, *last)).collect());
        assert_eq!(chosen(&[]).unwrap(), []);
        assert_eq!(chosen(&[(4, 9), (1, 3)]).unwrap(), [segment(1, 3), segment(4, 9)]);
        assert_eq!(chosen(&[(1, 3), (4, 6), (4, 9), (10, 11)]).unwrap().len(), 3, "the shorter is left out");
        assert!(matches!(chosen(&[(1, 3), (5, 9)]), Err(MirrorError::Gap(4))));
        assert!(matches!(chosen(&[(2, 3)]), Err(MirrorError::Gap(1))));
        assert!(matches!(chosen(&[(1, 5), (4, 9)]), Err(MirrorError::Gap(6))));
    }
}
