//! Tables: TAB-separated rows with HTML in the cells, rows that a page break cut in two, and
//! headers of two rows whose merged cells are written as empty ones.

use crate::{
    html,
    vocabulary::{goes_on, is_open},
};
use agenda::content::{Block, Cell, Inline, Row, plain_text};

/// A line with more cells is text: no printed table is that wide.
pub(crate) const MAX_COLUMNS: usize = 64;

/// Rows as they were read, not yet padded to one width.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    rows: Vec<Vec<Vec<Block>>>,
    width: usize,
}

impl Draft {
    pub fn width(&self) -> usize {
        self.width
    }

    pub fn push(&mut self, line: &str, dead: &mut Vec<String>) {
        let cells = cells(line, dead);
        self.width = self.width.max(cells.len());
        self.rows.push(cells);
    }

    /// Adds the rest of a row that a page break cut, no wider than the table: each cell goes
    /// on in the last row.
    pub fn continue_row(&mut self, line: &str, dead: &mut Vec<String>) {
        let rest = cells(line, dead);
        let Some(last) = self.rows.last_mut() else { return self.rows.push(rest) };
        last.resize(last.len().max(rest.len()), Vec::new());
        last.iter_mut().zip(rest).for_each(|(cell, rest)| join(cell, rest));
    }

    /// The table: every row as wide as the widest, the first one or two rows a header.
    pub fn finish(mut self) -> Block {
        let width = self.width;
        self.rows.iter_mut().for_each(|row| row.resize(width, Vec::new()));
        let mut rows = self.rows.into_iter();
        let (Some(first), second) = (rows.next(), rows.next()) else {
            return Block::Table { rows: Vec::new() };
        };
        let mut table = match second {
            Some(second) if is_second_header(&first, &second) => two_headers(first, second),
            Some(second) => vec![row(first, true), row(second, false)],
            None => vec![row(first, true)],
        };
        table.extend(rows.map(|cells| row(cells, false)));
        Block::Table { rows: table }
    }
}

fn cells(line: &str, dead: &mut Vec<String>) -> Vec<Vec<Block>> {
    line.split('\t').map(|cell| html::blocks(cell, dead)).collect()
}

fn join(cell: &mut Vec<Block>, rest: Vec<Block>) {
    let mut rest = rest.into_iter();
    let Some(first) = rest.next() else { return };
    let cut = cell.last().is_some_and(|last| is_open(&last.plain_text()) || goes_on(&first.plain_text()));
    match (cell.last_mut(), first) {
        (
            Some(Block::Paragraph { text } | Block::ListItem { text, .. }),
            Block::Paragraph { text: mut more },
        ) if cut => {
            text.push(Inline::plain(" "));
            text.append(&mut more);
            merge(text);
        }
        (_, first) => cell.push(first),
    }
    cell.extend(rest);
}

/// Makes neighbouring runs of the same looks one run.
fn merge(runs: &mut Vec<Inline>) {
    runs.dedup_by(|next, run| {
        let same = (run.bold, run.italic, &run.link) == (next.bold, next.italic, &next.link);
        if same {
            run.text.push_str(&next.text);
        }
        same
    });
}

fn row(cells: Vec<Vec<Block>>, header: bool) -> Row {
    Row { cells: cells.into_iter().map(|blocks| Cell { header, colspan: 1, rowspan: 1, blocks }).collect() }
}

fn is_empty(cells: &[Vec<Block>], column: usize) -> bool {
    cells.get(column).is_none_or(|blocks| plain_text(blocks).trim().is_empty())
}

/// A second row is a header when its first cell is empty and it has a label under an empty
/// cell that stands to the right of a label.
fn is_second_header(first: &[Vec<Block>], second: &[Vec<Block>]) -> bool {
    let under_merged = |column: &usize| is_empty(first, *column) && !is_empty(second, *column);
    let label = (0..first.len()).position(|column| !is_empty(first, column));
    is_empty(second, 0)
        && label.is_some_and(|label| (label + 1..first.len()).any(|column| under_merged(&column)))
}

/// A label with empty cells to its right that have labels under them spans those columns; a
/// cell with nothing under it spans both rows.
fn two_headers(first: Vec<Vec<Block>>, second: Vec<Vec<Block>>) -> Vec<Row> {
    let spans: Vec<usize> = (0..first.len()).map(|column| span(&first, &second, column)).collect();
    let (mut upper, mut lower) = (Row::default(), Row::default());
    let mut covered = 0;
    for ((blocks, below), span) in first.into_iter().zip(second).zip(spans) {
        let rowspan =
            if covered == 0 && span == 1 && is_empty(std::slice::from_ref(&below), 0) { 2 } else { 1 };
        if covered == 0 {
            let colspan = u16::try_from(span).unwrap_or(1);
            upper.cells.push(Cell { header: true, colspan, rowspan, blocks });
            covered = span;
        }
        covered -= 1;
        if rowspan == 1 {
            lower.cells.push(Cell { header: true, colspan: 1, rowspan: 1, blocks: below });
        }
    }
    vec![upper, lower]
}

fn span(first: &[Vec<Block>], second: &[Vec<Block>], column: usize) -> usize {
    if is_empty(first, column) {
        return 1;
    }
    let merged = |column: &usize| is_empty(first, *column) && !is_empty(second, *column);
    1 + (column + 1..first.len()).take_while(merged).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(lines: &[&str]) -> Vec<Row> {
        let mut draft = Draft::default();
        lines.iter().for_each(|line| draft.push(line, &mut Vec::new()));
        let Block::Table { rows } = draft.finish() else { unreachable!() };
        rows
    }

    fn shape(row: &Row) -> String {
        let cell = |c: &Cell| {
            format!("{}{}{}x{}", if c.header { "*" } else { "" }, plain_text(&c.blocks), c.colspan, c.rowspan)
        };
        row.cells.iter().map(cell).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_header_of_two_rows_has_merged_cells_and_a_complete_grid() {
        let rows = table(&["\tAlle\tA\t\tB\t\tC", "\t\ta1\ta2\tb1\tb2\tc1", "x\t1\t2\t3\t4"]);
        assert_eq!(shape(&rows[0]), "*1x2 *Alle1x2 *A2x1 *B2x1 *C1x1");
        assert_eq!(shape(&rows[1]), "*a11x1 *a21x1 *b11x1 *b21x1 *c11x1");
        assert_eq!(rows[2].cells.len(), 7);
    }

    #[test]
    fn an_ordinary_second_row_is_no_header() {
        for second in ["a\tb\tc", "\tb\t", "a\t\tc"] {
            assert!(!table(&["A\tB\tC", second])[1].cells[0].header, "{second}");
        }
    }

    #[test]
    fn a_row_cut_by_a_page_break_is_one_row() {
        let mut draft = Draft::default();
        let dead = &mut Vec::new();
        draft.push("1\t<p>Færdig.</p><p>Vi tager hensyn til</p>\tslut.", dead);
        draft.continue_row("\t<p>alle børn.</p><p>Ny</p>\t", dead);
        let Block::Table { rows } = draft.finish() else { unreachable!() };
        assert_eq!(plain_text(&rows[0].cells[1].blocks), "Færdig.\nVi tager hensyn til alle børn.\nNy");
    }
}
