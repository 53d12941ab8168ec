//! Tables: a grid with merged cells, header rows that repeat on each page, and a name for
//! those who cannot see it.

use super::body::Writer;
use crate::{
    columns::Sheet,
    escape::escape,
    grid::{Slot, grid, head_rows},
    wording::table_name,
};
use agenda::content::{Cell, Row, plain_text};

/// Word opens no wider table.
const MAX_COLUMNS: usize = 63;
/// Width of the text between the margins, in twentieths of a point.
pub const TEXT_WIDTH: usize = 9638;
/// White space at both sides of a cell, in twentieths of a point, as the styles have it.
const CELL_MARGINS: usize = 216;

/// Characters of a line across the page, in a table of ordinary size.
const PAGE_ROOM: usize = 87;
/// That size, in tenths of a point.
const ORDINARY: u32 = 110;
/// The page in characters of Calibri, each half as wide as the text is high; the styles have a table for each size.
const SHEET: Sheet =
    Sheet { sizes: &[(ORDINARY, PAGE_ROOM), (100, 96), (90, 107), (80, 120), (70, 137)], padding: 3 };

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
    let (size, widths) = widths(&grid, columns, writer.width);
    open(writer, size, &widths);
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

/// The size of the text, in tenths of a point, and the width of each column, in twentieths of one. Word goes on
/// from there; others keep it.
fn widths(grid: &[Vec<Slot<'_>>], columns: usize, width: usize) -> (u32, Vec<usize>) {
    let mut texts = Vec::new();
    for row in grid {
        let mut column = 0;
        for slot in row {
            if let Slot::Cell(cell, 1) = slot {
                texts.push((column, plain_text(&cell.blocks)));
            }
            column += slot.width();
        }
    }
    let texts = texts.iter().map(|(column, text)| (*column, text.as_str()));
    let shared = SHEET.share(texts, columns, PAGE_ROOM * width / TEXT_WIDTH);
    let sum: usize = shared.widths.iter().sum::<usize>().max(1);
    (shared.size, shared.widths.iter().map(|part| width * part / sum).collect())
}

fn open(writer: &mut Writer, size: u32, widths: &[usize]) {
    let style = if size == ORDINARY { String::new() } else { (size / 10).to_string() };
    let name = escape(&table_name(writer.tables, writer.item, &writer.section));
    writer.xml.push_str(&format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid{style}\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
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
        Slot::Cell(cell, _) => {
            let outer = std::mem::replace(&mut writer.width, width.saturating_sub(CELL_MARGINS));
            writer.cell(&cell.blocks, header);
            writer.width = outer;
        }
        Slot::Below(_) | Slot::Gap(_) => writer.xml.push_str("<w:p/>\n"),
    }
    writer.xml.push_str("</w:tc>\n");
}

/// A header without words heads nothing.
fn heads(cell: &Cell) -> bool {
    cell.header && !plain_text(&cell.blocks).trim().is_empty()
}
