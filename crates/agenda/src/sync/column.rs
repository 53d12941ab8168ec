//! Automerge's column encodings, one value at a time. Run lengths are counts that a hostile
//! sender picks, so nothing here allocates or loops by them; the caller stops at its limit.
//! Only the one form that automerge itself writes is taken: a saved document keeps values, not
//! runs, so a change in another form would get another hash when the document is loaded, and
//! no one could load it any more.

use super::{Violation, reader::Reader};

/// What a column can hold.
pub(super) trait Cell<'a>: Copy + PartialEq {
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
    run: Option<Run<T>>,
    /// The value before, unless it was null.
    last: Option<T>,
    /// An empty column is all null.
    is_absent: bool,
    has_values: bool,
}

impl<'a, T: Cell<'a>> Rle<'a, T> {
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        let reader = Reader::new(part, bytes);
        Self { reader, left: 0, run: None, last: None, is_absent: bytes.is_empty(), has_values: false }
    }

    pub fn is_done(&self) -> bool {
        self.left == 0 && self.reader.is_empty()
    }

    pub fn next(&mut self) -> Result<Option<T>, Violation> {
        if self.is_absent {
            return Ok(None);
        }
        if self.left == 0 {
            let run = self.start_run()?;
            self.run = Some(run);
        }
        self.left -= 1;
        let value = match self.run {
            Some(Run::Same(value)) => Some(value),
            Some(Run::Literal) => {
                let value = T::read(&mut self.reader)?;
                if self.last == Some(value) {
                    return self.reader.malformed("a run that is written out");
                }
                Some(value)
            }
            Some(Run::Nulls) | None => None,
        };
        self.last = value;
        Ok(value)
    }

    fn start_run(&mut self) -> Result<Run<T>, Violation> {
        let count = self.reader.leb()?;
        let run = match count {
            0 => Run::Nulls,
            1.. => Run::Same(T::read(&mut self.reader)?),
            _ => Run::Literal,
        };
        self.left = if count == 0 { self.reader.uleb()? } else { count.unsigned_abs() };
        let joined = match (self.run, run) {
            (Some(Run::Nulls), Run::Nulls) | (Some(Run::Literal), Run::Literal) => true,
            (_, Run::Same(value)) => count == 1 || self.last == Some(value),
            _ => false,
        };
        self.has_values |= count != 0;
        // Above 2^62 Automerge's signed counters overflow.
        if joined || self.left == 0 || self.left > 1 << 62 {
            return self.reader.malformed("a run that automerge would not write");
        }
        Ok(run)
    }

    /// The next value where null is not allowed.
    pub fn required(&mut self) -> Result<T, Violation> {
        match self.next()? {
            Some(value) => Ok(value),
            None => self.reader.malformed("a value is missing"),
        }
    }

    pub fn finish(&self) -> Result<(), Violation> {
        if self.is_done() && (self.is_absent || self.has_values) {
            Ok(())
        } else {
            self.reader.malformed("more values than operations, or none but nulls")
        }
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
    is_absent: bool,
    has_true: bool,
}

impl<'a> Booleans<'a> {
    pub fn new(part: &'static str, bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(part, bytes),
            left: 0,
            value: true,
            begun: false,
            is_absent: bytes.is_empty(),
            has_true: false,
        }
    }

    pub fn has_true(&self) -> bool {
        self.has_true
    }

    /// The next value; `None` if there is no column.
    pub fn next(&mut self) -> Result<Option<bool>, Violation> {
        if self.is_absent {
            return Ok(None);
        }
        while self.left == 0 {
            self.left = self.reader.uleb()?;
            self.value = !self.value;
            if self.left == 0 && self.begun {
                return self.reader.malformed("impossible run");
            }
            self.begun = true;
        }
        self.left -= 1;
        self.has_true |= self.value;
        Ok(Some(self.value))
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
        let read: Vec<_> = (0..5).map(|_| column.next().unwrap()).collect();
        assert_eq!(read, [Some(7), Some(7), Some(1), Some(2), None]);
        assert!(column.is_done() && column.finish().is_ok() && column.next().is_err());
        let mut huge = Rle::<u64>::new("test", &[0xff, 0xff, 0xff, 0xff, 0x07, 1]);
        assert_eq!(huge.next(), Ok(Some(1)));
        assert!(huge.finish().is_err());
        assert!(Rle::<u64>::new("test", &[0, 0]).next().is_err());
        let mut deltas = Delta::new("test", &[3, 1]);
        assert_eq!([deltas.next(), deltas.next()], [Ok(Some(1)), Ok(Some(2))]);
        let mut flags = Booleans::new("test", &[0, 1, 1]);
        assert_eq!([flags.next(), flags.next()], [Ok(Some(true)), Ok(Some(false))]);
        assert!(flags.next().is_err());
        assert_eq!(Booleans::new("test", &[]).next(), Ok(None));
    }

    #[test]
    fn only_the_form_that_automerge_writes_is_taken() {
        let forms: [&[u8]; 7] = [
            &[1, 7],
            &[2, 7, 2, 7],
            &[2, 7, 0x7f, 7],
            &[0x7e, 7, 7],
            &[0x7f, 7, 0x7f, 8],
            &[0x7f, 7, 2, 7],
            &[0, 1, 0, 1],
        ];
        let read_all = |form| {
            let mut column = Rle::<u64>::new("test", form);
            while !column.is_done() {
                column.next()?;
            }
            column.finish()
        };
        assert_eq!(read_all(&[2, 7, 0x7f, 8, 0, 1, 0x7f, 8]), Ok(()));
        for form in forms {
            assert!(read_all(form).is_err(), "{form:?}");
        }
        assert!(read_all(&[0, 2]).is_err(), "nothing but nulls");
        let mut flags = Booleans::new("test", &[2]);
        assert_eq!(flags.next(), Ok(Some(false)));
        assert!(!flags.has_true());
    }

    #[test]
    fn values_are_as_long_as_their_type_says() {
        let mut values = Values::new(&[0x7f, 0x26], b"hi");
        assert_eq!(values.next(), Ok(Value::Text("hi")));
        assert!(values.finish().is_ok());
        assert!(Values::new(&[0x7f, 0x10], b"x").next().is_err());
        assert!(Values::new(&[0x7f, 0x2a], b"hi").next().is_err());
        assert!(Values::new(&[0x7f, 0xf6, 0x0f], b"hi").next().is_err());
    }
}
