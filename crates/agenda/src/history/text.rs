//! What a change did to a text, read from its operations alone: how much came and went, and
//! in which sections. No document is materialised for it.

use crate::sync::{
    change::Change,
    chunk,
    operation::{Action, Key, Operation, OperationId, Value},
};
use std::collections::BTreeMap;

/// An object's id: the actor and the number of the operation that made it.
type ObjectKey = (Vec<u8>, u32);

/// What one change, or several, did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TextChange {
    pub inserted: usize,
    pub deleted: usize,
    /// Something else than letters: a mark, a block's kind, "nothing to note".
    pub other: bool,
    /// Keys of the sections, each once.
    pub sections: Vec<String>,
}

impl TextChange {
    pub fn add(&mut self, more: Self) {
        self.inserted += more.inserted;
        self.deleted += more.deleted;
        self.other |= more.other;
        for section in more.sections {
            self.touch(&section);
        }
    }

    fn touch(&mut self, section: &str) {
        if !self.sections.iter().any(|known| known == section) {
            self.sections.push(section.to_owned());
        }
    }
}

/// Which objects of a document belong to which section.
#[derive(Debug, Clone, Default)]
pub(super) struct BodyIndex {
    sections_map: Option<ObjectKey>,
    /// A section's own map and its text.
    objects: BTreeMap<ObjectKey, String>,
}

impl BodyIndex {
    /// Reads one stored change, and learns which objects it makes. What cannot be read says
    /// nothing.
    pub fn read(&mut self, bytes: &[u8]) -> TextChange {
        let mut found = TextChange::default();
        for chunk in chunk::split(bytes).unwrap_or_default() {
            if let Ok(change) = Change::parse(&chunk) {
                self.read_change(&change, &mut found);
            }
        }
        found
    }

    fn read_change(&mut self, change: &Change<'_>, found: &mut TextChange) {
        for (operation, number) in change.operations.list.iter().zip(change.start_op..) {
            let own = (change.actor.to_vec(), number);
            let object = operation.object.map(|id| resolve(change, id));
            if self.learn(operation, object.as_ref(), own) {
                continue;
            }
            let section = object.as_ref().and_then(|object| self.objects.get(object));
            if let Some(section) = section {
                found.touch(section);
            }
            match operation.action {
                Action::Put if operation.insert => found.inserted += letters(operation),
                Action::Delete if !matches!(operation.key, Key::Name(_)) => found.deleted += 1,
                Action::Put | Action::Delete | Action::Mark | Action::Increment => found.other = true,
                Action::MakeMap | Action::MakeList | Action::MakeText | Action::MakeTable => {}
            }
        }
    }

    /// True for an operation that only makes the frame of the document.
    fn learn(&mut self, operation: &Operation<'_>, object: Option<&ObjectKey>, own: ObjectKey) -> bool {
        let Key::Name(name) = operation.key else { return false };
        match (object, operation.action) {
            (None, Action::MakeMap) if name == "sections" => self.sections_map = Some(own),
            (Some(object), Action::MakeMap) if self.sections_map.as_ref() == Some(object) => {
                self.objects.insert(own, name.to_owned());
            }
            (Some(object), Action::MakeText) if name == "body" => {
                let Some(section) = self.objects.get(object).cloned() else { return false };
                self.objects.insert(own, section);
            }
            (None, _) => {}
            // "nothing" as it is created, before anybody said it.
            (Some(object), Action::Put) => {
                return self.objects.contains_key(object)
                    && operation.value == Value::Boolean(false)
                    && own.1 < FRAME_OPERATIONS;
            }
            _ => return false,
        }
        true
    }
}

/// The first change of a document has fewer operations than this.
const FRAME_OPERATIONS: u32 = 256;

fn resolve(change: &Change<'_>, id: OperationId) -> ObjectKey {
    (change.actor_at(id.actor).to_vec(), id.number)
}

fn letters(operation: &Operation<'_>) -> usize {
    match operation.value {
        Value::Text(text) => text.chars().count(),
        _ => 0,
    }
}

/// The words that a refused change would have added, for its author. Empty if it cannot be
/// read.
pub fn refused_text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in chunk::split(bytes).unwrap_or_default() {
        let Ok(change) = Change::parse(&chunk) else { continue };
        for operation in change.operations.list.iter().filter(|operation| operation.insert) {
            match operation.value {
                Value::Text(piece) => text.push_str(piece),
                _ if operation.action == Action::MakeMap && !text.is_empty() => text.push('\n'),
                _ => {}
            }
        }
    }
    text
}
