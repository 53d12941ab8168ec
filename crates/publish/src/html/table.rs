//! Tables: which rows are the head, and which cells a header cell stands for.

use super::{Place, blocks};
use crate::grid::head_rows;
use agenda::content::{Cell, Row, plain_text};

/// Browsers read no wider span than this.
const MAX_COLSPAN: u16 = 1000;

#[derive(Clone, Copy, PartialEq)]
pub enum Scope {
    Column,
    Row,
}

/// Writes a table in a region that scrolls by itself, so that the page never has to.
pub(super) fn table(out: &mut String, rows: &[Row], place: &mut Place<'_>) {
    let label = place.next_table();
    out.push_str(&format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\n<table>\n"
    ));
    let (head, body) = rows.split_at(head_rows(rows));
    group(out, "thead", head, place);
    group(out, "tbody", body, place);
    out.push_str("</table>\n</div>\n");
}

fn group(out: &mut String, tag: &str, rows: &[Row], place: &mut Place<'_>) {
    if rows.is_empty() {
        return;
    }
    out.push_str(&format!("<{tag}>\n"));
    for (i, row) in rows.iter().enumerate() {
        out.push_str("<tr>");
        let scopes = scopes(row);
        for (one, scope) in row.cells.iter().zip(scopes) {
            cell(out, one, scope, rows.len() - i, place);
        }
        out.push_str("</tr>\n");
    }
    out.push_str(&format!("</{tag}>\n"));
}

/// `rows_left`: rows of the group from this one on, which a cell cannot reach past.
fn cell(out: &mut String, cell: &Cell, scope: Option<Scope>, rows_left: usize, place: &mut Place<'_>) {
    let (tag, scope) = match scope {
        None => ("td", ""),
        Some(Scope::Column) => ("th", " scope=\"col\""),
        Some(Scope::Row) => ("th", " scope=\"row\""),
    };
    let colspan = span("colspan", usize::from(cell.colspan.min(MAX_COLSPAN)));
    let rowspan = span("rowspan", usize::from(cell.rowspan).min(rows_left));
    out.push_str(&format!("<{tag}{scope}{colspan}{rowspan}>"));
    blocks::cell(out, &cell.blocks, place);
    out.push_str(&format!("</{tag}>"));
}

fn span(name: &str, n: usize) -> String {
    if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() }
}

/// What each cell of a row heads. A row of nothing but headers heads its columns; otherwise
/// the headers that stand first head the row. A header keeps `row` or `col` when it spans:
/// it heads what it spans, while the group scopes would reach on to the end of the table.
pub fn scopes(row: &Row) -> Vec<Option<Scope>> {
    let is_header = |cell: &&Cell| cell.header;
    let first = row.cells.iter().take_while(is_header).count();
    let leading = if first == row.cells.len() { Scope::Column } else { Scope::Row };
    let scope = |(i, cell): (usize, &Cell)| {
        // A header without words heads nothing.
        let heads = cell.header && !plain_text(&cell.blocks).trim().is_empty();
        heads.then_some(if i < first { leading } else { Scope::Column })
    };
    row.cells.iter().enumerate().map(scope).collect()
}
