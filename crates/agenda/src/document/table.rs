//! Which cells of a table are seen, and where: the grid of its row and column ids with merged
//! cells laid out. Whatever is missing or doubled leaves a grid without holes.

use super::read::Reader;
use automerge::{ObjId, ROOT};

/// Limits for one table, so that a hostile document costs little: rows, columns.
const MAX_ROWS: usize = 2_000;
const MAX_COLUMNS: usize = 64;

/// A table that has at least one row and one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableLayout {
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    /// By row; a cell stands where no cell above or to its left spans.
    pub cells: Vec<Vec<PlacedCell>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlacedCell {
    /// Its place in `rows` and `columns`.
    pub row: usize,
    pub column: usize,
    pub colspan: u16,
    pub rowspan: u16,
    pub header: bool,
    pub text: Option<ObjId>,
}

impl TableLayout {
    pub fn read(reader: &Reader<'_>, id: &str) -> Option<Self> {
        let table = reader.object(&ROOT, "tables").and_then(|tables| reader.object(&tables, id))?;
        let rows = reader.ids(&table, "rows", MAX_ROWS);
        let columns = reader.ids(&table, "cols", MAX_COLUMNS);
        let map = reader.object(&table, "cells")?;
        if rows.is_empty() || columns.is_empty() {
            return None;
        }
        let mut layout = Self { rows, columns, cells: Vec::new() };
        let mut taken = vec![vec![false; layout.columns.len()]; layout.rows.len()];
        for row in 0..layout.rows.len() {
            let mut cells = Vec::new();
            for column in 0..layout.columns.len() {
                if !taken[row][column] {
                    cells.push(layout.cell(reader, &map, (row, column), &mut taken));
                }
            }
            layout.cells.push(cells);
        }
        Some(layout)
    }

    /// The ids of a cell's row and column.
    pub fn ids(&self, cell: &PlacedCell) -> (String, String) {
        (self.rows[cell.row].clone(), self.columns[cell.column].clone())
    }

    fn cell(
        &self,
        reader: &Reader<'_>,
        map: &ObjId,
        (row, column): (usize, usize),
        taken: &mut [Vec<bool>],
    ) -> PlacedCell {
        let mut cell = PlacedCell { row, column, colspan: 1, rowspan: 1, header: false, text: None };
        let (mut width, mut height) = (1, 1);
        if let Some(object) = reader.object(map, &format!("{}:{}", self.rows[row], self.columns[column])) {
            let end = |key: &str, ids: &[String], from: usize| {
                let last = reader.string(&object, key)?;
                ids.iter().position(|id| *id == last).filter(|at| *at > from).map(|at| at - from + 1)
            };
            width = end("ce", &self.columns, column).unwrap_or(1);
            height = end("re", &self.rows, row).unwrap_or(1);
            cell.header = reader.scalar(&object, "h").is_some_and(|v| v.as_bool() == Some(true));
            cell.text = reader.text(&object, "t");
        }
        // A span that would run into another cell ends before it.
        let free_width = taken[row][column..column + width].iter().take_while(|t| !**t).count();
        let fits = |line: &Vec<bool>| line[column..column + free_width].iter().all(|t| !*t);
        let free_height = taken[row..row + height].iter().take_while(|line| fits(line)).count();
        taken[row..row + free_height]
            .iter_mut()
            .for_each(|line| line[column..column + free_width].fill(true));
        cell.colspan = u16::try_from(free_width).unwrap_or(1).max(1);
        cell.rowspan = u16::try_from(free_height).unwrap_or(1).max(1);
        cell
    }
}
