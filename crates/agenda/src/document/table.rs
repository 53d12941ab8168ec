//! Which cells of a table are seen, and where: the grid of its row and column ids with merged
//! cells laid out. Whatever is missing or doubled leaves a grid without holes.

use super::read::Reader;
use automerge::{ObjId, ROOT, ReadDoc};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The texts by their keys, in the order that they are shown in. The usual one has the key
    /// "row:column". Where two people were the first to write in one cell, each has a text of
    /// their own, under "row:column:writer".
    pub texts: Vec<(String, ObjId)>,
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
        let mut texts = cell_texts(reader, &map);
        let mut layout = Self { rows, columns, cells: Vec::new() };
        let mut taken = vec![vec![false; layout.columns.len()]; layout.rows.len()];
        for row in 0..layout.rows.len() {
            let mut cells = Vec::new();
            for column in 0..layout.columns.len() {
                if !taken[row][column] {
                    let mut cell = layout.cell(reader, &map, (row, column), &mut taken);
                    cell.texts = texts.remove(&layout.key(&cell)).unwrap_or_default();
                    cells.push(cell);
                }
            }
            layout.cells.push(cells);
        }
        Some(layout)
    }

    fn key(&self, cell: &PlacedCell) -> String {
        format!("{}:{}", self.rows[cell.row], self.columns[cell.column])
    }

    fn cell(
        &self,
        reader: &Reader<'_>,
        map: &ObjId,
        (row, column): (usize, usize),
        taken: &mut [Vec<bool>],
    ) -> PlacedCell {
        let mut cell = PlacedCell { row, column, colspan: 1, rowspan: 1, header: false, texts: Vec::new() };
        let (mut width, mut height) = (1, 1);
        if let Some(object) = reader.object(map, &self.key(&cell)) {
            let end = |key: &str, ids: &[String], from: usize| {
                let last = reader.string(&object, key)?;
                ids.iter().position(|id| *id == last).filter(|at| *at > from).map(|at| at - from + 1)
            };
            width = end("ce", &self.columns, column).unwrap_or(1);
            height = end("re", &self.rows, row).unwrap_or(1);
            cell.header = reader.scalar(&object, "h").is_some_and(|v| v.as_bool() == Some(true));
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

/// The texts of each cell by "row:column".
fn cell_texts(reader: &Reader<'_>, cells: &ObjId) -> BTreeMap<String, Vec<(String, ObjId)>> {
    let mut texts: BTreeMap<String, Vec<(String, ObjId)>> = BTreeMap::new();
    let keys: BTreeSet<String> = reader.document.keys_at(cells, &reader.heads).collect();
    for key in keys {
        let mut ids = key.splitn(3, ':');
        let (Some(row), Some(column)) = (ids.next(), ids.next()) else { continue };
        let place = format!("{row}:{column}");
        if let Some(text) = reader.object(cells, &key).and_then(|cell| reader.text(&cell, "t")) {
            texts.entry(place).or_default().push((key, text));
        }
    }
    texts
}
