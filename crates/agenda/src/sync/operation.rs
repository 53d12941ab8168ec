//! The operations of one change, decoded from its columns. Only form is checked here; whether
//! what they refer to exists is for [`super::operations`].

use super::{
    Violation,
    change::MAX_OPERATIONS,
    column::{Booleans, Delta, Rle, Values},
    limit,
    reader::Reader,
};

pub use super::column::Value;

/// Most overwritten operations that one change may name.
pub const MAX_PREDECESSORS: usize = 2 * MAX_OPERATIONS;
const PART: &str = "operations";
/// Set in a column's number if it is deflated.
const DEFLATED: u32 = 8;

/// An operation's id inside a change: the actor by its place there, and the operation number,
/// which is never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationId {
    pub actor: u32,
    pub number: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    Name(&'a str),
    /// The start of a sequence.
    Head,
    Element(OperationId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    MakeMap,
    Put,
    MakeList,
    Delete,
    MakeText,
    Increment,
    MakeTable,
    Mark,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operation<'a> {
    /// `None` is the root.
    pub object: Option<OperationId>,
    pub key: Key<'a>,
    pub insert: bool,
    pub action: Action,
    pub value: Value<'a>,
    pub expand: bool,
    pub mark_name: Option<&'a str>,
    first_predecessor: u32,
    predecessors: u32,
}

/// All operations of a change, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Operations<'a> {
    pub list: Vec<Operation<'a>>,
    predecessors: Vec<OperationId>,
}

impl<'a> Operations<'a> {
    /// The operations that `operation` overwrites.
    pub fn predecessors(&self, operation: &Operation<'a>) -> &[OperationId] {
        let first = operation.first_predecessor as usize;
        self.predecessors.get(first..first + operation.predecessors as usize).unwrap_or_default()
    }
}

/// Reads the columns; `actors` is how many actors the change names.
pub(super) fn read<'a>(reader: &mut Reader<'a>, actors: usize) -> Result<Operations<'a>, Violation> {
    let columns = Columns::read(reader)?;
    let mut rows = Rows::new(&columns, actors);
    let mut operations = Operations::default();
    while !rows.action.is_done() {
        limit(PART, operations.list.len() as u64 + 1, MAX_OPERATIONS as u64)?;
        let operation = rows.next(&mut operations.predecessors)?;
        operations.list.push(operation);
    }
    rows.finish()?;
    // Automerge names just those that are referred to.
    if !columns.expand.is_empty() && !rows.expand.has_true() {
        return malformed("a column of nothing but false");
    }
    if rows.used.iter().skip(1).any(|used| !used) {
        return malformed("names an actor that it does not refer to");
    }
    Ok(operations)
}

macro_rules! columns {
    ($($name:ident = $number:literal),+ $(,)?) => {
        /// The bytes of each column; empty if absent.
        #[derive(Default)]
        struct Columns<'a> { $($name: &'a [u8]),+ }
        impl<'a> Columns<'a> {
            fn column(&mut self, number: u32) -> Option<&mut &'a [u8]> {
                match number { $($number => Some(&mut self.$name),)+ _ => None }
            }
        }
    };
}

// A column's number is its id shifted by four, plus its type.
columns! {
    object_actor = 0x01, object_number = 0x02,
    key_actor = 0x11, key_number = 0x13, key_name = 0x15,
    insert = 0x34, action = 0x42,
    value_type = 0x56, value = 0x57,
    predecessor_count = 0x70, predecessor_actor = 0x71, predecessor_number = 0x73,
    expand = 0x94, mark_name = 0xa5,
}

impl<'a> Columns<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Violation> {
        const MOST: u64 = 14;
        let count = reader.uleb()?;
        limit("columns", count, MOST)?;
        let mut sizes = [(0, 0); MOST as usize];
        let mut before = None;
        for size in sizes.iter_mut().take(count as usize) {
            *size = (reader.uleb32()?, reader.uleb()?);
            if size.0 & DEFLATED != 0 {
                return reader.malformed("a column is deflated");
            }
            if before.replace(size.0) >= Some(size.0) || size.1 == 0 {
                return reader.malformed("columns are not in order, or empty");
            }
        }
        let mut columns = Self::default();
        for (number, bytes) in sizes.iter().take(count as usize) {
            let taken = reader.take(*bytes)?;
            match columns.column(*number) {
                Some(column) => *column = taken,
                None => return reader.malformed("unknown column"),
            }
        }
        Ok(columns)
    }
}

struct Rows<'a> {
    /// For each actor of the change, whether an operation refers to it.
    used: Vec<bool>,
    object_actor: Rle<'a, u64>,
    object_number: Rle<'a, u64>,
    key_actor: Rle<'a, u64>,
    key_number: Delta<'a>,
    key_name: Rle<'a, &'a str>,
    insert: Booleans<'a>,
    action: Rle<'a, u64>,
    value: Values<'a>,
    predecessor_count: Rle<'a, u64>,
    predecessor_actor: Rle<'a, u64>,
    predecessor_number: Delta<'a>,
    expand: Booleans<'a>,
    mark_name: Rle<'a, &'a str>,
}

impl<'a> Rows<'a> {
    fn new(columns: &Columns<'a>, actors: usize) -> Self {
        Self {
            used: vec![false; actors],
            object_actor: Rle::new("object actors", columns.object_actor),
            object_number: Rle::new("object numbers", columns.object_number),
            key_actor: Rle::new("key actors", columns.key_actor),
            key_number: Delta::new("key numbers", columns.key_number),
            key_name: Rle::new("key names", columns.key_name),
            insert: Booleans::new("inserts", columns.insert),
            action: Rle::new("actions", columns.action),
            value: Values::new(columns.value_type, columns.value),
            predecessor_count: Rle::new("predecessor counts", columns.predecessor_count),
            predecessor_actor: Rle::new("predecessor actors", columns.predecessor_actor),
            predecessor_number: Delta::new("predecessor numbers", columns.predecessor_number),
            expand: Booleans::new("expands", columns.expand),
            mark_name: Rle::new("mark names", columns.mark_name),
        }
    }

    fn next(&mut self, predecessors: &mut Vec<OperationId>) -> Result<Operation<'a>, Violation> {
        let first_predecessor = predecessors.len() as u32;
        let operation = Operation {
            object: self.object()?,
            key: self.key()?,
            insert: self.insert.next()?.map_or_else(|| malformed("no inserts"), Ok)?,
            action: action(self.action.required()?)?,
            value: self.value.next()?,
            expand: self.expand.next()?.unwrap_or(false),
            mark_name: self.mark_name.next()?,
            first_predecessor,
            predecessors: self.predecessors(predecessors)?,
        };
        Ok(operation)
    }

    fn object(&mut self) -> Result<Option<OperationId>, Violation> {
        match (self.object_actor.next()?, self.object_number.next()?) {
            (None, None) => Ok(None),
            (Some(actor), Some(number)) => self.id(actor, number).map(Some),
            _ => malformed("half an object id"),
        }
    }

    fn key(&mut self) -> Result<Key<'a>, Violation> {
        match (self.key_actor.next()?, self.key_number.next()?, self.key_name.next()?) {
            (None, None, Some(name)) => Ok(Key::Name(name)),
            (None, Some(0), None) => Ok(Key::Head),
            (Some(actor), Some(number), None) => {
                self.id(actor, u64::try_from(number).unwrap_or(0)).map(Key::Element)
            }
            _ => malformed("a key that is neither name nor element"),
        }
    }

    fn predecessors(&mut self, list: &mut Vec<OperationId>) -> Result<u32, Violation> {
        let count = self.predecessor_count.required()?;
        limit("predecessors", count.saturating_add(list.len() as u64), MAX_PREDECESSORS as u64)?;
        for _ in 0..count {
            let number = self.predecessor_number.next()?.and_then(|n| u64::try_from(n).ok());
            let actor = self.predecessor_actor.required()?;
            list.push(self.id(actor, number.unwrap_or(0))?);
        }
        Ok(count as u32)
    }

    fn id(&mut self, actor: u64, number: u64) -> Result<OperationId, Violation> {
        let used = usize::try_from(actor).ok().and_then(|actor| self.used.get_mut(actor));
        match (used, u32::try_from(number)) {
            (Some(used), Ok(number)) if number > 0 => {
                *used = true;
                Ok(OperationId { actor: actor as u32, number })
            }
            _ => malformed("an operation id is out of range"),
        }
    }

    fn finish(&self) -> Result<(), Violation> {
        [&self.object_actor, &self.object_number, &self.key_actor]
            .map(Rle::finish)
            .into_iter()
            .collect::<Result<(), _>>()?;
        [&self.predecessor_count, &self.predecessor_actor]
            .map(Rle::finish)
            .into_iter()
            .collect::<Result<(), _>>()?;
        [&self.key_name, &self.mark_name].map(Rle::finish).into_iter().collect::<Result<(), _>>()?;
        [&self.key_number, &self.predecessor_number]
            .map(Delta::finish)
            .into_iter()
            .collect::<Result<(), _>>()?;
        [&self.insert, &self.expand].map(Booleans::finish).into_iter().collect::<Result<(), _>>()?;
        self.value.finish()
    }
}

fn action(code: u64) -> Result<Action, Violation> {
    Ok(match code {
        0 => Action::MakeMap,
        1 => Action::Put,
        2 => Action::MakeList,
        3 => Action::Delete,
        4 => Action::MakeText,
        5 => Action::Increment,
        6 => Action::MakeTable,
        7 => Action::Mark,
        _ => return malformed("unknown action"),
    })
}

fn malformed<T>(reason: &'static str) -> Result<T, Violation> {
    Err(Violation::Malformed { part: PART, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns that every operation needs, with `action` as given.
    fn columns(action: &[u8]) -> Vec<u8> {
        let columns: [(u8, &[u8]); 5] =
            [(0x15, &[0x7f, 1, b'k']), (0x34, &[1]), (0x42, action), (0x56, &[0x7f, 0]), (0x70, &[0x7f, 0])];
        let sizes = columns.iter().flat_map(|(number, bytes)| [*number, bytes.len() as u8]);
        let bytes = columns.iter().flat_map(|(_, bytes)| bytes.to_vec());
        std::iter::once(columns.len() as u8).chain(sizes).chain(bytes).collect()
    }

    fn read_bytes(bytes: &[u8]) -> Result<usize, Violation> {
        read(&mut Reader::new("test", bytes), 1).map(|operations| operations.list.len())
    }

    #[test]
    fn run_lengths_neither_allocate_nor_spin() {
        let one = columns(&[0x7f, 1]);
        assert_eq!(read_bytes(&one), Ok(1));
        assert!(read_bytes(&columns(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 1])).is_err());
        for n in 0..one.len() {
            assert!(read_bytes(&one[..n]).is_err(), "{n} bytes");
        }
        assert!(read_bytes(&[1, 0x4a, 0]).is_err(), "deflated");
        assert!(read_bytes(&[1, 0x43, 0]).is_err(), "unknown");
        assert_eq!(read_bytes(&[0]), Ok(0));
    }
}
