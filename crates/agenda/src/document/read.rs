//! Reads an item document into content, now or at earlier heads. Documents come from
//! clients, so whatever is missing, doubled or of the wrong type reads as absent.

use super::to_change_hashes;
use crate::{
    content::{Block, Cell, Inline, MAX_INDENT, Row},
    id::Hash,
};
use automerge::{
    Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value, hydrate, iter::Span,
    marks::MarkSet,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one section of a document says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionText {
    pub key: String,
    /// "Intet at bemærke."
    pub nothing: bool,
    pub blocks: Vec<Block>,
}

/// Limits for one table, so that a hostile document costs little: rows, columns.
const MAX_ROWS: usize = 2_000;
const MAX_COLUMNS: usize = 64;

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
    let reader = Reader { document, heads: to_change_hashes(heads) };
    let mut found = SectionText { key: key.to_owned(), ..SectionText::default() };
    let section = reader.object(&ROOT, "sections").and_then(|map| reader.object(&map, key));
    let Some(section) = section else { return found };
    found.nothing = reader.scalar(&section, "nothing").is_some_and(|v| v.as_bool() == Some(true));
    if let Some(body) = reader.text(&section, "body") {
        found.blocks = reader.blocks(&body, &mut Some(BTreeSet::new()));
    }
    found
}

struct Reader<'a> {
    document: &'a Automerge,
    heads: Vec<ChangeHash>,
}

impl Reader<'_> {
    fn get(&self, parent: &ObjId, key: &str) -> Option<(Value<'_>, ObjId)> {
        self.document.get_at(parent, key, &self.heads).ok().flatten()
    }
    fn object(&self, parent: &ObjId, key: &str) -> Option<ObjId> {
        self.get(parent, key).and_then(|(value, id)| value.is_object().then_some(id))
    }
    fn text(&self, parent: &ObjId, key: &str) -> Option<ObjId> {
        let (value, id) = self.get(parent, key)?;
        matches!(value, Value::Object(ObjType::Text)).then_some(id)
    }
    fn scalar(&self, parent: &ObjId, key: &str) -> Option<ScalarValue> {
        self.get(parent, key).and_then(|(value, _)| value.as_scalar().cloned())
    }
    fn string(&self, parent: &ObjId, key: &str) -> Option<String> {
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
    fn ids(&self, parent: &ObjId, key: &str, limit: usize) -> Vec<String> {
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
                Span::Block(marker) => {
                    if let Some(block) = self.block(&marker, tables) {
                        out.push(block);
                    }
                }
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

    fn block(&self, marker: &hydrate::Map, tables: &mut Option<BTreeSet<String>>) -> Option<Block> {
        let attrs = match marker.get("attrs") {
            Some(hydrate::Value::Map(map)) => Some(map),
            _ => None,
        };
        let number = |name| attrs.and_then(|map| integer(map.get(name)));
        let indent =
            || u8::try_from(number("indent").unwrap_or(0).clamp(0, i64::from(MAX_INDENT))).unwrap_or(0);
        let text = Vec::new();
        Some(match string(marker.get("type")).as_deref() {
            Some("heading") => Block::Heading {
                level: u8::try_from(number("level").unwrap_or(2).clamp(1, 3)).unwrap_or(2),
                text,
            },
            Some("ordered-list-item") => Block::ListItem { ordered: true, indent: indent(), text },
            Some("unordered-list-item") => Block::ListItem { ordered: false, indent: indent(), text },
            Some("table") => {
                let id = attrs.and_then(|map| string(map.get("id")))?;
                let first = tables.as_mut().is_some_and(|seen| seen.insert(id.clone()));
                return first.then(|| self.table(&id)).flatten();
            }
            _ => Block::Paragraph { text },
        })
    }

    fn table(&self, id: &str) -> Option<Block> {
        let table = self.object(&ROOT, "tables").and_then(|tables| self.object(&tables, id))?;
        let rows = self.ids(&table, "rows", MAX_ROWS);
        let columns = self.ids(&table, "cols", MAX_COLUMNS);
        let cells = self.object(&table, "cells")?;
        if rows.is_empty() || columns.is_empty() {
            return None;
        }
        let texts = self.cell_texts(&cells);
        let mut taken = vec![vec![false; columns.len()]; rows.len()];
        let mut out = Vec::with_capacity(rows.len());
        for y in 0..rows.len() {
            let mut row = Row::default();
            for x in 0..columns.len() {
                if !taken[y][x] {
                    let mut cell = self.cell(&cells, (&rows, y), (&columns, x), &mut taken);
                    let ids = format!("{}:{}", rows[y], columns[x]);
                    let texts = texts.get(&ids).map_or(&[][..], Vec::as_slice);
                    cell.blocks = texts.iter().flat_map(|text| self.blocks(text, &mut None)).collect();
                    row.cells.push(cell);
                }
            }
            out.push(row);
        }
        Some(Block::Table { rows: out })
    }

    /// The texts of each cell by "row:column", in the order that they are shown in. The usual one has
    /// just that key. Where two people were the first to write in one cell, each has a text of their
    /// own, under "row:column:writer".
    fn cell_texts(&self, cells: &ObjId) -> BTreeMap<String, Vec<ObjId>> {
        let mut texts: BTreeMap<String, Vec<ObjId>> = BTreeMap::new();
        let keys: BTreeSet<String> = self.document.keys_at(cells, &self.heads).collect();
        for key in keys {
            let mut ids = key.splitn(3, ':');
            let (Some(row), Some(column)) = (ids.next(), ids.next()) else { continue };
            if let Some(text) = self.object(cells, &key).and_then(|cell| self.text(&cell, "t")) {
                texts.entry(format!("{row}:{column}")).or_default().push(text);
            }
        }
        texts
    }

    fn cell(
        &self,
        cells: &ObjId,
        (rows, y): (&[String], usize),
        (columns, x): (&[String], usize),
        taken: &mut [Vec<bool>],
    ) -> Cell {
        let mut cell = Cell { header: false, colspan: 1, rowspan: 1, blocks: Vec::new() };
        let (mut width, mut height) = (1, 1);
        if let Some(object) = self.object(cells, &format!("{}:{}", rows[y], columns[x])) {
            let end = |key: &str, ids: &[String], from: usize| {
                let last = self.string(&object, key)?;
                ids.iter().position(|id| *id == last).filter(|at| *at > from).map(|at| at - from + 1)
            };
            width = end("ce", columns, x).unwrap_or(1);
            height = end("re", rows, y).unwrap_or(1);
            cell.header = self.scalar(&object, "h").is_some_and(|v| v.as_bool() == Some(true));
        }
        // A span that would run into another cell ends before it.
        let free_width = taken[y][x..x + width].iter().take_while(|t| !**t).count();
        let fits = |line: &Vec<bool>| line[x..x + free_width].iter().all(|t| !*t);
        let free_height = taken[y..y + height].iter().take_while(|line| fits(line)).count();
        taken[y..y + free_height].iter_mut().for_each(|line| line[x..x + free_width].fill(true));
        cell.colspan = u16::try_from(free_width).unwrap_or(1).max(1);
        cell.rowspan = u16::try_from(free_height).unwrap_or(1).max(1);
        cell
    }
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

fn inline(text: &str, marks: Option<&MarkSet>) -> Inline {
    let mut run = Inline::plain(text.chars().filter(|c| is_printable(*c)).collect::<String>());
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
