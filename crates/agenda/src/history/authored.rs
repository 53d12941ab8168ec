//! What a text says together with who wrote each character of it: what goes along when an item is brought
//! to another meeting, and the way to find the same characters again in the text that was made of it.

use super::{
    Credits, Past,
    elements::{ElementId, Text},
};
use crate::document::{Marker, Reader, SectionText, TableLayout, printable, read_sections};
use automerge::ObjId;
use std::collections::BTreeSet;

/// A section with its characters in reading order, those of its tables where the table stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthoredSection {
    pub text: SectionText,
    pub heading: String,
    pub signs: Vec<Sign>,
}

/// One character, or the beginning of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// `None` for the beginning of a block.
    pub character: Option<char>,
    /// A place in the list of credits; `None` if the log does not say.
    pub credit: Option<u32>,
}

/// The sections as they stood at `sequence`, with their headings and authors.
pub(super) fn authored(
    past: &Past,
    sections: &[(&str, &str)],
    sequence: u64,
    credits: &mut Credits<'_>,
) -> Vec<AuthoredSection> {
    let heads = past.heads_at(sequence);
    // At no heads at all automerge reads the present.
    if heads.is_empty() {
        return Vec::new();
    }
    let reader = Reader::new(&past.document, &heads);
    let texts = read_sections(&past.document, sections.iter().map(|(key, _)| *key), &heads);
    let with_signs = |(text, (key, heading)): (SectionText, &(&str, &str))| {
        let credited = |(id, character): (ElementId, _)| Sign { character, credit: credits.of_origin(id) };
        let signs = signs_of(past, &reader, key).into_iter().map(credited).collect();
        AuthoredSection { text, heading: (*heading).to_owned(), signs }
    };
    texts.into_iter().zip(sections).map(with_signs).collect()
}

/// The numbers of the operations that put the sections' characters there, in the order of the sections: of a
/// document that holds nothing but what was just copied into it.
pub(crate) fn numbers<'k>(past: &Past, keys: impl IntoIterator<Item = &'k str>) -> Vec<Numbered> {
    let heads = past.heads_at(u64::MAX);
    let reader = Reader::new(&past.document, &heads);
    let numbered = |(id, character): (ElementId, _)| (id.number, character);
    keys.into_iter().map(|key| signs_of(past, &reader, key).into_iter().map(numbered).collect()).collect()
}

/// Operations with the characters that they put there; `None` for the beginning of a block.
type Numbered = Vec<(u32, Option<char>)>;

type Found = Vec<(ElementId, Option<char>)>;

fn signs_of(past: &Past, reader: &Reader<'_>, key: &str) -> Found {
    let mut walk = Walk { past, reader, found: Vec::new(), shown: BTreeSet::new() };
    if let Some(body) = reader.section(key).1 {
        walk.text(&body, false);
    }
    walk.found
}

struct Walk<'a> {
    past: &'a Past,
    reader: &'a Reader<'a>,
    found: Found,
    /// Tables that were met; each is shown once.
    shown: BTreeSet<String>,
}

impl Walk<'_> {
    fn text(&mut self, text: &ObjId, in_cell: bool) {
        let read = Text::read(self.past, self.reader, text);
        for element in &read.elements {
            match read.marker(*element) {
                Some(Marker::Table(_)) if in_cell => {}
                Some(Marker::Table(id)) => self.table(element.id, id),
                Some(Marker::Text(_)) => self.found.push((element.id, None)),
                None => {
                    let characters = printable(read.words(*element));
                    self.found.extend(characters.map(|character| (element.id, Some(character))));
                }
            }
        }
    }

    fn table(&mut self, marker: ElementId, id: &str) {
        let fresh = self.shown.insert(id.to_owned());
        let Some(layout) = fresh.then(|| TableLayout::read(self.reader, id)).flatten() else { return };
        self.found.push((marker, None));
        for (_, text) in layout.cells.iter().flatten().flat_map(|cell| &cell.texts) {
            self.text(text, true);
        }
    }
}
