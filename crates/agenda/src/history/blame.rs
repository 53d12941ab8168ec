//! Who wrote each character of a document: exact, by the operation that put it there.

use super::{Credits, Past, elements::Items};
use crate::document::{Marker, Reader, TableLayout, read_marker};
use automerge::{ObjId, ReadDoc, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A text of a document: a section's, or a table cell's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TextPath {
    Section {
        section: String,
    },
    /// `key` names the cell's text in its table.
    Cell {
        table: String,
        key: String,
    },
}

/// Characters in a row that one commit brought. Places are UTF-16 units, as JavaScript counts; a
/// block marker takes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlameRun {
    pub start: usize,
    pub end: usize,
    /// A place in the list of credits; `None` if the log does not say.
    #[cfg_attr(feature = "schema", schema(required))]
    pub credit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlameText {
    pub path: TextPath,
    /// From the start of the text to its end, without gaps.
    pub runs: Vec<BlameRun>,
}

/// Who wrote the texts of the sections, and of the tables in them, as they stood at `sequence`.
pub fn blame<'k>(
    past: &Past,
    keys: impl IntoIterator<Item = &'k str>,
    sequence: u64,
    credits: &mut Credits<'_>,
) -> Vec<BlameText> {
    let heads = past.heads_at(sequence);
    let reader = Reader::new(&past.document, &heads);
    let mut blamer = Blamer { past, reader, credits, found: Vec::new(), seen: BTreeSet::new() };
    // At no heads at all automerge reads the present.
    let keys = keys.into_iter().filter(|_| !heads.is_empty());
    keys.for_each(|key| blamer.section(key));
    blamer.found
}

struct Blamer<'a, 'c, 'p> {
    past: &'a Past,
    reader: Reader<'a>,
    credits: &'c mut Credits<'p>,
    found: Vec<BlameText>,
    /// Tables that were read; one may stand in two sections.
    seen: BTreeSet<String>,
}

impl Blamer<'_, '_, '_> {
    fn section(&mut self, key: &str) {
        let Some(body) = self.reader.section(key).1 else { return };
        let tables = self.text(TextPath::Section { section: key.to_owned() }, &body);
        for table in tables {
            if self.seen.insert(table.clone()) {
                self.table(&table);
            }
        }
    }

    fn table(&mut self, id: &str) {
        let Some(layout) = TableLayout::read(&self.reader, id) else { return };
        for (key, text) in layout.cells.iter().flatten().flat_map(|cell| &cell.texts) {
            self.text(TextPath::Cell { table: id.to_owned(), key: key.clone() }, text);
        }
    }

    /// Returns the tables that stand in the text.
    fn text(&mut self, path: TextPath, text: &ObjId) -> BTreeSet<String> {
        let mut runs: Vec<BlameRun> = Vec::new();
        let mut at = 0;
        for item in Items::new(self.past, &self.reader, text) {
            let credit = self.credits.of_origin(item.id);
            let end = at + item.places();
            match runs.last_mut() {
                Some(last) if last.credit == credit => last.end = end,
                _ => runs.push(BlameRun { start: at, end, credit }),
            }
            at = end;
        }
        let in_section = matches!(path, TextPath::Section { .. });
        let tables = if in_section { self.tables(text) } else { BTreeSet::new() };
        self.found.push(BlameText { path, runs });
        tables
    }

    fn tables(&self, text: &ObjId) -> BTreeSet<String> {
        // Reading the markers costs as much as all the rest; most texts have no table.
        if !self.reader.has_tables() {
            return BTreeSet::new();
        }
        let spans = self.reader.document.spans_at(text, &self.reader.heads);
        let marker = |span| match span {
            Span::Block(marker) => read_marker(&marker),
            Span::Text { .. } => None,
        };
        let tables = spans.into_iter().flatten().filter_map(marker).filter_map(|marker| match marker {
            Marker::Table(id) => Some(id),
            Marker::Text(_) => None,
        });
        tables.collect()
    }
}
