//! Splits and checks automerge storage chunks: `85 6f 4a 83 | checksum | type | length | body`.
//! Only single, uncompressed changes are taken from clients: documents would hide who wrote
//! what, deflate can be a bomb, bundles can spin automerge for ever (SYNC.md 3.3).

use super::{Violation, limit, reader::Reader};
use crate::id::Hash;
use sha2::{Digest, Sha256};

/// Largest change taken, in bytes with its header.
pub const MAX_CHUNK_BYTES: usize = 256 * 1024;
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const PART: &str = "chunk";
const CHANGE: u8 = 1;

/// One change as it was sent: its bytes with the header, its body, and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk<'a> {
    pub bytes: &'a [u8],
    pub body: &'a [u8],
    pub hash: Hash,
}

/// The chunks that stand one after another in `data`.
pub fn split(data: &[u8]) -> Result<Vec<Chunk<'_>>, Violation> {
    let mut rest = data;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let chunk = first(rest)?;
        rest = rest.get(chunk.bytes.len()..).unwrap_or_default();
        chunks.push(chunk);
    }
    Ok(chunks)
}

fn first(data: &[u8]) -> Result<Chunk<'_>, Violation> {
    let mut reader = Reader::new(PART, data);
    if reader.take(4)? != MAGIC {
        return reader.malformed("does not begin as a chunk does");
    }
    let checksum = reader.take(4)?;
    let hashed = reader;
    let kind = reader.byte()?;
    if kind != CHANGE {
        return Err(Violation::ChunkType(name(kind)));
    }
    let length = reader.uleb()?;
    limit(PART, length, MAX_CHUNK_BYTES as u64)?;
    let body = reader.take(length)?;
    let used = data.len() - reader.remaining();
    limit(PART, used as u64, MAX_CHUNK_BYTES as u64)?;
    let hash = Sha256::digest(hashed.clone().take((hashed.remaining() - reader.remaining()) as u64)?);
    if hash.get(..4) != Some(checksum) {
        return Err(Violation::Checksum);
    }
    Ok(Chunk { bytes: data.get(..used).unwrap_or_default(), body, hash: Hash(hash.into()) })
}

fn name(kind: u8) -> &'static str {
    match kind {
        0 => "document",
        2 => "deflated",
        3 => "bundle",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::fixture::{chunk, typing};

    #[test]
    fn changes_are_split_and_hashed_as_automerge_hashes_them() {
        let changes = typing("æ😀");
        let bytes: Vec<u8> = changes.iter().flat_map(|c| c.raw_bytes().to_vec()).collect();
        let hashes: Vec<_> = split(&bytes).unwrap().iter().map(|c| c.hash.0).collect();
        assert_eq!(hashes, changes.iter().map(|c| c.hash().0).collect::<Vec<_>>());
        assert!(split(&[]).unwrap().is_empty());
    }

    #[test]
    fn all_but_whole_sound_changes_is_refused() {
        let good = typing("a")[0].raw_bytes().to_vec();
        let body = split(&good).unwrap()[0].body.to_vec();
        assert_eq!(chunk(1, &body), good);
        for (kind, name) in [(0, "document"), (2, "deflated"), (3, "bundle"), (9, "unknown")] {
            assert_eq!(split(&chunk(kind, &body)), Err(Violation::ChunkType(name)));
        }
        let mut flipped = good.clone();
        flipped[4] ^= 1;
        assert_eq!(split(&flipped), Err(Violation::Checksum));
        for n in 1..good.len() {
            assert!(split(&good[..n]).is_err(), "{n} bytes");
        }
        assert!(matches!(split(&chunk(1, &vec![0; MAX_CHUNK_BYTES])), Err(Violation::TooLarge { .. })));
    }
}
