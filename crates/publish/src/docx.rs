//! The agenda as a Word document (Office Open XML), written part by part: real headings, lists,
//! header rows and fields, so that Word and LibreOffice number, repeat and read aloud by
//! themselves.

mod body;
mod document;
mod numbering;
mod package;
mod parts;
mod table;

use crate::{
    artefact::RenderError,
    pdf,
    proof::Stand,
    wording::{extract_title, title},
};
use agenda::publication::Publication;
use document::Cover;

/// The whole agenda. What page an item stands on only Word knows, so the document asks Word to
/// count when it is opened. Until then it shows the pages of the PDF, which are the same or nearly
/// so; an agenda that no PDF has room for shows [`PAGE_UNKNOWN`].
pub fn docx(publication: &Publication, stand: Stand<'_>) -> Result<Vec<u8>, RenderError> {
    docx_with_pages(publication, stand, &pdf::pages(publication, stand).unwrap_or_default())
}

/// [`docx`] with these pages of the items, as far as they go.
pub fn docx_with_pages(
    publication: &Publication,
    stand: Stand<'_>,
    pages: &[u32],
) -> Result<Vec<u8>, RenderError> {
    write(publication, stand, None, pages)
}

/// What stands in the table of contents for a page that nobody has counted yet.
pub const PAGE_UNKNOWN: &str = "–";

/// One item as a document of its own. `only` is the agenda with no other item.
pub(crate) fn extract(only: &Publication, stand: Stand<'_>, number: u32) -> Result<Vec<u8>, RenderError> {
    write(only, stand, Some(number), &[])
}

fn write(
    publication: &Publication,
    stand: Stand<'_>,
    extract: Option<u32>,
    pages: &[u32],
) -> Result<Vec<u8>, RenderError> {
    let title = extract.map_or_else(|| title(publication), |number| extract_title(publication, number));
    let cover = Cover { title: &title, extract, pages };
    let written = document::document(publication, stand, &cover);
    package::package(&written, &title, stand, extract.is_none())
}
