//! A disk with a volatile cache: what is written is seen at once, but survives a power cut for
//! certain only when it has been flushed.

use std::collections::BTreeMap;
use std::io::{self, Seek, SeekFrom, Write};

/// The unit that is kept or lost, in bytes.
const BLOCK: usize = 4_096;

type Block = [u8; BLOCK];
type Blocks = BTreeMap<u64, Box<Block>>;

/// What becomes of the writes that were not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All are lost.
    Strict,
    /// Half of the blocks are lost, by the seed.
    Random,
    /// None is lost: the kernel died, the disk did not.
    All,
    /// The power goes the moment that a flush is done, before whoever asked for it hears so. What becomes
    /// of two things that are made durable one after the other shows here.
    AtFlush,
}

/// Blocks that were never written are zero and take no memory.
pub struct Disk {
    bytes: u64,
    now: Blocks,
    /// Of each block written since the last flush, what it was at the flush.
    flushed: BTreeMap<u64, Option<Box<Block>>>,
    kept: Kept,
}

/// The disk as it was at a flush.
enum Kept {
    Nothing,
    Next,
    Flushed(Blocks),
}

impl Disk {
    pub fn new(bytes: u64) -> Self {
        Self { bytes, now: BTreeMap::new(), flushed: BTreeMap::new(), kept: Kept::Nothing }
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The number of blocks that a cut could lose.
    pub fn unsynced(&self) -> usize {
        self.flushed.len()
    }

    /// Up to `length` bytes from `offset`; fewer at the end of the disk.
    pub fn read(&self, offset: u64, length: usize) -> Vec<u8> {
        let end = (offset + length as u64).min(self.bytes);
        let mut out = Vec::with_capacity(length);
        let mut at = offset;
        while at < end {
            let (number, start) = place(at);
            let length = (BLOCK - start).min((end - at) as usize);
            match self.now.get(&number) {
                Some(block) => out.extend_from_slice(&block[start..start + length]),
                None => out.resize(out.len() + length, 0),
            }
            at += length as u64;
        }
        out
    }

    /// False, and nothing written, when it would go past the end.
    pub fn write(&mut self, offset: u64, mut data: &[u8]) -> bool {
        if offset + data.len() as u64 > self.bytes {
            return false;
        }
        let mut at = offset;
        while !data.is_empty() {
            let (number, start) = place(at);
            let (part, rest) = data.split_at((BLOCK - start).min(data.len()));
            self.flushed.entry(number).or_insert_with(|| self.now.get(&number).cloned());
            let block = self.now.entry(number).or_insert_with(|| Box::new([0; BLOCK]));
            block[start..start + part.len()].copy_from_slice(part);
            at += part.len() as u64;
            data = rest;
        }
        true
    }

    pub fn flush(&mut self) {
        self.flushed.clear();
        if matches!(self.kept, Kept::Next) {
            self.kept = Kept::Flushed(self.now.clone());
        }
    }

    /// Keeps the disk as it will be at the next flush, for a cut [`Mode::AtFlush`].
    pub fn keep_next_flush(&mut self) {
        self.kept = Kept::Next;
    }

    /// Whether that flush has come.
    pub fn has_kept(&self) -> bool {
        matches!(self.kept, Kept::Flushed(_))
    }

    /// Writes the disk as it is after a power cut; returns how many blocks were lost.
    pub fn cut(&self, mode: Mode, seed: u64, out: &mut std::fs::File) -> io::Result<usize> {
        out.set_len(self.bytes)?;
        if let (Mode::AtFlush, Kept::Flushed(blocks)) = (mode, &self.kept) {
            blocks.iter().try_for_each(|(number, block)| put(out, *number, block))?;
            return Ok(0);
        }
        let mut lost = 0;
        for (number, block) in &self.now {
            let old = self.flushed.get(number).filter(|_| is_lost(mode, seed, *number));
            lost += usize::from(old.is_some());
            if let Some(block) = old.map_or(Some(block), Option::as_ref) {
                put(out, *number, block)?;
            }
        }
        Ok(lost)
    }
}

fn put(out: &mut std::fs::File, number: u64, block: &Block) -> io::Result<()> {
    out.seek(SeekFrom::Start(number * BLOCK as u64))?;
    out.write_all(block)
}

fn place(offset: u64) -> (u64, usize) {
    (offset / BLOCK as u64, (offset % BLOCK as u64) as usize)
}

fn is_lost(mode: Mode, seed: u64, number: u64) -> bool {
    match mode {
        Mode::Strict | Mode::AtFlush => true,
        Mode::All => false,
        Mode::Random => mix(seed ^ mix(number)) & 1 == 0,
    }
}

/// SplitMix64: any number to one that looks random.
pub fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(disk: &Disk, mode: Mode) -> (Vec<u8>, usize) {
        let image = tempfile::NamedTempFile::new().unwrap();
        let lost = disk.cut(mode, 1, &mut image.reopen().unwrap()).unwrap();
        (std::fs::read(image.path()).unwrap(), lost)
    }

    #[test]
    fn a_cut_loses_what_was_not_flushed() {
        let mut disk = Disk::new(64 * BLOCK as u64);
        assert!(disk.write(4_090, b"flushed, over two blocks"));
        disk.flush();
        assert!(disk.write(4_092, b"ABCDEFGH"));
        assert!(disk.write(20 * BLOCK as u64, &[7; 40 * BLOCK]));
        assert!(!disk.write(64 * BLOCK as u64 - 1, b"xx"));
        assert_eq!(disk.read(4_090, 24), b"flABCDEFGHver two blocks");
        let (strict, lost) = cut(&disk, Mode::Strict);
        assert_eq!((&strict[4_090..4_114], lost), (&b"flushed, over two blocks"[..], 42));
        assert!(strict[5_000..].iter().all(|byte| *byte == 0));
        assert_eq!(cut(&disk, Mode::All), (disk.read(0, 64 * BLOCK), 0));
        let (_, lost) = cut(&disk, Mode::Random);
        assert!((10..32).contains(&lost), "{lost}");
        disk.flush();
        assert_eq!(cut(&disk, Mode::Strict), (disk.read(0, 64 * BLOCK), 0));
    }

    #[test]
    fn the_disk_can_be_kept_as_it_was_at_a_flush() {
        let mut disk = Disk::new(4 * BLOCK as u64);
        assert!(disk.write(0, b"first"));
        disk.keep_next_flush();
        assert!(!disk.has_kept());
        disk.flush();
        assert!(disk.has_kept() && disk.write(0, b"later"));
        disk.flush();
        assert_eq!(&cut(&disk, Mode::AtFlush).0[..5], b"first");
        assert_eq!(&cut(&disk, Mode::Strict).0[..5], b"later");
    }
}
