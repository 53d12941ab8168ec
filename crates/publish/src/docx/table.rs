//! Tables: a grid with merged cells, header rows that repeat on each page, and a name for
//! those who cannot see it.

use super::body::Writer;
use crate::{
    escape::escape,
    grid::{Slot, grid, head_rows},
    wording::table_name,
};
use agenda::content::{Cell, Row, plain_text};

/// Word opens no wider table.
const MAX_COLUMNS: usize = 63;
/// Width of the text between the margins, in twentieths of a point.
const TEXT_WIDTH: usize = 9638;

/// Writes a table; one that Word could not open becomes the text of its cells.
pub fn table(writer: &mut Writer, rows: &[Row]) {
    let grid = grid(rows);
    let columns: usize = grid.first().map_or(0, |row| row.iter().map(|slot| slot.width()).sum());
    if columns == 0 {
        return;
    }
    writer.tables += 1;
    if columns > MAX_COLUMNS {
        rows.iter().flat_map(|row| &row.cells).for_each(|cell| writer.cell(&cell.blocks, cell.header));
        return;
    }
    let widths = widths(&grid, columns);
    open(writer, &widths);
    let head = head_rows(rows);
    for (i, slots) in grid.iter().enumerate() {
        writer.xml.push_str(if i < head { "<w:tr><w:trPr><w:tblHeader/></w:trPr>\n" } else { "<w:tr>\n" });
        let mut widths = widths.iter();
        for one in slots {
            let width = widths.by_ref().take(one.width()).sum();
            slot(writer, *one, width, i + 1 == grid.len());
        }
        writer.xml.push_str("</w:tr>\n");
    }
    writer.xml.push_str("</w:tbl>\n");
    // Two tables in a row would be read as one.
    writer.xml.push_str("<w:p><w:pPr><w:pStyle w:val=\"AfterTable\"/></w:pPr></w:p>\n");
}

/// The width of each column: by its longest word, or by the area that its words take. Word
/// goes on from there; others keep it.
fn widths(grid: &[Vec<Slot<'_>>], columns: usize) -> Vec<usize> {
    /// Characters that even an empty column has room for.
    const NARROWEST: usize = 4;
    /// Characters that the padding of a cell takes.
    const PADDING: usize = 3;
    let (mut longest, mut total) = (vec![NARROWEST; columns], vec![0; columns]);
    for row in grid {
        let mut column = 0;
        for slot in row {
            if let (Slot::Cell(cell, 1), Some(longest), Some(total)) =
                (slot, longest.get_mut(column), total.get_mut(column))
            {
                let text = plain_text(&cell.blocks);
                let word = text.split_whitespace().map(|word| word.chars().count()).max();
                *longest = word.unwrap_or_default().max(*longest);
                *total += text.chars().count();
            }
            column += slot.width();
        }
    }
    let weights: Vec<usize> =
        longest.iter().zip(total).map(|(word, all)| all.isqrt().max(word + PADDING)).collect();
    let sum: usize = weights.iter().sum::<usize>().max(1);
    weights.iter().map(|weight| TEXT_WIDTH * weight / sum).collect()
}

fn open(writer: &mut Writer, widths: &[usize]) {
    let name = escape(&table_name(writer.tables, writer.item, &writer.section));
    writer.xml.push_str(&format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
         <w:tblLook w:val=\"04A0\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"1\" w:lastColumn=\"0\" \
         w:noHBand=\"0\" w:noVBand=\"1\"/><w:tblCaption w:val=\"{name}\"/></w:tblPr><w:tblGrid>"
    ));
    for width in widths {
        writer.xml.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
    }
    writer.xml.push_str("</w:tblGrid>\n");
}

fn slot(writer: &mut Writer, slot: Slot<'_>, width: usize, last_row: bool) {
    let merge = match slot {
        Slot::Cell(cell, _) if cell.rowspan > 1 && !last_row => "<w:vMerge w:val=\"restart\"/>",
        Slot::Below(_) => "<w:vMerge/>",
        Slot::Cell(..) | Slot::Gap(_) => "",
    };
    let columns = slot.width();
    let span = if columns > 1 { format!("<w:gridSpan w:val=\"{columns}\"/>") } else { String::new() };
    let header = matches!(slot, Slot::Cell(cell, _) if heads(cell));
    let shade = if header { "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EDEDED\"/>" } else { "" };
    writer.xml.push_str(&format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}{merge}{shade}</w:tcPr>\n"
    ));
    match slot {
        Slot::Cell(cell, _) => writer.cell(&cell.blocks, header),
        Slot::Below(_) | Slot::Gap(_) => writer.xml.push_str("<w:p/>\n"),
    }
    writer.xml.push_str("</w:tc>\n");
}

/// A header without words heads nothing.
fn heads(cell: &Cell) -> bool {
    cell.header && !plain_text(&cell.blocks).trim().is_empty()
}
