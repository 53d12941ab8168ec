//! What is refused before anything is set, because it would cost more than a document is worth.

use super::PdfError;
use crate::grid::grid;
use agenda::{
    content::{Block, Row},
    publication::Publication,
};

/// Cells of one table, and of all. A page has some 250.
const MAX_CELLS: usize = 6_000;

/// Columns of one table; more are not readable on paper.
const MAX_COLUMNS: usize = 40;

/// Characters of the whole. A page has some 3,000.
const MAX_CHARACTERS: usize = 2_000_000;

/// Items, each of which begins a page.
const MAX_ITEMS: usize = 500;

pub fn check(publication: &Publication) -> Result<(), PdfError> {
    let items = publication.items.len();
    if items > MAX_ITEMS {
        return Err(PdfError::TooManyItems { items, limit: MAX_ITEMS });
    }
    let mut characters = 0;
    for item in &publication.items {
        characters += item.title.chars().count();
        characters += item.attachment_titles().map(|title| title.chars().count()).sum::<usize>();
        for block in item.sections.iter().flat_map(|section| &section.blocks) {
            characters += block.plain_text().chars().count();
            self::block(block, item.number)?;
        }
    }
    if characters > MAX_CHARACTERS {
        return Err(PdfError::TooLong { characters, limit: MAX_CHARACTERS });
    }
    Ok(())
}

fn block(block: &Block, item: u32) -> Result<(), PdfError> {
    let Block::Table { rows } = block else { return Ok(()) };
    let cells = cells(rows);
    if cells > MAX_CELLS {
        return Err(PdfError::TooManyCells { item, cells, limit: MAX_CELLS });
    }
    let columns = grid(rows).first().map_or(0, |row| row.iter().map(|slot| slot.width()).sum());
    if columns > MAX_COLUMNS {
        return Err(PdfError::TooManyColumns { item, columns, limit: MAX_COLUMNS });
    }
    rows.iter()
        .flat_map(|row| &row.cells)
        .flat_map(|cell| &cell.blocks)
        .try_for_each(|one| self::block(one, item))
}

/// Cells of a table and of the tables in it. A row without cells counts as one.
fn cells(rows: &[Row]) -> usize {
    let inner = rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.blocks);
    let inner = inner.map(|block| if let Block::Table { rows } = block { cells(rows) } else { 0 });
    rows.iter().map(|row| row.cells.len().max(1)).sum::<usize>() + inner.sum::<usize>()
}
