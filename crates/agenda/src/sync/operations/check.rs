//! Checks the operations of one change against the index and drafts what they add to it.

use super::index::{
    Content, Entry, Id, Object, ObjectKind, OperationIndex, Part, Place, Run, find_run, push_run,
};
use super::order::comes_before;
use crate::sync::{
    change::Change,
    graph::ChangeGraph,
    history::{Origin, Refusal},
    operation::{Action, Key, Operation, OperationId, Value},
};

/// Deepest nesting of objects; automerge walks them recursively.
const MAX_DEPTH: u8 = 12;
/// Longest name of a map entry or a mark, in bytes.
const MAX_NAME_BYTES: usize = 256;
/// Longest text of one element, in bytes: a character with its accents.
const MAX_ELEMENT_BYTES: usize = 64;
/// Counters stay where sums cannot overflow.
const MAX_COUNT: u64 = 1 << 32;
/// Root entries that are the server's.
const FRAME: [&str; 3] = ["v", "sections", "tables"];
/// The entry of a section that is the server's.
const BODY: &str = "body";

/// What a change adds to the index.
#[derive(Debug, Clone, Default)]
pub(in crate::sync) struct Draft {
    pub(super) actor: u32,
    pub(super) runs: Vec<Run>,
    pub(super) entries: Vec<Entry>,
    pub(super) objects: Vec<Object>,
}

type Checked<T = ()> = Result<T, Refusal>;

impl OperationIndex {
    /// The draft, and why the change should be tried first if it should.
    pub(in crate::sync) fn check(
        &self,
        graph: &ChangeGraph,
        change: &Change<'_>,
        origin: Origin,
    ) -> Checked<(Draft, Option<&'static str>)> {
        let mut check = Check::new(self, graph, change, origin)?;
        for (offset, operation) in (0..).zip(&change.operations.list) {
            check.operation(change.start_op + offset, operation)?;
        }
        check.finish()
    }
}

struct Check<'a> {
    index: &'a OperationIndex,
    graph: &'a ChangeGraph,
    change: &'a Change<'a>,
    origin: Origin,
    /// The graph's numbers for the actors of the change.
    actors: Vec<u32>,
    /// For each of these actors, the largest number referred to; 0 if none.
    furthest: Vec<u32>,
    draft: Draft,
    unusual: Option<&'static str>,
    /// A mark that has begun and not ended: its object, id, and what it was inserted after.
    open_mark: Option<(u32, Id, Id)>,
}

/// An operation that was referred to.
struct Found<'a> {
    object: u32,
    /// `None` for a plain element.
    entry: Option<&'a Entry>,
}

impl Found<'_> {
    fn is_element(&self) -> bool {
        self.entry.is_none_or(|entry| entry.place == Place::Element)
    }
    fn content(&self) -> Content {
        self.entry.map_or(Content::Value, |entry| entry.content)
    }
}

impl<'a> Check<'a> {
    fn new(
        index: &'a OperationIndex,
        graph: &'a ChangeGraph,
        change: &'a Change<'a>,
        origin: Origin,
    ) -> Checked<Self> {
        let own = graph.actor_number(change.actor).unwrap_or_else(|| graph.actor_count());
        let mut actors = vec![own];
        for other in &change.other_actors {
            actors.push(graph.actor_number(other).ok_or(Refusal::UnknownOperation)?);
        }
        let furthest = vec![0; actors.len()];
        let draft = Draft { actor: own, ..Draft::default() };
        let gap = change.start_op > graph.highest_below(&change.deps) + 1;
        let unusual = gap.then_some("a gap in the numbers of operations");
        Ok(Self { index, graph, change, origin, actors, furthest, draft, unusual, open_mark: None })
    }

    /// All that is referred to must be among what the change builds on, and so must the actor's
    /// change before it. Automerge counts on both and panics otherwise, on its own `changeAt`
    /// too: this is not what is here, but what will be anywhere that the change is applied.
    fn finish(self) -> Checked<(Draft, Option<&'static str>)> {
        if self.open_mark.is_some() {
            return Err(Refusal::Malformed("a mark that does not end"));
        }
        let referred = self.actors.iter().zip(&self.furthest).filter(|(_, number)| **number > 0);
        let referred = referred.filter_map(|(actor, number)| self.graph.change_with(*actor, *number));
        let wanted: Vec<u32> = self.graph.latest_of(self.draft.actor).into_iter().chain(referred).collect();
        match self.graph.builds_on(&self.change.deps, &wanted) {
            Some(true) => Ok((self.draft, self.unusual)),
            Some(false) => Err(Refusal::UnknownOperation),
            None => Ok((self.draft, Some("builds on a distant past"))),
        }
    }

    fn operation(&mut self, number: u32, operation: &Operation<'_>) -> Checked {
        self.check_form(operation)?;
        let object = self.object(operation.object)?;
        if self.open_mark.is_some_and(|open| open.0 != object || operation.action != Action::Mark) {
            return Err(Refusal::Malformed("a mark that does not end at once"));
        }
        self.check_predecessor_order(operation)?;
        match (self.object_at(object).kind, operation.key) {
            (ObjectKind::Map, Key::Name(name)) => self.entry(number, object, name, operation),
            (ObjectKind::Map, _) | (_, Key::Name(_)) => Err(Refusal::WrongKind),
            _ if operation.insert => self.insertion(number, object, operation),
            (_, Key::Element(element)) => self.overwrite(number, object, element, operation),
            (_, Key::Head) => Err(Refusal::WrongKind),
        }
    }

    /// Rules that hold wherever an operation stands.
    fn check_form(&mut self, operation: &Operation<'_>) -> Checked {
        let is_mark = operation.action == Action::Mark;
        if !is_mark && (operation.mark_name.is_some() || operation.expand) {
            return Err(Refusal::Malformed("mark data on what is no mark"));
        }
        match (operation.action, operation.value) {
            (Action::MakeTable, _) => Err(Refusal::Malformed("a table")),
            (Action::Increment, Value::Int(by)) if by.unsigned_abs() <= MAX_COUNT => Ok(()),
            (Action::Increment, _) => Err(Refusal::Malformed("an increment by no small number")),
            (Action::Put | Action::Mark, Value::Counter(at)) if at.unsigned_abs() > MAX_COUNT => {
                Err(Refusal::Malformed("a counter that is too large"))
            }
            (Action::Mark, Value::Counter(_)) => Err(Refusal::Malformed("a counter as a mark")),
            (Action::Put, _) => Ok(()),
            (Action::Mark, value) => self.mark_form(operation, value),
            (_, Value::Null) => Ok(()),
            _ => Err(Refusal::Malformed("a value where none belongs")),
        }
    }

    fn mark_form(&mut self, operation: &Operation<'_>, value: Value<'_>) -> Checked {
        let fits = match operation.mark_name {
            Some(name) => self.open_mark.is_none() && !name.is_empty() && name.len() <= MAX_NAME_BYTES,
            None => self.open_mark.is_some() && value == Value::Null,
        };
        if fits && operation.insert { Ok(()) } else { Err(Refusal::Malformed("half a mark")) }
    }

    fn check_predecessor_order(&self, operation: &Operation<'_>) -> Checked {
        let key = |id: &OperationId| (id.number, self.change.actor_at(id.actor));
        let list = self.change.operations.predecessors(operation);
        if list.is_sorted_by(|a, b| key(a) < key(b)) { Ok(()) } else { Err(Refusal::BadPredecessors) }
    }

    /// An operation on an entry of a map.
    fn entry(&mut self, number: u32, object: u32, name: &str, operation: &Operation<'_>) -> Checked {
        if operation.insert || operation.action == Action::Mark {
            return Err(Refusal::WrongKind);
        }
        if name.is_empty() || name.len() > MAX_NAME_BYTES {
            return Err(Refusal::Malformed("a name of no fitting length"));
        }
        self.check_frame(object, name)?;
        let mut counters = 0;
        for id in self.change.operations.predecessors(operation) {
            let found = self.find(*id)?;
            let same = matches!(found.entry, Some(Entry { place: Place::Key(key), .. }) if **key == *name);
            if found.object != object || !same {
                return Err(Refusal::BadPredecessors);
            }
            counters += count_overwritten(found.content())?;
        }
        self.check_overwritten(operation, counters)?;
        self.add(number, object, Place::Key(name.into()), Id::HEAD, name, operation)
    }

    /// A new element of a sequence.
    fn insertion(&mut self, number: u32, object: u32, operation: &Operation<'_>) -> Checked {
        if !self.change.operations.predecessors(operation).is_empty() {
            return Err(Refusal::BadPredecessors);
        }
        let mut after = Id::HEAD;
        if let Key::Element(element) = operation.key {
            after = self.id(element);
            let found = self.find(element)?;
            if found.object != object || !found.is_element() {
                return Err(Refusal::WrongKind);
            }
        }
        let text = self.object_at(object).kind == ObjectKind::Text;
        match (operation.action, operation.value) {
            (Action::Delete | Action::Increment, _) => return Err(Refusal::WrongKind),
            (Action::Mark, _) if !text => return Err(Refusal::WrongKind),
            (Action::Mark, _) => self.mark(number, object, after)?,
            (Action::Put, Value::Text("")) if text => return Err(Refusal::Malformed("an empty element")),
            (Action::Put, Value::Text(value)) if text && value.len() <= MAX_ELEMENT_BYTES => {}
            (Action::MakeMap, _) if text => {}
            _ if text => self.unusual = Some("an unusual element of a text"),
            _ => {}
        }
        self.add(number, object, Place::Element, after, "", operation)
    }

    /// A mark must end after it begins: a document where one does not cannot be loaded.
    fn mark(&mut self, number: u32, object: u32, after: Id) -> Checked {
        let id = Id { actor: self.draft.actor, number };
        let Some((_, begin, after_begin)) = self.open_mark.take() else {
            self.open_mark = Some((object, id, after));
            return Ok(());
        };
        let latest = |a: Id, b: Id| (a.number, self.actor_id(a)).cmp(&(b.number, self.actor_id(b)));
        match comes_before(|id| self.find_run(id), latest, (begin, after_begin), (id, after)) {
            Some(true) => {}
            Some(false) => return Err(Refusal::Malformed("a mark that ends before it begins")),
            None => self.unusual = Some("a mark in a text of very many pieces"),
        }
        Ok(())
    }

    /// An operation on an element of a sequence.
    fn overwrite(
        &mut self,
        number: u32,
        object: u32,
        element: OperationId,
        operation: &Operation<'_>,
    ) -> Checked {
        let found = self.find(element)?;
        if found.object != object || !found.is_element() || found.content() == Content::Mark {
            return Err(Refusal::WrongKind);
        }
        let place = Place::Over(self.id(element));
        let mut counters = 0;
        for id in self.change.operations.predecessors(operation) {
            let found = self.find(*id)?;
            let same = *id == element || found.entry.is_some_and(|entry| entry.place == place);
            if found.object != object || !same {
                return Err(Refusal::BadPredecessors);
            }
            counters += count_overwritten(found.content())?;
        }
        self.check_overwritten(operation, counters)?;
        if operation.action != Action::Delete && self.object_at(object).kind == ObjectKind::Text {
            self.unusual = Some("an element of a text put anew");
        }
        self.add(number, object, place, Id::HEAD, "", operation)
    }

    fn check_overwritten(&mut self, operation: &Operation<'_>, counters: usize) -> Checked {
        let all = self.change.operations.predecessors(operation).len();
        match operation.action {
            Action::Increment if counters == 0 => Err(Refusal::WrongKind),
            Action::Delete if all == 0 => Err(Refusal::BadPredecessors),
            Action::Increment if counters < all => {
                self.unusual = Some("an increment of more than counters");
                Ok(())
            }
            _ if all == 0 && matches!(operation.key, Key::Element(_)) => Err(Refusal::BadPredecessors),
            _ => Ok(()),
        }
    }

    fn check_frame(&self, object: u32, name: &str) -> Checked {
        let theirs = match self.object_at(object).part {
            Part::Root => !FRAME.contains(&name),
            Part::Sections => false,
            Part::Section => name != BODY,
            Part::Other => true,
        };
        if theirs || self.origin == Origin::Server { Ok(()) } else { Err(Refusal::Frame) }
    }

    /// Drafts the operation. Deletions leave nothing that could be referred to.
    fn add(
        &mut self,
        number: u32,
        object: u32,
        place: Place,
        after: Id,
        name: &str,
        operation: &Operation<'_>,
    ) -> Checked {
        let content = match (operation.action, operation.value) {
            (Action::Delete, _) => return Ok(()),
            (Action::Increment, _) => Content::Increment,
            (Action::Mark, _) => Content::Mark,
            (Action::Put, Value::Counter(_)) => Content::Counter,
            (Action::Put, _) if place == Place::Element => {
                push_run(&mut self.draft.runs, self.draft.actor, Run::plain(number, object, after));
                return Ok(());
            }
            (Action::Put, _) => Content::Value,
            (Action::MakeMap | Action::MakeTable, _) => self.make(ObjectKind::Map, object, name)?,
            (Action::MakeList, _) => self.make(ObjectKind::List, object, name)?,
            (Action::MakeText, _) => self.make(ObjectKind::Text, object, name)?,
        };
        let entry = (self.index.entries.len() + self.draft.entries.len()) as u32;
        self.draft.entries.push(Entry { place, content });
        push_run(&mut self.draft.runs, self.draft.actor, Run::of_entry(number, object, entry, after));
        Ok(())
    }

    fn make(&mut self, kind: ObjectKind, parent: u32, name: &str) -> Checked<Content> {
        let parent = self.object_at(parent);
        let part = match parent.part {
            Part::Root if name == "sections" => Part::Sections,
            Part::Sections => Part::Section,
            _ => Part::Other,
        };
        let depth = parent.depth + 1;
        if depth > MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        let object = self.index.objects.len() + self.draft.objects.len();
        self.draft.objects.push(Object { kind, part, depth });
        Ok(Content::Object(object as u32))
    }

    fn object(&mut self, id: Option<OperationId>) -> Checked<u32> {
        let Some(id) = id else { return Ok(0) };
        match self.find(id)?.content() {
            Content::Object(object) => Ok(object),
            _ => Err(Refusal::WrongKind),
        }
    }

    /// `object` came from [`Check::object`], so it is there.
    fn object_at(&self, object: u32) -> Object {
        let known = self.index.objects.len();
        match (object as usize).checked_sub(known) {
            Some(drafted) => self.draft.objects[drafted],
            None => self.index.objects[object as usize],
        }
    }

    fn id(&self, id: OperationId) -> Id {
        let actor = self.actors.get(id.actor as usize).copied().unwrap_or(u32::MAX);
        Id { actor, number: id.number }
    }

    fn actor_id(&self, id: Id) -> &[u8] {
        if id.actor == self.draft.actor { self.change.actor } else { self.graph.actor_id(id.actor) }
    }

    fn is_drafted(&self, id: Id) -> bool {
        id.actor == self.draft.actor && id.number >= self.change.start_op
    }

    fn find_run(&self, id: Id) -> Option<&Run> {
        if self.is_drafted(id) { find_run(&self.draft.runs, id.number) } else { self.index.find(id) }
    }

    fn find(&mut self, id: OperationId) -> Checked<Found<'_>> {
        let place = id.actor as usize;
        let id = self.id(id);
        if let (false, Some(furthest)) = (self.is_drafted(id), self.furthest.get_mut(place)) {
            *furthest = (*furthest).max(id.number);
        }
        let run = self.find_run(id).ok_or(Refusal::UnknownOperation)?;
        let entry = run.entry().and_then(|entry| match entry.checked_sub(self.index.entries.len()) {
            Some(drafted) => self.draft.entries.get(drafted),
            None => self.index.entries.get(entry),
        });
        Ok(Found { object: run.object, entry })
    }
}

/// 1 for a counter. Increments and marks are not overwritten, what they stand on is.
fn count_overwritten(content: Content) -> Checked<usize> {
    match content {
        Content::Increment | Content::Mark => Err(Refusal::BadPredecessors),
        Content::Counter => Ok(1),
        Content::Value | Content::Object(_) => Ok(0),
    }
}
