//! Reads an item document into content, now or at earlier heads. Documents come from
//! clients, so whatever is missing, doubled or of the wrong type reads as absent.

use super::{
    table::{PlacedCell, TableLayout},
    to_change_hashes,
};
use crate::{
    content::{Block, Cell, Inline, MAX_INDENT, Row},
    id::Hash,
};
use automerge::{
    Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value, hydrate, iter::Span,
    marks::MarkSet,
};
use std::collections::BTreeSet;

/// What one section of a document says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionText {
    pub key: String,
    /// "Intet at bemærke."
    pub nothing: bool,
    pub blocks: Vec<Block>,
}

/// Reads the sections with the given keys, in that order, as they stood at `heads`.
pub fn read_sections<'a>(
    document: &Automerge,
    keys: impl IntoIterator<Item = &'a str>,
    heads: &[Hash],
) -> Vec<SectionText> {
    keys.into_iter().map(|key| read_section(document, key, heads)).collect()
}

/// Reads one section; a missing one is empty.
pub fn read_section(document: &Automerge, key: &str, heads: &[Hash]) -> SectionText {
    let reader = Reader::new(document, heads);
    let (nothing, body) = reader.section(key);
    let blocks = body.map(|body| reader.blocks(&body, &mut Some(BTreeSet::new()))).unwrap_or_default();
    SectionText { key: key.to_owned(), nothing, blocks }
}

/// A document at some heads.
pub(crate) struct Reader<'a> {
    pub document: &'a Automerge,
    pub heads: Vec<ChangeHash>,
}

/// What a block marker says, before its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A block without words.
    Text(Block),
    /// The table of that id.
    Table(String),
}

impl<'a> Reader<'a> {
    pub fn new(document: &'a Automerge, heads: &[Hash]) -> Self {
        Self { document, heads: to_change_hashes(heads) }
    }

    /// Whether there is nothing to note in a section, and its text.
    pub fn section(&self, key: &str) -> (bool, Option<ObjId>) {
        let section = self.object(&ROOT, "sections").and_then(|map| self.object(&map, key));
        let Some(section) = section else { return (false, None) };
        let nothing = self.scalar(&section, "nothing").is_some_and(|v| v.as_bool() == Some(true));
        (nothing, self.text(&section, "body"))
    }

    /// Whether any section could show a table.
    pub fn has_tables(&self) -> bool {
        let tables = self.object(&ROOT, "tables");
        tables.is_some_and(|tables| self.document.keys_at(&tables, &self.heads).next().is_some())
    }

    fn get(&self, parent: &ObjId, key: &str) -> Option<(Value<'_>, ObjId)> {
        self.document.get_at(parent, key, &self.heads).ok().flatten()
    }
    pub(super) fn object(&self, parent: &ObjId, key: &str) -> Option<ObjId> {
        self.get(parent, key).and_then(|(value, id)| value.is_object().then_some(id))
    }
    pub(super) fn text(&self, parent: &ObjId, key: &str) -> Option<ObjId> {
        let (value, id) = self.get(parent, key)?;
        matches!(value, Value::Object(ObjType::Text)).then_some(id)
    }
    pub(super) fn scalar(&self, parent: &ObjId, key: &str) -> Option<ScalarValue> {
        self.get(parent, key).and_then(|(value, _)| value.as_scalar().cloned())
    }
    pub(super) fn string(&self, parent: &ObjId, key: &str) -> Option<String> {
        let (value, id) = self.get(parent, key)?;
        self.string_value(&value, &id)
    }
    fn string_value(&self, value: &Value<'_>, id: &ObjId) -> Option<String> {
        match value {
            Value::Object(ObjType::Text) => self.document.text_at(id, &self.heads).ok(),
            Value::Scalar(scalar) => scalar.as_str().map(str::to_owned),
            Value::Object(_) => None,
        }
    }
    /// The ids in a list, each once.
    pub(super) fn ids(&self, parent: &ObjId, key: &str, limit: usize) -> Vec<String> {
        let Some(list) = self.object(parent, key) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let length = self.document.length_at(&list, &self.heads);
        (0..length)
            .filter_map(|i| self.document.get_at(&list, i, &self.heads).ok().flatten())
            .filter_map(|(value, id)| self.string_value(&value, &id))
            .filter(|id| seen.insert(id.clone()))
            .take(limit)
            .collect()
    }

    /// `tables` holds the tables shown so far, or is `None` inside a cell, where none may be.
    fn blocks(&self, body: &ObjId, tables: &mut Option<BTreeSet<String>>) -> Vec<Block> {
        let Ok(spans) = self.document.spans_at(body, &self.heads) else { return Vec::new() };
        let mut out: Vec<Block> = Vec::new();
        for span in spans {
            match span {
                Span::Block(marker) => match read_marker(&marker) {
                    Some(Marker::Text(block)) => out.push(block),
                    Some(Marker::Table(id)) => {
                        let first = tables.as_mut().is_some_and(|seen| seen.insert(id.clone()));
                        out.extend(first.then(|| self.table(&id)).flatten());
                    }
                    None => {}
                },
                Span::Text { text, marks } => {
                    if !matches!(out.last(), Some(block) if !matches!(block, Block::Table { .. })) {
                        out.push(Block::Paragraph { text: Vec::new() });
                    }
                    if let Some(runs) = out.last_mut().and_then(runs_mut) {
                        push_run(runs, inline(&text, marks.as_deref()));
                    }
                }
            }
        }
        out
    }

    fn table(&self, id: &str) -> Option<Block> {
        let layout = TableLayout::read(self, id)?;
        let cell = |cell: &PlacedCell| Cell {
            header: cell.header,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
            blocks: cell.texts.iter().flat_map(|(_, text)| self.blocks(text, &mut None)).collect(),
        };
        let row = |cells: &Vec<PlacedCell>| Row { cells: cells.iter().map(cell).collect() };
        Some(Block::Table { rows: layout.cells.iter().map(row).collect() })
    }
}

/// What a marker says; `None` for a table without an id.
pub(crate) fn read_marker(marker: &hydrate::Map) -> Option<Marker> {
    let attrs = match marker.get("attrs") {
        Some(hydrate::Value::Map(map)) => Some(map),
        _ => None,
    };
    let number = |name| attrs.and_then(|map| integer(map.get(name)));
    let indent = || u8::try_from(number("indent").unwrap_or(0).clamp(0, i64::from(MAX_INDENT))).unwrap_or(0);
    let text = Vec::new();
    Some(Marker::Text(match string(marker.get("type")).as_deref() {
        Some("heading") => Block::Heading {
            level: u8::try_from(number("level").unwrap_or(2).clamp(1, 3)).unwrap_or(2),
            text,
        },
        Some("ordered-list-item") => Block::ListItem { ordered: true, indent: indent(), text },
        Some("unordered-list-item") => Block::ListItem { ordered: false, indent: indent(), text },
        Some("table") => return attrs.and_then(|map| string(map.get("id"))).map(Marker::Table),
        _ => Block::Paragraph { text },
    }))
}

fn runs_mut(block: &mut Block) -> Option<&mut Vec<Inline>> {
    match block {
        Block::Paragraph { text } | Block::Heading { text, .. } | Block::ListItem { text, .. } => Some(text),
        Block::Table { .. } => None,
    }
}

fn push_run(runs: &mut Vec<Inline>, run: Inline) {
    match runs.last_mut() {
        Some(last) if last.bold == run.bold && last.italic == run.italic && last.link == run.link => {
            last.text.push_str(&run.text);
        }
        _ if run.text.is_empty() => {}
        _ => runs.push(run),
    }
}

/// Words without what has no place in a published text.
pub(crate) fn printable(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| is_printable(*c))
}

/// Words with the looks that their marks give them.
pub(crate) fn inline(text: &str, marks: Option<&MarkSet>) -> Inline {
    let mut run = Inline::plain(printable(text).collect::<String>());
    for (name, value) in marks.into_iter().flat_map(MarkSet::iter) {
        match (name, value) {
            ("strong", ScalarValue::Boolean(true)) => run.bold = true,
            ("em", ScalarValue::Boolean(true)) => run.italic = true,
            ("link", ScalarValue::Str(target)) => {
                run.link = crate::content::safe_link(target).map(str::to_owned);
            }
            _ => {}
        }
    }
    run
}

/// Control characters, noncharacters and direction overrides have no place in a published text.
fn is_printable(c: char) -> bool {
    c == '\n'
        || c == '\t'
        || !(c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffc}' | '\u{fffe}' | '\u{ffff}'))
}

fn string(value: Option<&hydrate::Value>) -> Option<String> {
    match value? {
        hydrate::Value::Scalar(ScalarValue::Str(s)) => Some(s.to_string()),
        hydrate::Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

fn integer(value: Option<&hydrate::Value>) -> Option<i64> {
    match value? {
        hydrate::Value::Scalar(ScalarValue::F64(f)) if f.is_finite() => Some(*f as i64),
        hydrate::Value::Scalar(scalar) => {
            scalar.as_i64().or_else(|| scalar.as_u64().and_then(|n| i64::try_from(n).ok()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{create, from_changes, heads, write_section};
    use super::*;
    use crate::content::NOTHING_TO_NOTE;
    use automerge::transaction::Transactable as _;

    fn cell(text: &str, colspan: u16, rowspan: u16) -> Cell {
        Cell { header: text.is_empty(), colspan, rowspan, blocks: vec![Block::paragraph(text)] }
    }

    /// Two who were the first to write in one cell: both texts are read, in the order of their keys.
    #[test]
    fn all_texts_of_a_cell_are_read() {
        let first = create(b"actor", ["resume"]).unwrap();
        let mut document = from_changes([first.as_slice()]).unwrap();
        let row = Row { cells: vec![cell("a", 1, 1)] };
        write_section(&mut document, b"writer", "resume", &[Block::Table { rows: vec![row] }], false)
            .unwrap();
        let mut doc = automerge::AutoCommit::load(&document.save()).unwrap();
        let child =
            |doc: &automerge::AutoCommit, parent: &ObjId, key: &str| doc.get(parent, key).unwrap().unwrap().1;
        let tables = child(&doc, &ROOT, "tables");
        let id = doc.keys(&tables).next().unwrap();
        let table = child(&doc, &tables, &id);
        let cells = child(&doc, &table, "cells");
        for writer in ["bo", "anna"] {
            let own = doc.put_object(&cells, format!("r0:c0:{writer}"), ObjType::Map).unwrap();
            let text = doc.put_object(&own, "t", ObjType::Text).unwrap();
            doc.splice_text(&text, 0, 0, writer).unwrap();
        }
        let document = Automerge::load(&doc.save()).unwrap();
        let section = read_section(&document, "resume", &heads(&document));
        let Block::Table { rows } = &section.blocks[0] else { panic!("a table") };
        let words: Vec<_> = rows[0].cells[0].blocks.iter().map(Block::plain_text).collect();
        assert_eq!(words, ["a", "anna", "bo"]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let blocks = vec![
            Block::Paragraph {
                text: vec![
                    Inline::plain("Blå 🦊 "),
                    Inline { text: "fed".into(), bold: true, ..Inline::default() },
                    Inline {
                        text: " og link".into(),
                        link: Some("https://x.dk".into()),
                        ..Inline::default()
                    },
                ],
            },
            Block::Heading { level: 2, text: vec![Inline::plain("Måltal\nlinje to")] },
            Block::ListItem { ordered: true, indent: 2, text: vec![Inline::plain("at det godkendes")] },
            Block::Table {
                rows: vec![
                    Row { cells: vec![cell("a", 1, 2), cell("b", 2, 1)] },
                    Row { cells: vec![cell("c", 1, 1), cell("d", 1, 1)] },
                ],
            },
            Block::paragraph(NOTHING_TO_NOTE),
        ];
        let first = create(b"actor", ["resume", "lov"]).unwrap();
        assert_eq!(first, create(b"actor", ["resume", "lov"]).unwrap(), "creation is deterministic");
        let mut document = from_changes([first.as_slice()]).unwrap();
        let before = heads(&document);
        let change = write_section(&mut document, b"writer", "resume", &blocks, true).unwrap().unwrap();
        let copy = from_changes([first.as_slice(), &change]).unwrap();
        let now = heads(&copy);
        let read = read_sections(&copy, ["resume", "lov", "nowhere"], &now);
        assert_eq!(read[0], SectionText { key: "resume".into(), nothing: true, blocks });
        assert_eq!(read[1], SectionText { key: "lov".into(), ..SectionText::default() });
        assert!(read_section(&copy, "resume", &before).blocks.is_empty());
        assert!(write_section(&mut document, b"writer", "nowhere", &[], false).is_err());
        assert_eq!(write_section(&mut document, b"writer", "resume", &[], true).unwrap(), None, "no change");
    }
}
