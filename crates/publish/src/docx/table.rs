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
    open(writer, columns);
    let (head, width) = (head_rows(rows), TEXT_WIDTH / columns);
    for (i, slots) in grid.iter().enumerate() {
        writer.xml.push_str(if i < head { "<w:tr><w:trPr><w:tblHeader/></w:trPr>\n" } else { "<w:tr>\n" });
        slots.iter().for_each(|slot| self::slot(writer, *slot, width, &grid[i + 1..]));
        writer.xml.push_str("</w:tr>\n");
    }
    writer.xml.push_str("</w:tbl>\n");
    // Two tables in a row would be read as one.
    writer.xml.push_str("<w:p><w:pPr><w:pStyle w:val=\"AfterTable\"/></w:pPr></w:p>\n");
}

fn open(writer: &mut Writer, columns: usize) {
    let name = escape(&table_name(writer.tables, writer.item, &writer.section));
    writer.xml.push_str(&format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
         <w:tblLook w:val=\"04A0\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"1\" w:lastColumn=\"0\" \
         w:noHBand=\"0\" w:noVBand=\"1\"/><w:tblCaption w:val=\"{name}\"/></w:tblPr><w:tblGrid>"
    ));
    for _ in 0..columns {
        writer.xml.push_str(&format!("<w:gridCol w:w=\"{}\"/>", TEXT_WIDTH / columns));
    }
    writer.xml.push_str("</w:tblGrid>\n");
}

fn slot(writer: &mut Writer, slot: Slot<'_>, width: usize, below: &[Vec<Slot<'_>>]) {
    let merge = match slot {
        Slot::Cell(cell, _) if cell.rowspan > 1 && !below.is_empty() => "<w:vMerge w:val=\"restart\"/>",
        Slot::Below(_) => "<w:vMerge/>",
        Slot::Cell(..) | Slot::Gap(_) => "",
    };
    let columns = slot.width();
    let span = if columns > 1 { format!("<w:gridSpan w:val=\"{columns}\"/>") } else { String::new() };
    let header = matches!(slot, Slot::Cell(cell, _) if heads(cell));
    let shade = if header { "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EDEDED\"/>" } else { "" };
    writer.xml.push_str(&format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{span}{merge}{shade}</w:tcPr>\n",
        width * columns
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
