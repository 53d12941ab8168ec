//! What changed in a table: its rows and columns before and after laid into one grid. Where
//! cells were merged or split so that no one grid shows all of both, the table is shown twice.

use super::{Change, DiffBlock, DiffCell, DiffRow, diff::Differ};
use crate::document::{PlacedCell, TableLayout};
use automerge::ObjId;
use std::collections::{BTreeMap, BTreeSet};

/// The table as blocks of a difference: one, or the old and the new, or none.
pub(super) fn table(
    differ: &mut Differ<'_, '_, '_>,
    old: Option<&TableLayout>,
    new: Option<&TableLayout>,
) -> Vec<DiffBlock> {
    let change = match (old, new) {
        (None, None) => return Vec::new(),
        (Some(_), None) => Change::Deleted,
        (None, Some(_)) => Change::Inserted,
        (Some(_), Some(_)) => Change::Kept,
    };
    match Grid::lay(old, new) {
        None if change == Change::Kept => [table(differ, old, None), table(differ, None, new)].concat(),
        grid => {
            let rows = grid.map(|grid| grid.rows(differ)).unwrap_or_default();
            vec![DiffBlock::Table { change, rows }]
        }
    }
}

type CellIds<'a> = (&'a str, &'a str);

struct Grid<'a> {
    rows: Vec<(&'a str, Change)>,
    columns: Vec<(&'a str, Change)>,
    old: BTreeMap<CellIds<'a>, &'a PlacedCell>,
    new: BTreeMap<CellIds<'a>, &'a PlacedCell>,
    /// By row: the column, and how far the cell reaches.
    cells: Vec<Vec<(usize, u16, u16)>>,
}

impl<'a> Grid<'a> {
    /// `None` if a cell of either would be hidden.
    fn lay(old: Option<&'a TableLayout>, new: Option<&'a TableLayout>) -> Option<Self> {
        let ids = |list: fn(&TableLayout) -> &Vec<String>| {
            let side = |layout: Option<&'a TableLayout>| layout.map(list).map_or(&[][..], Vec::as_slice);
            union(side(old), side(new))
        };
        let (rows, columns) = (ids(|layout| &layout.rows), ids(|layout| &layout.columns));
        let cells = Vec::new();
        let mut grid = Self { rows, columns, old: seen(old), new: seen(new), cells };
        let mut taken = vec![vec![false; grid.columns.len()]; grid.rows.len()];
        for row in 0..grid.rows.len() {
            let mut cells = Vec::new();
            for column in 0..grid.columns.len() {
                if !taken[row][column] {
                    let (width, height) = grid.reach((row, column), (old, new));
                    if !fill(&mut taken, (row, column), (width, height)) {
                        return None;
                    }
                    cells.push((column, u16::try_from(width).ok()?, u16::try_from(height).ok()?));
                }
            }
            grid.cells.push(cells);
        }
        grid.shows_all().then_some(grid)
    }

    fn ids(&self, row: usize, column: usize) -> CellIds<'a> {
        (self.rows[row].0, self.columns[column].0)
    }

    /// How many columns and rows a cell covers here: what it covered before and covers after.
    fn reach(
        &self,
        (row, column): (usize, usize),
        sides: (Option<&TableLayout>, Option<&TableLayout>),
    ) -> (usize, usize) {
        let ids = self.ids(row, column);
        let side = |cells: &BTreeMap<CellIds<'_>, &PlacedCell>, layout: Option<&TableLayout>| {
            let (cell, layout) = (cells.get(&ids)?, layout?);
            let last_row = layout.rows.get(cell.row + usize::from(cell.rowspan) - 1)?;
            let last_column = layout.columns.get(cell.column + usize::from(cell.colspan) - 1)?;
            let down = self.rows.iter().position(|(id, _)| id == last_row)?;
            let across = self.columns.iter().position(|(id, _)| id == last_column)?;
            Some((across.saturating_sub(column) + 1, down.saturating_sub(row) + 1))
        };
        let reaches = [side(&self.old, sides.0), side(&self.new, sides.1)];
        let most =
            |one: fn((usize, usize)) -> usize| reaches.into_iter().flatten().map(one).max().unwrap_or(1);
        (most(|reach| reach.0), most(|reach| reach.1))
    }

    /// Whether every cell that was or is seen has a place, and only one.
    fn shows_all(&self) -> bool {
        let places = self.cells.iter().enumerate();
        let shown: Vec<CellIds<'_>> =
            places.flat_map(|(row, cells)| cells.iter().map(move |cell| self.ids(row, cell.0))).collect();
        let distinct: BTreeSet<_> = shown.iter().copied().collect();
        distinct.len() == shown.len()
            && self.old.keys().chain(self.new.keys()).all(|ids| distinct.contains(ids))
    }

    fn rows(&self, differ: &mut Differ<'_, '_, '_>) -> Vec<DiffRow> {
        let mut rows = Vec::new();
        for (row, cells) in self.cells.iter().enumerate() {
            let cells = cells.iter().map(|(column, colspan, rowspan)| {
                let mut cell = self.cell(differ, self.ids(row, *column));
                (cell.colspan, cell.rowspan) = (*colspan, *rowspan);
                cell
            });
            rows.push(DiffRow { change: self.rows[row].1, cells: cells.collect() });
        }
        rows
    }

    fn cell(&self, differ: &mut Differ<'_, '_, '_>, ids: CellIds<'_>) -> DiffCell {
        let (old, new) = (self.old.get(&ids), self.new.get(&ids));
        let change = match (old, new) {
            (Some(_), Some(_)) | (None, None) => Change::Kept,
            (Some(_), None) => Change::Deleted,
            (None, Some(_)) => Change::Inserted,
        };
        let texts = |cell: Option<&&'a PlacedCell>| cell.map_or(&[][..], |cell| &cell.texts);
        let (before, after) = (texts(old), texts(new));
        let keys: BTreeSet<&String> = before.iter().chain(after).map(|(key, _)| key).collect();
        let text =
            |texts: &'a [(String, ObjId)], key| texts.iter().find(|(own, _)| own == key).map(|(_, id)| id);
        let block = |key| differ.text((text(before, key), text(after, key)), &mut None);
        let blocks = keys.into_iter().flat_map(block).collect();
        let header = new.or(old).is_some_and(|cell| cell.header);
        let became = matches!((old, new), (Some(old), Some(new)) if old.header != new.header);
        DiffCell { change, header, became, colspan: 1, rowspan: 1, blocks }
    }
}

fn seen(layout: Option<&TableLayout>) -> BTreeMap<CellIds<'_>, &PlacedCell> {
    let cells = layout.into_iter().flat_map(|layout| {
        let ids = |cell: &PlacedCell| (layout.rows[cell.row].as_str(), layout.columns[cell.column].as_str());
        layout.cells.iter().flatten().map(move |cell| (ids(cell), cell))
    });
    cells.collect()
}

/// The ids of both lists in order; those that only one has stand where they stood there.
fn union<'a>(old: &'a [String], new: &'a [String]) -> Vec<(&'a str, Change)> {
    let mut found = Vec::new();
    let (mut before, mut after) = (old.iter().peekable(), new.iter().peekable());
    loop {
        while let Some(id) = before.next_if(|id| !new.contains(id)) {
            found.push((id.as_str(), Change::Deleted));
        }
        while let Some(id) = after.next_if(|id| !old.contains(id)) {
            found.push((id.as_str(), Change::Inserted));
        }
        match (before.next(), after.next()) {
            (Some(a), Some(b)) if a == b => found.push((a.as_str(), Change::Kept)),
            (None, None) => return found,
            // Rows that changed places: the id comes twice, and the grid shows it.
            (a, b) => {
                found.extend(a.map(|id| (id.as_str(), Change::Deleted)));
                found.extend(b.map(|id| (id.as_str(), Change::Inserted)));
            }
        }
    }
}

/// Takes the places of a cell; false if one is taken already.
fn fill(taken: &mut [Vec<bool>], (row, column): (usize, usize), (width, height): (usize, usize)) -> bool {
    let mut free = true;
    for line in taken.iter_mut().skip(row).take(height) {
        for place in line.iter_mut().skip(column).take(width) {
            free &= !std::mem::replace(place, true);
        }
    }
    free
}
