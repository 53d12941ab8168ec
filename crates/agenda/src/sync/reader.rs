//! Reads automerge's binary formats: LEB128 numbers and slices, never past the end.

use super::Violation;
use crate::id::Hash;

/// A cursor over bytes; `part` names them in errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    part: &'static str,
}

impl<'a> Reader<'a> {
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { bytes, part }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn remaining(&self) -> usize {
        self.bytes.len()
    }

    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }

    pub fn malformed<T>(&self, reason: &'static str) -> Result<T, Violation> {
        Err(Violation::Malformed { part: self.part, reason })
    }

    pub fn byte(&mut self) -> Result<u8, Violation> {
        let (first, rest) = self.bytes.split_first().ok_or(Violation::Truncated(self.part))?;
        self.bytes = rest;
        Ok(*first)
    }

    pub fn take(&mut self, n: u64) -> Result<&'a [u8], Violation> {
        let n = usize::try_from(n).map_err(|_| Violation::Truncated(self.part))?;
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or(Violation::Truncated(self.part))?;
        self.bytes = rest;
        Ok(taken)
    }

    /// An unsigned LEB128 in its shortest form.
    pub fn uleb(&mut self) -> Result<u64, Violation> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if (shift == 63 && byte > 1) || (shift > 0 && byte == 0) {
                return self.malformed("number too large or not in its shortest form");
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        self.malformed("number too large")
    }

    /// A signed LEB128 in its shortest form.
    pub fn leb(&mut self) -> Result<i64, Violation> {
        let (mut value, mut before) = (0, 0);
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return self.malformed("number too large");
            }
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let padding = if before & 0x40 == 0 { 0 } else { 0x7f };
                if shift > 0 && byte == padding {
                    return self.malformed("number not in its shortest form");
                }
                return Ok(if shift < 57 && byte & 0x40 != 0 { value | (-1 << (shift + 7)) } else { value });
            }
            before = byte;
        }
        self.malformed("number too large")
    }

    /// A number that has to fit 32 bits.
    pub fn uleb32(&mut self) -> Result<u32, Violation> {
        let value = self.uleb()?;
        u32::try_from(value).or_else(|_| self.malformed("number above 32 bits"))
    }

    pub fn text(&mut self, bytes: u64) -> Result<&'a str, Violation> {
        let taken = self.take(bytes)?;
        std::str::from_utf8(taken).or_else(|_| self.malformed("text is not UTF-8"))
    }

    /// A slice with its length before it.
    pub fn prefixed(&mut self) -> Result<&'a [u8], Violation> {
        let n = self.uleb()?;
        self.take(n)
    }

    /// A count and as many hashes. The count is checked against the bytes first.
    pub fn hashes(&mut self) -> Result<Vec<Hash>, Violation> {
        let count = self.uleb()?;
        let bytes = self.take(count.checked_mul(32).ok_or(Violation::Truncated(self.part))?)?;
        Ok(bytes.as_chunks::<32>().0.iter().map(|hash| Hash(*hash)).collect())
    }
}

/// Appends an unsigned LEB128.
pub(super) fn write_uleb(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(bytes: &[u8]) -> Option<i64> {
        let mut reader = Reader::new("test", bytes);
        let value = reader.leb().ok()?;
        reader.is_empty().then_some(value)
    }

    #[test]
    fn numbers_survive_and_padded_ones_are_refused() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = vec![];
            write_uleb(&mut bytes, value);
            assert_eq!(Reader::new("test", &bytes).uleb(), Ok(value));
        }
        for bad in
            [&[][..], &[0x80], &[0x80, 0], &[0xff; 11], &[255, 255, 255, 255, 255, 255, 255, 255, 255, 2]]
        {
            assert!(Reader::new("test", bad).uleb().is_err(), "{bad:?}");
        }
        assert_eq!(signed(&[0x7f]), Some(-1));
        assert_eq!(signed(&[0xff, 0x00]), Some(127));
        assert_eq!(signed(&[0x80, 0x7f]), Some(-128));
        assert_eq!(signed(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]), Some(i64::MIN));
        assert_eq!(signed(&[0xff, 0x7f]), None);
        assert_eq!(signed(&[0x81, 0x00]), None);
    }

    #[test]
    fn a_count_of_hashes_takes_no_memory_that_is_not_there() {
        let bytes = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3];
        assert_eq!(Reader::new("test", &bytes).hashes(), Err(Violation::Truncated("test")));
    }
}
