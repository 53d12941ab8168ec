//! Tables that are written as HTML, also in Markdown: rows, header cells and spans as they are
//! marked.

use crate::{
    html,
    inline::{self, attribute},
    table::MAX_COLUMNS,
};
use agenda::content::{Block, Cell, Row};

/// Deepest table in a table that is read; a deeper one stays text.
pub(crate) const MAX_NESTED: u8 = 4;
/// Most rows that one cell may span.
const MAX_ROWSPAN: u16 = 1000;

/// Whether a line is part of such a table, so that its words are no heading.
pub(crate) fn is_table_line(text: &str) -> bool {
    let starts = |mark: &str| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    ["<table", "</table", "<tr", "</tr", "<td", "<th"].into_iter().any(starts)
}

/// How many tables a line opens, and how many it closes.
pub(crate) fn opened_and_closed(text: &str) -> (usize, usize) {
    let text = text.to_ascii_lowercase();
    (text.matches("<table").count(), text.matches("</table").count())
}

/// The blocks of the table that a text begins with, and the length of its source; `None` where
/// it is never closed. Words beside the cells become a paragraph before it.
pub(crate) fn read(text: &str, dead: &mut Vec<String>, nested: u8) -> Option<(Vec<Block>, usize)> {
    let mut reader = Reader { rows: Vec::new(), cell: None, outside: String::new(), dead, nested };
    let (mut depth, mut at) = (0usize, 0);
    loop {
        let rest = text.get(at..)?;
        let next = rest.find('<')?;
        let mark = rest.get(next..)?;
        let found = inline::tag(mark);
        let used = found.as_ref().map_or(1, |(.., used)| *used);
        reader.words(rest.get(..next)?);
        at += next;
        match found {
            Some((name, closing, ..)) if name == "table" => {
                depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
            }
            Some((name, closing, inner, _)) if depth == 1 => {
                reader.tag(&name, closing, inner, text, at, used);
            }
            Some(_) => {}
            None => reader.words("<"),
        }
        at += used;
        if depth == 0 {
            return Some((reader.finish(text, at), at));
        }
    }
}

struct Reader<'a> {
    rows: Vec<Row>,
    /// The open cell, and where its content begins.
    cell: Option<(Cell, usize)>,
    outside: String,
    dead: &'a mut Vec<String>,
    nested: u8,
}

impl Reader<'_> {
    fn words(&mut self, words: &str) {
        if self.cell.is_none() {
            self.outside.push_str(words);
        }
    }

    fn tag(&mut self, name: &str, closing: bool, inner: &str, text: &str, at: usize, used: usize) {
        match name {
            "tr" | "td" | "th" => self.close(text, at),
            _ => return,
        }
        match (name, closing) {
            ("tr", false) => self.rows.push(Row::default()),
            ("td" | "th", false) => {
                let span = |name, most| span(inner, name, most);
                let columns = u16::try_from(MAX_COLUMNS).unwrap_or(1);
                let (colspan, rowspan) = (span("colspan", columns), span("rowspan", MAX_ROWSPAN));
                let cell = Cell { header: name == "th", colspan, rowspan, blocks: Vec::new() };
                self.cell = Some((cell, at + used));
            }
            _ => {}
        }
    }

    fn close(&mut self, text: &str, at: usize) {
        let Some((mut cell, from)) = self.cell.take() else { return };
        let content = text.get(from..at).unwrap_or_default();
        cell.blocks = html::blocks_in_table(content, self.dead, self.nested + 1);
        match self.rows.last_mut() {
            Some(row) => row.cells.push(cell),
            None => self.rows.push(Row { cells: vec![cell] }),
        }
    }

    fn finish(mut self, text: &str, end: usize) -> Vec<Block> {
        let end = text.get(..end).and_then(|table| table.rfind('<')).unwrap_or(end);
        self.close(text, end);
        let mut blocks = html::blocks_in_table(&self.outside, self.dead, MAX_NESTED);
        if !self.rows.is_empty() {
            blocks.push(Block::Table { rows: self.rows });
        }
        blocks
    }
}

fn span(tag: &str, name: &str, most: u16) -> u16 {
    let wanted = attribute(tag, name).and_then(|value| value.trim().parse::<u16>().ok());
    wanted.unwrap_or(1).clamp(1, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        let Some((blocks, used)) = read(text, &mut Vec::new(), 0) else { return "none".into() };
        let blocks: Vec<String> = blocks.iter().map(one).collect();
        format!("{} {used}", blocks.join(" "))
    }

    fn one(block: &Block) -> String {
        let Block::Table { rows } = block else { return format!("«{}»", block.plain_text()) };
        let cell = |c: &Cell| {
            let inner: Vec<String> = c.blocks.iter().map(one).collect();
            format!("{}{}x{}{}", if c.header { "*" } else { "" }, c.colspan, c.rowspan, inner.join(""))
        };
        let row = |r: &Row| r.cells.iter().map(cell).collect::<Vec<_>>().join(" ");
        format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(" | "))
    }

    #[test]
    fn rows_headers_and_spans_are_read_as_marked() {
        let table =
            "<table>\n<tr><th rowspan=\"2\">a</th><td colspan='3'>b</td></tr>\n<tr><td></td></tr></table> x";
        assert_eq!(shape(table), format!("[*1x2«a» 3x1«b» | 1x1] {}", table.len() - 2));
        assert_eq!(shape("<TABLE><TR><TD>a<TD>b</TABLE>"), "[1x1«a» 1x1«b»] 29");
        assert_eq!(shape("<table><tr><td colspan=0 rowspan=99999>a</table>"), "[1x1«a»] 48");
    }

    #[test]
    fn a_table_in_a_cell_is_one_and_words_beside_cells_are_kept() {
        let inner = "<table><tr><td>b</td></tr></table>";
        assert_eq!(shape(&format!("<table><tr><td>{inner}</td></tr></table>")), "[1x1[1x1«b»]] 67");
        assert_eq!(shape("<table>tal < 5<tr><td>a</td></tr></table>"), "«tal < 5» [1x1«a»] 41");
        assert_eq!(shape("<table><tr><td>a"), "none");
        assert_eq!(shape("<table></table>"), " 15");
    }
}
