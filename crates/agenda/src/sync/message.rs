//! The automerge sync message inside a frame (SYNC.md 1.5). Decoded here because automerge's
//! own decoder builds Bloom filters whose sizes the sender chooses; ours passes over them.

use super::{Violation, reader::Reader, reader::write_uleb};
use crate::id::Hash;

const PART: &str = "sync message";
const V1: u8 = 0x42;
const V2: u8 = 0x43;
const READ_ONLY: u8 = 0b010;
const SYNC_RESET: u8 = 0b001;
/// `READ_ONLY | SUPPORTS_SYNC_RESET` in the form that every version reads.
const READ_ONLY_FLAGS: [u8; 3] = [2, 2, 0x86];

/// What a client says and sends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncMessage<'a> {
    pub heads: Vec<Hash>,
    pub need: Vec<Hash>,
    /// What the client believes both sides have; of all its `have` entries.
    pub last_sync: Vec<Hash>,
    /// The client lost the thread and asks for everything.
    pub have_is_reset: bool,
    /// Chunks as sent; each may hold several: [`super::chunk::split`].
    pub changes: Vec<&'a [u8]>,
    /// Flag bits; zero if none were sent.
    pub flags: u8,
}

impl SyncMessage<'_> {
    /// The client forgot what it sent and will send it again.
    pub fn is_sync_reset(&self) -> bool {
        self.flags & SYNC_RESET != 0
    }
    /// The client takes changes but sends none.
    pub fn is_read_only(&self) -> bool {
        self.flags & READ_ONLY != 0
    }
}

/// Reads a message of either version. Counts never exceed the bytes present.
pub fn decode(data: &[u8]) -> Result<SyncMessage<'_>, Violation> {
    let mut reader = Reader::new(PART, data);
    if !matches!(reader.byte()?, V1 | V2) {
        return reader.malformed("unknown version");
    }
    let mut message =
        SyncMessage { heads: reader.hashes()?, need: reader.hashes()?, ..SyncMessage::default() };
    read_have(&mut reader, &mut message)?;
    for _ in 0..reader.uleb()? {
        message.changes.push(reader.prefixed()?);
    }
    if !reader.is_empty() {
        let bits = reader.prefixed()?.iter().filter(|byte| **byte & 0x80 != 0);
        message.flags = bits.fold(0, |all, byte| all | (byte & 0x7f));
    }
    if reader.is_empty() { Ok(message) } else { reader.malformed("bytes after its end") }
}

fn read_have(reader: &mut Reader<'_>, message: &mut SyncMessage<'_>) -> Result<(), Violation> {
    let entries = reader.uleb()?;
    for _ in 0..entries {
        let last_sync = reader.hashes()?;
        let bloom = reader.prefixed()?;
        message.have_is_reset = entries == 1 && last_sync.is_empty() && bloom.is_empty();
        message.last_sync.extend(last_sync);
    }
    Ok(())
}

/// What the server says. Bloom-free, and without flags as long as the peer may write: flags
/// would make it send whole documents instead of changes (SYNC.md 1.5).
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Durable heads, ascending. They are also the acknowledgement.
    pub heads: &'a [Hash],
    pub need: &'a [Hash],
    /// Changes, or one whole document.
    pub changes: &'a [&'a [u8]],
    /// Asks the peer to keep its edits to itself (SYNC.md 6.6).
    pub read_only: bool,
}

impl Outgoing<'_> {
    /// The message's bytes; `have` is always "all up to our heads".
    pub fn encode(&self) -> Vec<u8> {
        let changes: usize = self.changes.iter().map(|change| change.len() + 5).sum();
        let mut out = Vec::with_capacity(64 * (self.heads.len() + self.need.len()) + changes + 16);
        out.push(V1);
        write_hashes(&mut out, self.heads);
        write_hashes(&mut out, self.need);
        out.push(1);
        write_hashes(&mut out, self.heads);
        out.push(0);
        write_uleb(&mut out, self.changes.len() as u64);
        for change in self.changes {
            write_uleb(&mut out, change.len() as u64);
            out.extend_from_slice(change);
        }
        if self.read_only {
            out.extend_from_slice(&READ_ONLY_FLAGS);
        }
        out
    }
}

fn write_hashes(out: &mut Vec<u8>, hashes: &[Hash]) {
    write_uleb(out, hashes.len() as u64);
    hashes.iter().for_each(|hash| out.extend_from_slice(&hash.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::{
        Automerge, ChangeHash,
        sync::{self, SyncDoc as _},
    };

    fn hashes(seed: u8, n: u8) -> Vec<Hash> {
        (0..n).map(|i| Hash([seed.wrapping_add(i); 32])).collect()
    }

    fn oracle(heads: &[Hash], need: &[Hash], changes: &[&[u8]], read_only: bool) -> Vec<u8> {
        let theirs = |hashes: &[Hash]| hashes.iter().map(|h| ChangeHash(h.0)).collect::<Vec<_>>();
        let mut flags = sync::MessageFlags::new();
        flags.set(sync::MessageFlags::READ_ONLY);
        flags.set(sync::MessageFlags::SUPPORTS_SYNC_RESET);
        sync::Message {
            heads: theirs(heads),
            need: theirs(need),
            have: vec![sync::Have { last_sync: theirs(heads), bloom: sync::BloomFilter::default() }],
            changes: changes.iter().map(|c| c.to_vec()).collect::<Vec<_>>().into(),
            flags: read_only.then_some(flags),
            version: sync::MessageVersion::V1,
        }
        .encode()
    }

    #[test]
    fn we_write_the_bytes_that_automerge_writes() {
        let long = vec![7; 300];
        let bodies: [&[&[u8]]; 3] = [&[], &[b"abc"], &[b"x", &long]];
        for n in 0..4 {
            for changes in bodies {
                for read_only in [false, true] {
                    let (heads, need) = (hashes(1, n), hashes(90, n / 2));
                    let ours = Outgoing { heads: &heads, need: &need, changes, read_only }.encode();
                    assert_eq!(ours, oracle(&heads, &need, changes, read_only));
                    let back = decode(&ours).unwrap();
                    assert_eq!((&back.heads, &back.need, &back.changes[..]), (&heads, &need, changes));
                    assert_eq!((&back.last_sync, back.is_read_only()), (&heads, read_only));
                    assert_eq!(back.have_is_reset, n == 0);
                }
            }
        }
    }

    #[test]
    fn a_stock_peers_messages_are_read() {
        let doc = Automerge::load(&crate::sync::fixture::document().save()).unwrap();
        let mut state = sync::State::new();
        let bytes = doc.generate_sync_message(&mut state).unwrap().encode();
        let message = decode(&bytes).unwrap();
        assert_eq!(message.heads.len(), doc.get_heads().len());
        assert!(message.flags & 0b100 != 0, "it supports reset");
        for n in 0..bytes.len() {
            // Only the flags may be absent.
            assert!(decode(&bytes[..n]).is_err() || n == bytes.len() - 3, "{n} bytes");
        }
    }

    #[test]
    fn bloom_filters_that_kill_automerge_are_passed_over() {
        let mut zero_bits = vec![0x42, 0, 0, 1, 0, 3, 1, 0, 7, 0];
        assert_eq!(decode(&zero_bits).unwrap(), SyncMessage::default());
        zero_bits.push(9);
        assert!(decode(&zero_bits).is_err());
        for probes in [50_000_000, u64::from(u32::MAX)] {
            let mut bloom = vec![1, 10];
            write_uleb(&mut bloom, probes);
            bloom.extend([0, 0]);
            let mut bytes = vec![0x42, 0, 0, 1, 0, bloom.len() as u8];
            bytes.extend(&bloom);
            bytes.push(0);
            assert!(decode(&bytes).unwrap().changes.is_empty());
        }
        let mut over_long = vec![0x42];
        write_uleb(&mut over_long, u64::MAX);
        assert!(decode(&over_long).is_err());
        let many_changes = [0x42, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0];
        assert!(decode(&many_changes).is_err());
    }
}
