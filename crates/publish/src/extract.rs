//! One item by itself, for the case system.

use crate::{Format, Stand, artefact::RenderError, docx, html, json};
use agenda::{id::ItemId, publication::Publication};

/// The agenda with this item alone and a cover and contents of one page each, to see how long the item
/// is; `None` if it is not there.
pub fn to_measure(publication: &Publication, item: ItemId) -> Option<Publication> {
    let item = publication.items.iter().find(|one| one.id == item)?;
    Some(Publication {
        items: vec![item.clone()],
        forum: publication.forum.clone(),
        place: publication.place.clone(),
        participants: vec![],
        correction: None,
        ..*publication
    })
}

/// The item at `place`, counted from 1.
pub fn extract(
    publication: &Publication,
    stand: Stand<'_>,
    place: usize,
    format: Format,
) -> Result<Vec<u8>, RenderError> {
    let items = publication.items.len();
    let item = place.checked_sub(1).and_then(|index| publication.items.get(index));
    let item = item.ok_or(RenderError::NoItem { place, items })?;
    let only = Publication {
        items: vec![item.clone()],
        forum: publication.forum.clone(),
        place: publication.place.clone(),
        participants: publication.participants.clone(),
        correction: publication.correction.clone(),
        ..*publication
    };
    match format {
        Format::Html => Ok(html::extract(&only, stand, item.number).into_bytes()),
        Format::Docx => docx::extract(&only, stand, item.number),
        Format::Json => Ok(json::extract(&only, item, stand).into_bytes()),
        other => Err(RenderError::NotOfItems(other)),
    }
}
