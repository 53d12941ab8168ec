//! A piece of the log on its way into a copy: commits as they are stored, and the files that they name.
//! Between two processes it is a row of frames: a letter for the kind, the length in four bytes, and so
//! many bytes.

use crate::{app::App, files::named};
use agenda::{event::Position, id::Hash};
use eventlog::{MAX_PAGE, ReadError};

const FILE: u8 = b'f';
const COMMIT: u8 = b'c';

/// Commits in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// To be copied before the commits: a copy never names what it has not.
    pub files: Vec<Hash>,
    /// The stored bytes of each.
    pub commits: Vec<Vec<u8>>,
}

impl Page {
    /// The commits from a position on; none at the end of the log.
    pub async fn read(app: &App, from: Position) -> Result<Self, ReadError> {
        let commits = app.log.bytes(from, MAX_PAGE).await?;
        let (mut files, mut at, end) = (Vec::new(), from.0, from.0 + commits.len() as u64);
        while at < end {
            let read = app.log.scan(Position(at), usize::try_from(end - at).unwrap_or(MAX_PAGE)).await?;
            if read.is_empty() {
                break;
            }
            files.extend(read.iter().flat_map(|recorded| named(recorded)));
            at += read.len() as u64;
        }
        Ok(Self { files, commits })
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let files = self.files.iter().map(|file| (FILE, &file.0[..]));
        let commits = self.commits.iter().map(|commit| (COMMIT, &commit[..]));
        let mut bytes = Vec::new();
        for (kind, content) in files.chain(commits) {
            bytes.push(kind);
            // No commit is longer than a page.
            bytes.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(content);
        }
        bytes
    }

    /// `None`: the bytes are no page.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut page = Self::default();
        while let Some((kind, rest)) = bytes.split_first() {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let (content, rest) = rest.split_at_checked(u32::from_be_bytes(*length).try_into().ok()?)?;
            match *kind {
                FILE => page.files.push(Hash(content.try_into().ok()?)),
                COMMIT => page.commits.push(content.to_vec()),
                _ => return None,
            }
            bytes = rest;
        }
        Some(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_on_the_other_side_and_half_of_one_is_none() {
        let page =
            Page { files: vec![Hash([3; 32])], commits: vec![b"en".to_vec(), Vec::new(), b"to".to_vec()] };
        let bytes = page.to_bytes();
        assert_eq!(Page::from_bytes(&bytes), Some(page));
        assert_eq!(Page::from_bytes(&[]), Some(Page::default()));
        for cut in [1, 4, 5, 20, bytes.len() - 1] {
            assert_eq!(Page::from_bytes(&bytes[..cut]), None, "cut at {cut}");
        }
        assert_eq!(Page::from_bytes(b"x\0\0\0\0"), None);
        assert_eq!(Page::from_bytes(b"f\0\0\0\x01a"), None, "a hash has 32 bytes");
    }
}
