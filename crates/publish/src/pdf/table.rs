//! Tables on paper: where each cell stands, and what may break over pages.

use super::body::{Node, PAGE_ROOM, Place, nodes};
use crate::{
    columns::{Columns, Sheet, is_number},
    grid::{Slot, grid, head_rows},
    html::table::{Scope, scopes},
    wording::table_name,
};
use agenda::content::{Cell, Row, plain_text};
use serde::Serialize;

/// The page in characters of Source Sans.
const SHEET: Sheet = Sheet { sizes: &[(100, PAGE_ROOM), (90, 103), (80, 116), (70, 132)], padding: PADDING };

/// Two sides of white space and a rule, in characters.
const PADDING: usize = 2;

/// A row that is not higher, in lines, stays on one page.
const MAX_WHOLE_ROW: usize = 30;

/// A head that is not higher, in lines, stands again on each page.
const MAX_REPEATED_HEAD: usize = 12;

#[derive(Serialize)]
pub struct Table {
    name: String,
    /// In tenths of a point.
    size: u32,
    /// Relative widths of the columns.
    columns: Vec<usize>,
    repeat_head: bool,
    head: Vec<Placed>,
    body: Vec<Placed>,
}

/// A cell with its place, counted from 0.
#[derive(Serialize)]
struct Placed {
    x: usize,
    y: usize,
    colspan: usize,
    rowspan: usize,
    scope: Option<&'static str>,
    header: bool,
    number: bool,
    whole: bool,
    nodes: Vec<Node>,
}

/// A cell as it was found, before its words are drawn.
struct Found<'a> {
    cell: &'a Cell,
    x: usize,
    y: usize,
    colspan: usize,
    rowspan: usize,
    scope: Option<Scope>,
    text: String,
}

/// Characters of a line in a cell.
fn room(columns: &Columns, cell: &Found<'_>) -> usize {
    let part: usize = columns.widths.iter().skip(cell.x).take(cell.colspan).sum();
    let whole: usize = columns.widths.iter().sum();
    (columns.room * part / whole.max(1)).saturating_sub(PADDING).max(1)
}

/// The table; `None` if it has no cell.
pub fn table(rows: &[Row], place: &mut Place<'_>) -> Option<Node> {
    let head = head_rows(rows);
    let (above, below) = rows.split_at(head);
    let mut found = find(above, 0);
    found.extend(find(below, head));
    let width = found.iter().map(|cell| cell.x + cell.colspan).max()?;
    *place.tables += 1;
    let name = place.words.line(&table_name(*place.tables, place.words.item, place.section));
    let alone = found.iter().filter(|cell| cell.colspan == 1).map(|cell| (cell.x, cell.text.as_str()));
    let columns = SHEET.share(alone, width, place.room);
    let heights = heights(&found, rows.len(), &columns);
    let numbers = number_columns(&found, width);
    let (mut head_cells, mut body_cells) = (Vec::new(), Vec::new());
    for cell in &found {
        let height: usize = heights.iter().skip(cell.y).take(cell.rowspan).sum();
        let placed = Placed {
            x: cell.x,
            y: cell.y,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
            scope: cell.scope.map(|scope| if scope == Scope::Row { "row" } else { "column" }),
            header: cell.cell.header,
            number: cell.colspan == 1 && numbers.get(cell.x).copied().unwrap_or_default(),
            whole: height <= MAX_WHOLE_ROW,
            nodes: cell_nodes(cell.cell, room(&columns, cell), place),
        };
        if cell.y < head { head_cells.push(placed) } else { body_cells.push(placed) }
    }
    let repeat_head = heights.iter().take(head).sum::<usize>() <= MAX_REPEATED_HEAD;
    let Columns { size, widths: columns, .. } = columns;
    Some(Node::Table(Table { name, size, columns, repeat_head, head: head_cells, body: body_cells }))
}

fn cell_nodes(cell: &Cell, room: usize, place: &mut Place<'_>) -> Vec<Node> {
    let outer = std::mem::replace(&mut place.room, room);
    place.depth += 1;
    let nodes = nodes(&cell.blocks, place);
    place.depth -= 1;
    place.room = outer;
    nodes
}

/// The cells of the head, or of the body; `first` is their first row in the table.
fn find(rows: &[Row], first: usize) -> Vec<Found<'_>> {
    let grid = grid(rows);
    let starts = |row: &[Slot<'_>], x: usize| {
        let mut column = 0;
        row.iter().any(|slot| {
            let here = column == x && matches!(slot, Slot::Below(_));
            column += slot.width();
            here
        })
    };
    let mut found = Vec::new();
    for (y, (row, slots)) in rows.iter().zip(&grid).enumerate() {
        let mut scopes = scopes(row).into_iter();
        let mut x = 0;
        for slot in slots {
            if let Slot::Cell(cell, colspan) = *slot {
                let wanted = usize::from(cell.rowspan.max(1)) - 1;
                let below = grid.iter().skip(y + 1).take(wanted).take_while(|row| starts(row, x)).count();
                let (scope, rowspan) = (scopes.next().flatten(), below + 1);
                let text = plain_text(&cell.blocks);
                found.push(Found { cell, x, y: first + y, colspan, rowspan, scope, text });
            }
            x += slot.width();
        }
    }
    found
}

/// The height of each row in lines: that of its highest cell, those of several rows shared.
fn heights(found: &[Found<'_>], rows: usize, columns: &Columns) -> Vec<usize> {
    let mut heights = vec![1; rows];
    for cell in found {
        let lines = cell.text.lines().map(|line| line.chars().count().div_ceil(room(columns, cell)).max(1));
        let each = lines.sum::<usize>().div_ceil(cell.rowspan);
        for height in heights.iter_mut().skip(cell.y).take(cell.rowspan) {
            *height = each.max(*height);
        }
    }
    heights
}

/// Which columns have numbers and nothing else below their heads.
fn number_columns(found: &[Found<'_>], width: usize) -> Vec<bool> {
    let mut numbers = vec![false; width];
    let mut words = vec![false; width];
    for cell in found.iter().filter(|cell| !cell.cell.header && !cell.text.trim().is_empty()) {
        let kind = if is_number(&cell.text) { &mut numbers } else { &mut words };
        for column in kind.iter_mut().skip(cell.x).take(cell.colspan) {
            *column = true;
        }
    }
    numbers.iter().zip(&words).map(|(numbers, words)| *numbers && !words).collect()
}
