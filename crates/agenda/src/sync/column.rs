//! Automerge's column encodings, one value at a time: run lengths are counts that a hostile
//! sender picks, so nothing here allocates or loops by them; the caller stops at its limit.

use super::{Violation, reader::Reader};

/// What a column can hold.
pub(super) trait Cell<'a>: Copy {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Violation>;
}

impl<'a> Cell<'a> for u64 {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Violation> {
        reader.uleb()
    }
}
impl<'a> Cell<'a> for i64 {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Violation> {
        reader.leb()
    }
}
impl<'a> Cell<'a> for &'a str {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Violation> {
        let n = reader.uleb()?;
        reader.text(n)
    }
}

#[derive(Clone, Copy)]
enum Run<T> {
    Nulls,
    Same(T),
    Literal,
}

/// Run-length encoded values, of which some are null.
#[derive(Clone, Copy)]
pub(super) struct Rle<'a, T> {
    reader: Reader<'a>,
    left: u64,
    run: Run<T>,
}

impl<'a, T: Cell<'a>> Rle<'a, T> {
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(part, bytes), left: 0, run: Run::Nulls }
    }

    pub fn is_done(&self) -> bool {
        self.left == 0 && self.reader.is_empty()
    }

    /// The next value; null also after the column's end, as Automerge reads it.
    pub fn next(&mut self) -> Result<Option<T>, Violation> {
        if self.left == 0 {
            if self.reader.is_empty() {
                return Ok(None);
            }
            self.start_run()?;
        }
        self.left -= 1;
        match self.run {
            Run::Nulls => Ok(None),
            Run::Same(value) => Ok(Some(value)),
            Run::Literal => T::read(&mut self.reader).map(Some),
        }
    }

    fn start_run(&mut self) -> Result<(), Violation> {
        let count = self.reader.leb()?;
        (self.left, self.run) = match count {
            0 => (self.reader.uleb()?, Run::Nulls),
            1.. => (count.unsigned_abs(), Run::Same(T::read(&mut self.reader)?)),
            _ => (count.unsigned_abs(), Run::Literal),
        };
        // Above 2^62 Automerge's signed counters overflow.
        if self.left == 0 || self.left > 1 << 62 { self.reader.malformed("impossible run") } else { Ok(()) }
    }

    /// The next value where null is not allowed.
    pub fn required(&mut self) -> Result<T, Violation> {
        match self.next()? {
            Some(value) => Ok(value),
            None => self.reader.malformed("a value is missing"),
        }
    }

    pub fn finish(&self) -> Result<(), Violation> {
        if self.is_done() { Ok(()) } else { self.reader.malformed("more values than operations") }
    }
}

/// Numbers stored as differences.
#[derive(Clone, Copy)]
pub(super) struct Delta<'a> {
    differences: Rle<'a, i64>,
    value: i64,
}

impl<'a> Delta<'a> {
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { differences: Rle::new(part, bytes), value: 0 }
    }

    pub fn next(&mut self) -> Result<Option<i64>, Violation> {
        let Some(difference) = self.differences.next()? else { return Ok(None) };
        match self.value.checked_add(difference) {
            Some(value) => self.value = value,
            None => return self.differences.reader.malformed("number too large"),
        }
        Ok(Some(self.value))
    }

    pub fn finish(&self) -> Result<(), Violation> {
        self.differences.finish()
    }
}

/// Run lengths of false and true in turn.
#[derive(Clone, Copy)]
pub(super) struct Booleans<'a> {
    reader: Reader<'a>,
    left: u64,
    value: bool,
    begun: bool,
}

impl<'a> Booleans<'a> {
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(part, bytes), left: 0, value: true, begun: false }
    }

    /// The next value; false after the column's end.
    pub fn next(&mut self) -> Result<bool, Violation> {
        while self.left == 0 {
            if self.reader.is_empty() {
                return Ok(false);
            }
            self.left = self.reader.uleb()?;
            self.value = !self.value;
            if self.left == 0 && self.begun {
                return self.reader.malformed("impossible run");
            }
            self.begun = true;
        }
        self.left -= 1;
        Ok(self.value)
    }

    /// The next value of a column that automerge does not read past its end.
    pub fn required(&mut self) -> Result<bool, Violation> {
        if self.left == 0 && self.reader.is_empty() {
            return self.reader.malformed("fewer values than operations");
        }
        self.next()
    }

    pub fn finish(&self) -> Result<(), Violation> {
        if self.left == 0 && self.reader.is_empty() {
            Ok(())
        } else {
            self.reader.malformed("more values than operations")
        }
    }
}

/// A scalar as an operation carries it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Null,
    Boolean(bool),
    Uint(u64),
    Int(i64),
    Float(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Counter(i64),
    Timestamp(i64),
}

/// Type and length of each value in one column, the bytes in another.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    types: Rle<'a, u64>,
    bytes: Reader<'a>,
}

impl<'a> Values<'a> {
    pub fn new(types: &'a [u8], bytes: &'a [u8]) -> Self {
        Self { types: Rle::new("value types", types), bytes: Reader::new("values", bytes) }
    }

    pub fn next(&mut self) -> Result<Value<'a>, Violation> {
        let meta = self.types.required()?;
        let mut bytes = Reader::new("value", self.bytes.take(meta >> 4)?);
        let value = match meta & 15 {
            0 => Value::Null,
            1 => Value::Boolean(false),
            2 => Value::Boolean(true),
            3 => Value::Uint(bytes.uleb()?),
            4 => Value::Int(bytes.leb()?),
            5 => match bytes.rest().try_into() {
                Ok(float) => Value::Float(f64::from_le_bytes(float)),
                Err(_) => return bytes.malformed("a float of other than eight bytes"),
            },
            6 => Value::Text(bytes.text(meta >> 4)?),
            7 => Value::Bytes(bytes.rest()),
            8 => Value::Counter(bytes.leb()?),
            9 => Value::Timestamp(bytes.leb()?),
            _ => return bytes.malformed("unknown type"),
        };
        if bytes.is_empty() { Ok(value) } else { bytes.malformed("longer than its type") }
    }

    pub fn finish(&self) -> Result<(), Violation> {
        self.types.finish()?;
        if self.bytes.is_empty() { Ok(()) } else { self.bytes.malformed("more bytes than values") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_literals_and_nulls_are_read_one_by_one() {
        let mut column = Rle::<u64>::new("test", &[2, 7, 0x7e, 1, 2, 0, 1]);
        let read: Vec<_> = (0..6).map(|_| column.next().unwrap()).collect();
        assert_eq!(read, [Some(7), Some(7), Some(1), Some(2), None, None]);
        assert!(column.is_done());
        let mut huge = Rle::<u64>::new("test", &[0xff, 0xff, 0xff, 0xff, 0x07, 1]);
        assert_eq!(huge.next(), Ok(Some(1)));
        assert!(huge.finish().is_err());
        assert!(Rle::<u64>::new("test", &[0, 0]).next().is_err());
        let mut deltas = Delta::new("test", &[3, 1]);
        assert_eq!([deltas.next(), deltas.next()], [Ok(Some(1)), Ok(Some(2))]);
        let mut flags = Booleans::new("test", &[0, 1, 1]);
        assert_eq!([flags.next(), flags.next(), flags.next()], [Ok(true), Ok(false), Ok(false)]);
        assert!(Booleans::new("test", &[1, 0, 1]).next().is_ok());
    }

    #[test]
    fn values_are_as_long_as_their_type_says() {
        let mut values = Values::new(&[1, 0x26], b"hi");
        assert_eq!(values.next(), Ok(Value::Text("hi")));
        assert!(values.finish().is_ok());
        assert!(Values::new(&[1, 0x10], b"x").next().is_err());
        assert!(Values::new(&[1, 0x2a], b"hi").next().is_err());
        assert!(Values::new(&[1, 0xf6, 0x0f], b"hi").next().is_err());
    }
}
