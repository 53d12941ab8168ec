//! What is kept of each operation, and how it is found again.

/// Marks a run whose operations are plain elements.
const PLAIN: u32 = u32::MAX;

/// The kinds of objects that documents are made of. Tables of old automerge are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Map,
    List,
    Text,
}

/// What an object is in the frame that the server lays down (DESIGN.md 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Root,
    /// The map of sections by key.
    Sections,
    Section,
    Other,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    pub kind: ObjectKind,
    pub part: Part,
    pub depth: u8,
}

/// Where an operation stands in its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// It is an element of a sequence.
    Element,
    /// It overwrites this element.
    Over(Id),
    Key(Box<str>),
}

/// What an operation leaves there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Value,
    Counter,
    Increment,
    Mark,
    /// An object, by its place in the index.
    Object(u32),
}

/// Any operation but a plain element.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub place: Place,
    pub content: Content,
}

/// An operation by its actor (as the graph numbers them) and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub actor: u32,
    pub number: u32,
}

impl Id {
    /// The start of a sequence, where an element stands after none.
    pub const HEAD: Self = Self { actor: u32::MAX, number: 0 };
}

/// Operations of one actor with numbers in a row, in one object: plain elements of which each
/// was inserted after the one before, or one entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub start: u32,
    pub len: u32,
    pub object: u32,
    entry: u32,
    /// What the first was inserted after, if it is an element.
    pub after: Id,
}

impl Run {
    pub fn plain(start: u32, object: u32, after: Id) -> Self {
        Self { start, len: 1, object, entry: PLAIN, after }
    }
    pub fn of_entry(start: u32, object: u32, entry: u32, after: Id) -> Self {
        Self { start, len: 1, object, entry, after }
    }
    pub fn entry(&self) -> Option<usize> {
        (self.entry != PLAIN).then_some(self.entry as usize)
    }
}

/// Adds a run of the actor, joined with the one before it if both are one stretch of typing.
pub(super) fn push_run(runs: &mut Vec<Run>, actor: u32, run: Run) {
    match runs.last_mut() {
        Some(last)
            if (last.entry, run.entry) == (PLAIN, PLAIN)
                && last.object == run.object
                && last.start + last.len == run.start
                && run.after == (Id { actor, number: run.start - 1 }) =>
        {
            last.len += run.len;
        }
        _ => runs.push(run),
    }
}

pub(super) fn find_run(runs: &[Run], number: u32) -> Option<&Run> {
    let after = runs.partition_point(|run| run.start <= number);
    runs.get(after.checked_sub(1)?).filter(|run| number - run.start < run.len)
}

/// All operations of a document, by actor (as [`super::super::graph::ChangeGraph`] numbers
/// them) and number. 24 bytes for a run of typing.
#[derive(Debug, Clone)]
pub struct OperationIndex {
    pub(super) runs: Vec<Vec<Run>>,
    pub(super) entries: Vec<Entry>,
    pub(super) objects: Vec<Object>,
}

impl Default for OperationIndex {
    fn default() -> Self {
        let root = Object { kind: ObjectKind::Map, part: Part::Root, depth: 0 };
        Self { runs: Vec::new(), entries: Vec::new(), objects: vec![root] }
    }
}

impl OperationIndex {
    pub(super) fn find(&self, id: Id) -> Option<&Run> {
        find_run(self.runs.get(id.actor as usize)?, id.number)
    }

    /// Takes in a draft that was made against the index as it is.
    pub(in crate::sync) fn insert(&mut self, draft: super::Draft) {
        let actor = draft.actor as usize;
        if self.runs.len() <= actor {
            self.runs.resize_with(actor + 1, Vec::new);
        }
        if let Some(runs) = self.runs.get_mut(actor) {
            draft.runs.into_iter().for_each(|run| push_run(runs, draft.actor, run));
        }
        self.entries.extend(draft.entries);
        self.objects.extend(draft.objects);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_one_run_and_every_number_is_found_in_it() {
        let mut runs = vec![];
        let before = |number| Id { actor: 0, number: number - 1 };
        for number in [3, 4, 5, 9, 10] {
            push_run(&mut runs, 0, Run::plain(number, 1, before(number)));
        }
        push_run(&mut runs, 0, Run::plain(11, 2, before(11)));
        push_run(&mut runs, 0, Run::of_entry(12, 2, 0, before(12)));
        push_run(&mut runs, 0, Run::plain(13, 2, Id::HEAD));
        assert_eq!(runs.len(), 5);
        let found: Vec<_> = (0..15).filter(|n| find_run(&runs, *n).is_some()).collect();
        assert_eq!(found, [3, 4, 5, 9, 10, 11, 12, 13]);
        assert_eq!(find_run(&runs, 12).unwrap().entry(), Some(0));
        assert_eq!(find_run(&runs, 5).unwrap().entry(), None);
    }
}
