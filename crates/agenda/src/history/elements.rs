//! A text as its elements, characters and block markers, each with the id of the operation that
//! put it there. Ids never change and order never does, so two states of a text can be compared
//! exactly.

use super::Past;
use crate::{
    content::Inline,
    document::{Marker, Reader, inline, read_marker},
};
use automerge::{ObjId, ReadDoc, ScalarValueRef, Span, ValueRef, iter::ListRangeItem};

/// The operation that made an element. `actor` is its number in the document's graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ElementId {
    pub actor: u32,
    pub number: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub id: ElementId,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Bytes of [`Text::words`], and a place in [`Text::looks`].
    Words { from: usize, to: usize, looks: usize },
    /// A place in [`Text::markers`].
    Marker(usize),
}

/// One text at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    pub elements: Vec<Element>,
    words: String,
    looks: Vec<Inline>,
    markers: Vec<Option<Marker>>,
}

impl Text {
    pub fn words(&self, element: Element) -> &str {
        match element.what {
            What::Words { from, to, .. } => self.words.get(from..to).unwrap_or_default(),
            What::Marker(_) => "",
        }
    }

    /// How words look, as a run without words.
    pub fn looks(&self, element: Element) -> Option<&Inline> {
        match element.what {
            What::Words { looks, .. } => self.looks.get(looks),
            What::Marker(_) => None,
        }
    }

    /// What a marker says; `None` for words, and for a marker that says nothing.
    pub fn marker(&self, element: Element) -> Option<&Marker> {
        match element.what {
            What::Words { .. } => None,
            What::Marker(at) => self.markers.get(at).and_then(Option::as_ref),
        }
    }

    /// Reads a text of the past as `reader` sees it.
    pub fn read(past: &Past, reader: &Reader<'_>, text: &ObjId) -> Self {
        let mut found = Self::default();
        let Ok(spans) = reader.document.spans_at(text, &reader.heads) else { return found };
        let mut items = Items::new(past, reader, text);
        for span in spans {
            match span {
                Span::Block(marker) => found.push_marker(read_marker(&marker), items.next()),
                Span::Text { text, marks } => {
                    found.looks.push(inline("", marks.as_deref()));
                    found.push_words(text.len(), &mut items);
                }
            }
        }
        found
    }

    fn push_marker(&mut self, marker: Option<Marker>, item: Option<Item<'_>>) {
        let Some(item) = item else { return };
        self.elements.push(Element { id: item.id, what: What::Marker(self.markers.len()) });
        self.markers.push(marker);
    }

    fn push_words(&mut self, bytes: usize, items: &mut Items<'_>) {
        let end = self.words.len() + bytes;
        while self.words.len() < end {
            let Some(item) = items.next() else { return };
            let from = self.words.len();
            self.words.push_str(item.words());
            let what = What::Words { from, to: self.words.len(), looks: self.looks.len() - 1 };
            self.elements.push(Element { id: item.id, what });
        }
    }
}

/// The elements of a text in order, without their looks: what [`super::blame`] needs.
pub(super) struct Items<'a> {
    past: &'a Past,
    items: automerge::iter::ListRange<'a>,
    /// Our number of each of automerge's actors; [`UNKNOWN`] until it is met.
    actors: Vec<u32>,
}

const UNKNOWN: u32 = u32::MAX;

pub(super) struct Item<'a> {
    pub id: ElementId,
    item: ListRangeItem<'a>,
}

impl Item<'_> {
    /// Automerge shows what is neither a letter nor a marker as one character.
    pub fn words(&self) -> &str {
        match &self.item.value {
            ValueRef::Scalar(ScalarValueRef::Str(words)) => words,
            ValueRef::Object(_) | ValueRef::Scalar(_) => "\u{fffc}",
        }
    }

    /// Places that it takes as JavaScript counts: UTF-16 units of its words, one for a marker.
    pub fn places(&self) -> usize {
        self.words().encode_utf16().count()
    }
}

impl<'a> Items<'a> {
    pub fn new(past: &'a Past, reader: &Reader<'a>, text: &ObjId) -> Self {
        let items = reader.document.list_range_at(text, .., &reader.heads);
        Self { past, items, actors: Vec::new() }
    }

    fn number_of(&mut self, place: usize, actor: &[u8]) -> u32 {
        if self.actors.len() <= place {
            self.actors.resize(place + 1, UNKNOWN);
        }
        if self.actors[place] == UNKNOWN {
            self.actors[place] = self.past.actor_number(actor).unwrap_or(UNKNOWN);
        }
        self.actors[place]
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let item = self.items.next()?;
            let ObjId::Id(number, actor, place) = item.id() else { continue };
            let actor = self.number_of(place, actor.to_bytes());
            let Ok(number) = u32::try_from(number) else { continue };
            let id = ElementId { actor, number };
            if !self.past.is_mark(id) {
                return Some(Item { id, item });
            }
        }
    }
}
