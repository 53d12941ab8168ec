//! The files of attachments, for the artefacts that carry them.

use crate::{Format, artefact::Artefact};
use agenda::{
    event::FileKind,
    id::Hash,
    publication::{Publication, PublishedAttachment, PublishedFile},
};
use std::collections::BTreeMap;

/// Attachments that one artefact carries, in bytes of all of them. What does not fit is named in it
/// with the place where it lies.
const MAX_CARRIED_BYTES: u64 = 48 * 1024 * 1024;

/// Files that are at hand, by what the publication names them by.
pub type Files = BTreeMap<Hash, Vec<u8>>;

/// The files that an artefact would carry, in the order of the agenda.
pub fn wanted(artefact: Artefact, publication: &Publication) -> Vec<&PublishedFile> {
    let fits = |file: &&PublishedFile| match artefact {
        Artefact::Whole(Format::Samlet) => file.kind == FileKind::Pdf,
        Artefact::Whole(Format::Zip) => true,
        _ => false,
    };
    let mut left = MAX_CARRIED_BYTES;
    let mut room = |file: &&PublishedFile| left.checked_sub(file.size).map(|rest| left = rest).is_some();
    let attachments = publication.items.iter().flat_map(|item| &item.attachments);
    attachments.filter_map(PublishedAttachment::file).filter(fits).filter(|file| room(file)).collect()
}
