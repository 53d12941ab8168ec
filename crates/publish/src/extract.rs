//! One item by itself, for the case system: HTML, DOCX and JSON.

use crate::{Format, Stand, archive::File, docx, format::RenderError, html, json};
use agenda::publication::Publication;

/// An item's three documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// The item's number in the agenda.
    pub number: u32,
    pub html: String,
    pub docx: Vec<u8>,
    pub json: String,
}

/// The item at `index`, counted from 0; `None` where the agenda has none there.
pub fn extract(
    publication: &Publication,
    stand: Stand<'_>,
    index: usize,
) -> Option<Result<Extract, RenderError>> {
    let item = publication.items.get(index)?;
    let only = Publication {
        items: vec![item.clone()],
        forum: publication.forum.clone(),
        place: publication.place.clone(),
        participants: publication.participants.clone(),
        ..*publication
    };
    Some(docx::extract(&only, stand, item.number).map(|docx| Extract {
        number: item.number,
        html: html::extract(&only, stand, item.number),
        docx,
        json: json::extract(&only, item, stand),
    }))
}

/// Named by the place in the agenda, for numbers may repeat.
pub(crate) fn files_of_item(index: usize, extract: Extract) -> [File; 3] {
    let file = |format: Format, bytes| File {
        name: format!("punkter/punkt-{}.{format}", index + 1),
        media_type: format.media_type(),
        bytes,
    };
    [
        file(Format::Html, extract.html.into_bytes()),
        file(Format::Docx, extract.docx),
        file(Format::Json, extract.json.into_bytes()),
    ]
}
