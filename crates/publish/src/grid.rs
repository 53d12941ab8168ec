//! Tables as grids: which rows are the head, and where on the grid each cell stands.

use agenda::content::{Cell, Row};

/// The widest table that is drawn, in columns.
pub const MAX_COLUMNS: usize = 200;

/// The leading rows of nothing but headers, without any that a cell spans out of.
pub fn head_rows(rows: &[Row]) -> usize {
    let (mut reach, mut head) = (0, 0);
    let leading = rows.iter().take_while(|row| row.cells.iter().all(|cell| cell.header));
    for (i, row) in leading.enumerate() {
        let span = row.cells.iter().map(|cell| usize::from(cell.rowspan)).max().unwrap_or(1).max(1);
        reach = reach.max(i + span);
        if reach == i + 1 {
            head = reach;
        }
    }
    head
}

/// What stands at one place of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot<'a> {
    /// A cell and the columns it takes.
    Cell(&'a Cell, usize),
    /// The rest of a cell that began in a row above, and the columns it takes.
    Below(usize),
    /// Columns that no cell takes.
    Gap(usize),
}

impl Slot<'_> {
    /// Columns that it takes.
    pub fn width(self) -> usize {
        match self {
            Slot::Cell(_, width) | Slot::Below(width) | Slot::Gap(width) => width,
        }
    }
}

/// Every row with a slot for each of its columns, all rows equally wide. Spans end with the
/// table, and where another cell stands.
pub fn grid(rows: &[Row]) -> Vec<Vec<Slot<'_>>> {
    // For each column: rows that the cell above still takes, and the width of that cell,
    // which stands at its first column only.
    let mut above: Vec<(usize, usize)> = Vec::new();
    let mut grid: Vec<_> = rows.iter().map(|row| place(row, &mut above)).collect();
    let width = grid.iter().map(|row| total(row)).max().unwrap_or(0).max(1);
    for row in &mut grid {
        let missing = width - total(row);
        if missing > 0 {
            row.push(Slot::Gap(missing));
        }
    }
    grid
}

fn total(row: &[Slot<'_>]) -> usize {
    row.iter().map(|slot| slot.width()).sum()
}

fn place<'a>(row: &'a Row, above: &mut Vec<(usize, usize)>) -> Vec<Slot<'a>> {
    let (mut slots, mut column) = (Vec::new(), 0);
    let mut cells = row.cells.iter().peekable();
    while cells.peek().is_some() || column < above.len() {
        let taken = above.get(column).copied().filter(|(rows, _)| *rows > 0);
        let (slot, rows_left) = match (taken, cells.peek()) {
            (Some((rows, width)), _) => (Slot::Below(width), rows - 1),
            (None, Some(cell)) => {
                let slot = Slot::Cell(cell, width(cell, above, column));
                let rows = usize::from(cell.rowspan.max(1)) - 1;
                cells.next();
                (slot, rows)
            }
            (None, None) => (Slot::Gap(1), 0),
        };
        claim(above, column, slot.width(), rows_left);
        column += slot.width();
        slots.push(slot);
    }
    slots
}

/// The colspan, cut where a cell from above stands or the widest table ends.
fn width(cell: &Cell, above: &[(usize, usize)], column: usize) -> usize {
    let wanted = usize::from(cell.colspan.max(1)).min(MAX_COLUMNS.saturating_sub(column).max(1));
    let free = above.iter().skip(column).take_while(|(rows, _)| *rows == 0).count();
    if column + free < above.len() { wanted.min(free.max(1)) } else { wanted }
}

fn claim(above: &mut Vec<(usize, usize)>, column: usize, width: usize, rows: usize) {
    if above.len() < column + width {
        above.resize(column + width, (0, 0));
    }
    for (i, place) in above.iter_mut().skip(column).take(width).enumerate() {
        *place = (rows, if i == 0 { width } else { 1 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(rows: &[&[(u16, u16)]]) -> Vec<String> {
        let cell = |(colspan, rowspan): &(u16, u16)| Cell {
            header: false,
            colspan: *colspan,
            rowspan: *rowspan,
            blocks: vec![],
        };
        let rows: Vec<Row> = rows.iter().map(|row| Row { cells: row.iter().map(cell).collect() }).collect();
        let one = |slot: &Slot<'_>| match slot {
            Slot::Cell(_, width) => format!("c{width}"),
            Slot::Below(width) => format!("b{width}"),
            Slot::Gap(width) => format!("g{width}"),
        };
        grid(&rows).iter().map(|row| row.iter().map(one).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn cells_stand_where_no_cell_from_above_stands() {
        let two_levels: [&[_]; 3] = [&[(1, 2), (2, 1), (1, 2)], &[(1, 1), (1, 1)], &[(1, 1); 4]];
        assert_eq!(shape(&two_levels), ["c1 c2 c1", "b1 c1 c1 b1", "c1 c1 c1 c1"]);
        assert_eq!(shape(&[&[(2, 2), (1, 1)], &[(1, 1)]]), ["c2 c1", "b2 c1"]);
    }

    #[test]
    fn ragged_rows_are_filled_and_spans_are_cut_where_they_meet() {
        assert_eq!(shape(&[&[(1, 1)], &[(1, 1), (0, 0)], &[]]), ["c1 g1", "c1 c1", "g1 g1"]);
        assert_eq!(shape(&[&[(1, 1), (1, 3)], &[(3, 1)]]), ["c1 c1", "c1 b1"]);
        assert_eq!(shape(&[&[(u16::MAX, u16::MAX)]]), ["c200"]);
        assert_eq!(shape(&[&[]]), ["g1"]);
    }
}
