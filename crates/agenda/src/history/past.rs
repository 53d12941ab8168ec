//! A document with all its changes, to look back in: what it was after any commit, which
//! commit each character came with, and who wrote it. A copy, so that whoever looks does not
//! hold up those who write.

use super::elements::ElementId;
use crate::{
    document::{SectionText, read_sections},
    event::{Position, Source, TextCopied, Timestamp, WrittenIn},
    id::{Hash, UserId},
    sync::{
        change::{Change, binding_actor},
        chunk,
        graph::ChangeGraph,
        operation::{Action, Key},
    },
};
use automerge::Automerge;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
};

/// One change.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Its place in the order of acceptance.
    change: u32,
    /// The number of its actor.
    actor: u32,
}

#[derive(Debug)]
pub struct Past {
    pub(super) document: Automerge,
    graph: ChangeGraph,
    changes: Vec<Arc<[u8]>>,
    /// The commit that each change came with; ascending.
    sequences: Vec<u64>,
    /// Read out of the changes when somebody asks for it.
    index: OnceLock<Index>,
}

/// What automerge does not tell of the elements of texts.
#[derive(Debug, Clone, Default)]
struct Index {
    /// Changes that were read.
    read: usize,
    /// Which change took an element out first.
    deletions: HashMap<ElementId, Step>,
    /// Begins and ends of marks: they stand among the elements and are none.
    marks: HashSet<ElementId>,
}

impl Past {
    pub fn new(
        document: Automerge,
        graph: ChangeGraph,
        changes: Vec<Arc<[u8]>>,
        sequences: Vec<u64>,
    ) -> Self {
        Self { document, graph, changes, sequences, index: OnceLock::new() }
    }

    /// Takes over what was read of an earlier past of the same document.
    pub fn following(self, earlier: &Self) -> Self {
        let Some(index) = earlier.index.get() else { return self };
        let mut index = index.clone();
        index.read_on(&self.graph, &self.changes);
        Self { index: OnceLock::from(index), ..self }
    }

    /// How many changes there are.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Bytes of all changes: about what looking back costs in memory.
    pub fn bytes(&self) -> usize {
        self.changes.iter().map(|change| change.len()).sum()
    }

    /// The document's heads when its stream was at `sequence`; none before it was made.
    pub fn heads_at(&self, sequence: u64) -> Vec<Hash> {
        self.graph.heads_after(self.sequences.partition_point(|s| *s <= sequence))
    }

    /// What the sections said when the stream was at `sequence`.
    pub fn read_at<'a>(&self, keys: impl IntoIterator<Item = &'a str>, sequence: u64) -> Vec<SectionText> {
        let heads = self.heads_at(sequence);
        // At no heads at all automerge reads the present.
        if heads.is_empty() { Vec::new() } else { read_sections(&self.document, keys, &heads) }
    }

    /// The number of an actor, which elements are named by.
    pub(super) fn actor_number(&self, actor: &[u8]) -> Option<u32> {
        self.graph.actor_number(actor)
    }

    /// The change that put an element there.
    fn origin(&self, id: ElementId) -> Option<Step> {
        self.graph.change_with(id.actor, id.number).map(|change| Step { change, actor: id.actor })
    }

    /// The change that took an element out.
    fn deletion(&self, id: ElementId) -> Option<Step> {
        self.index().deletions.get(&id).copied()
    }

    pub(super) fn is_mark(&self, id: ElementId) -> bool {
        let marks = &self.index().marks;
        !marks.is_empty() && marks.contains(&id)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            index.read_on(&self.graph, &self.changes);
            index
        })
    }
}

impl Index {
    fn read_on(&mut self, graph: &ChangeGraph, changes: &[Arc<[u8]>]) {
        for bytes in changes.iter().skip(self.read) {
            for chunk in chunk::split(bytes).unwrap_or_default() {
                if let Ok(change) = Change::parse(&chunk) {
                    self.read_change(graph, &change);
                }
            }
            self.read += 1;
        }
    }

    fn read_change(&mut self, graph: &ChangeGraph, change: &Change<'_>) {
        let Some(actor) = graph.actor_number(change.actor) else { return };
        let step = Step { change: u32::try_from(self.read).unwrap_or(u32::MAX), actor };
        for (operation, number) in change.operations.list.iter().zip(change.start_op..) {
            match (operation.action, operation.key) {
                (Action::Delete, Key::Element(id)) => {
                    if let Some(maker) = graph.actor_number(change.actor_at(id.actor)) {
                        let element = ElementId { actor: maker, number: id.number };
                        self.deletions.entry(element).or_insert(step);
                    }
                }
                (Action::Mark, _) => {
                    self.marks.insert(ElementId { actor, number });
                }
                _ => {}
            }
        }
    }
}

/// Whose an actor is, and who made a commit: the meeting's own knowledge.
pub trait Authors {
    fn of_actor(&self, actor: &[u8]) -> Option<&UserId>;
    fn of_commit(&self, sequence: u64) -> Option<&UserId>;
    /// Who had written what the change brought from another meeting.
    fn copied(&self, change: &Hash) -> Option<&TextCopied>;
}

/// Who wrote something, with which commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// A place in [`Credits::users`].
    pub user: u32,
    /// The commit that it came into this meeting with.
    pub sequence: u64,
    /// Where it was written, if it was brought here from another meeting.
    pub written: Option<Written>,
}

/// Where and when something was written that was brought from another meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub place: WrittenIn,
    pub position: Position,
    pub at: Timestamp,
    /// Where it was imported from.
    pub source: Option<Source>,
}

/// Everyone that a blame or a diff names, each once.
pub struct Credits<'a> {
    past: &'a Past,
    authors: &'a dyn Authors,
    pub users: Vec<UserId>,
    pub list: Vec<Credit>,
    /// For each change, its credit once it was looked up.
    by_change: Vec<Option<Option<u32>>>,
    /// Changes of one person that came with one commit share a credit.
    by_commit: HashMap<(u32, u64), u32>,
    /// By the change that brought something from another meeting, and the credit in its list.
    by_copied: HashMap<(u32, u32), u32>,
}

impl<'a> Credits<'a> {
    pub fn new(past: &'a Past, authors: &'a dyn Authors) -> Self {
        let (users, list) = (Vec::new(), Vec::new());
        let (by_change, by_commit) = (vec![None; past.len()], HashMap::new());
        Self { past, authors, users, list, by_change, by_commit, by_copied: HashMap::new() }
    }

    pub(super) fn of_origin(&mut self, id: ElementId) -> Option<u32> {
        let step = self.past.origin(id)?;
        self.of_copied(step, id.number).or_else(|| self.of_step(step))
    }

    /// Of what had been written elsewhere before the change brought it.
    fn of_copied(&mut self, step: Step, operation: u32) -> Option<u32> {
        let change = self.past.graph.hash_at(step.change as usize)?;
        let copied = self.authors.copied(&change)?;
        let key = (step.change, copied.credit(operation)?);
        if let Some(known) = self.by_copied.get(&key) {
            return Some(*known);
        }
        let credit = copied.credits.get(key.1 as usize)?;
        let sequence = *self.past.sequences.get(step.change as usize)?;
        let source = credit.source.and_then(|source| copied.sources.get(source as usize)).cloned();
        let place = *copied.places.get(credit.place as usize)?;
        let written = Written { place, position: credit.position, at: credit.at, source };
        let user = self.user(copied.people.get(credit.person as usize)?)?;
        let at = u32::try_from(self.list.len()).ok()?;
        self.list.push(Credit { user, sequence, written: Some(written) });
        self.by_copied.insert(key, at);
        Some(at)
    }

    /// Of the deletion of an element, if a commit after `from` and up to `to` did it.
    pub(super) fn of_deletion(&mut self, id: ElementId, (from, to): (u64, u64)) -> Option<u32> {
        let step = self.past.deletion(id)?;
        let sequence = *self.past.sequences.get(step.change as usize)?;
        if from < sequence && sequence <= to { self.of_step(step) } else { None }
    }

    /// Whether two credits name one person.
    pub(super) fn same_person(&self, a: Option<u32>, b: Option<u32>) -> bool {
        let user = |credit: Option<u32>| credit.and_then(|at| self.list.get(at as usize)).map(|c| c.user);
        a == b || user(a) == user(b)
    }

    fn of_step(&mut self, step: Step) -> Option<u32> {
        let place = step.change as usize;
        if let Some(Some(known)) = self.by_change.get(place) {
            return *known;
        }
        let credit = self.read_step(step);
        if let Some(unknown) = self.by_change.get_mut(place) {
            *unknown = Some(credit);
        }
        credit
    }

    fn read_step(&mut self, step: Step) -> Option<u32> {
        let sequence = *self.past.sequences.get(step.change as usize)?;
        let actor = binding_actor(self.past.graph.actor_id(step.actor));
        let name = self.authors.of_actor(actor).or_else(|| self.authors.of_commit(sequence))?;
        let user = self.user(name)?;
        let next = u32::try_from(self.list.len()).ok()?;
        let at = *self.by_commit.entry((user, sequence)).or_insert(next);
        if at == next {
            self.list.push(Credit { user, sequence, written: None });
        }
        Some(at)
    }

    /// The person's place among the users.
    fn user(&mut self, name: &UserId) -> Option<u32> {
        let known = self.users.iter().position(|user| user == name);
        let place = known.unwrap_or_else(|| {
            self.users.push(name.clone());
            self.users.len() - 1
        });
        u32::try_from(place).ok()
    }
}
