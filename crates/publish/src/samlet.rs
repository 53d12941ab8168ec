//! Samlet PDF: the agenda with its PDF attachments behind it, as one file with the bookmarks and
//! tags of all of them. It claims to be for everyone and for the archive only if every part does, and it is.
//!
//! ```text
//! part       an attachment on its way in;  claim: what a file says that it is
//! tags, bookmarks, targets
//!            what leads to its pages, joined with the agenda's
//! trees      number trees and name trees;  objects: their numbers
//! ```
//!
//! An attachment that is no PDF, or cannot be set into another file whole, is listed with the place
//! where it lies. The last part of the agenda lists them all.

mod bookmarks;
mod claim;
mod objects;
mod part;
mod tags;
mod targets;
mod trees;

use crate::{
    artefact::{Artefact, RenderError, Rendered},
    attachment::{address, note},
    files::{Files, wanted},
    format::Format,
    pdf::{Listed, ListedItem, pdf_with_list, with_plain_ends},
    proof::Stand,
    wording,
};
use agenda::publication::{Publication, PublishedAttachment, PublishedItem};
use base64::{Engine, prelude::BASE64_STANDARD};
use claim::Claim;
use lopdf::{Document, Object, ObjectId, StringFormat};
use part::Part;
use sha2::{Digest, Sha256};
use tags::Tags;

/// Bytes of the name that the file has among all others.
const NAME_BYTES: usize = 16;

/// A PDF attachment and its place.
struct Placed {
    /// Counted from 0 among the items that have attachments.
    item: usize,
    title: String,
    part: Part,
}

/// The joined file. Without any attachments it is the agenda.
pub fn samlet(publication: &Publication, stand: Stand<'_>, files: &Files) -> Result<Rendered, RenderError> {
    let (placed, list) = parts(publication, stand, files);
    let agenda = pdf_with_list(publication, stand, &list)?;
    if placed.is_empty() {
        return Ok(agenda);
    }
    let bytes = join(&agenda.bytes, placed).ok_or(RenderError::Join)?;
    Ok(Rendered { bytes, warnings: agenda.warnings })
}

/// The attachments that are set in, and the list of all.
fn parts(publication: &Publication, stand: Stand<'_>, files: &Files) -> (Vec<Placed>, Vec<ListedItem>) {
    let carried = wanted(Artefact::Whole(Format::Samlet), publication);
    let (mut placed, mut list, mut page) = (Vec::new(), Vec::new(), 1);
    for item in publication.items.iter().filter(|item| !item.attachments.is_empty()) {
        let mut listed = ListedItem { heading: wording::item_heading(item), attachments: Vec::new() };
        for (attachment, number) in item.attachments.iter().zip(1u32..) {
            let title = format!("{} {number}: {}", wording::ATTACHMENTS, attachment.title());
            let file = attachment.file().filter(|file| carried.iter().any(|one| one.id == file.id));
            let part = file.and_then(|file| Part::read(files.get(&file.sha256)?));
            let place = place(publication, stand, item, attachment, part.is_some());
            listed
                .attachments
                .push(Listed { text: format!("{title}{place}"), page_after: part.as_ref().map(|_| page) });
            if let Some(part) = part {
                page += part.pages.len();
                placed.push(Placed { item: list.len(), title, part });
            }
        }
        list.push(listed);
    }
    (placed, list)
}

/// Where an attachment is found, as the list says it.
fn place(
    publication: &Publication,
    stand: Stand<'_>,
    item: &PublishedItem,
    attachment: &PublishedAttachment,
    is_inside: bool,
) -> String {
    let Some(file) = attachment.file() else { return String::new() };
    let note = note(file);
    match address(publication, stand, item, file) {
        _ if is_inside => format!(" ({note}), fra side"),
        Some(address) => format!(" ({note}), er ikke med i denne fil. Findes på {address}"),
        None => format!(" ({note}), er ikke med i denne fil"),
    }
}

fn join(agenda: &[u8], placed: Vec<Placed>) -> Option<Vec<u8>> {
    let mut joined = Document::load_mem(agenda).ok()?;
    objects::renumber(&mut joined, 1);
    let mut tags = Tags::of(&joined)?;
    let below = bookmarks::of_list(&joined)?;
    let mut marks: Vec<Vec<ObjectId>> = vec![Vec::new(); below.len()];
    let root = joined.catalog().ok()?.get(b"Pages").ok()?.as_reference().ok()?;
    let (mut claim, mut is_tagged, mut pages) = (Claim::ALL, true, Vec::new());
    for (placed, number) in placed.into_iter().zip(1..) {
        let Placed { item, title, mut part } = placed;
        claim = claim.and(part.claim);
        is_tagged &= claim::is_tagged(&part.document);
        part.settle(joined.max_id.checked_add(1)?)?;
        let title = text(&title);
        tags.take_in(&mut part.document, &title, number);
        let mark = bookmarks::of_part(&mut part.document, &title, *part.pages.first()?);
        marks.get_mut(item)?.push(mark);
        for id in &part.pages {
            let page = part.document.get_dictionary_mut(*id).ok()?;
            page.set("Parent", root);
            if !page.has(b"Tabs") {
                // Links are reached in the order of the tags, which PDF/UA wants said on every page.
                page.set("Tabs", "S");
            }
        }
        pages.extend(part.pages);
        joined.max_id = part.document.max_id;
        joined.objects.extend(part.document.objects);
    }
    below.iter().zip(&marks).for_each(|(item, marks)| bookmarks::put_below(&mut joined, *item, marks));
    let pages = add_pages(&mut joined, root, pages)?;
    tags.write(&mut joined)?;
    if !is_tagged {
        // Not all that is on its pages has a tag.
        let info = joined.catalog_mut().ok()?.get_mut(b"MarkInfo").ok()?.as_dict_mut().ok()?;
        info.set("Suspects", true);
    }
    finish(joined, claim, pages)
}

/// Puts pages behind those of the agenda; how many there are then.
fn add_pages(joined: &mut Document, root: ObjectId, pages: Vec<ObjectId>) -> Option<usize> {
    let tree = joined.get_dictionary_mut(root).ok()?;
    let all = tree.get(b"Count").ok()?.as_i64().ok()?.checked_add(i64::try_from(pages.len()).ok()?)?;
    tree.set("Count", all);
    tree.get_mut(b"Kids").ok()?.as_array_mut().ok()?.extend(pages.into_iter().map(Object::Reference));
    usize::try_from(all).ok()
}

/// Names the file by what is in it, and writes it with those claims alone that it bears out.
fn finish(mut joined: Document, claim: Claim, pages: usize) -> Option<Vec<u8>> {
    objects::tidy(&mut joined);
    let mut plain = Vec::new();
    joined.save_to(&mut plain).ok()?;
    let name = Sha256::digest(&plain).get(..NAME_BYTES)?.to_vec();
    let instance = BASE64_STANDARD.encode(&name);
    let names = joined.trailer.get_mut(b"ID").ok()?.as_array_mut().ok()?;
    *names.get_mut(1)? = Object::String(name, StringFormat::Hexadecimal);
    let bytes = claiming(&mut joined, claim, pages, &instance)?;
    let true_claim = claim.borne_out(&bytes);
    if true_claim == claim { Some(bytes) } else { claiming(&mut joined, true_claim, pages, &instance) }
}

/// The file with this claim; a claim that was taken away does not come back.
fn claiming(joined: &mut Document, claim: Claim, pages: usize, instance: &str) -> Option<Vec<u8>> {
    claim::write(joined, claim, pages, instance)?;
    let mut bytes = Vec::new();
    joined.save_to(&mut bytes).ok()?;
    Some(with_plain_ends(bytes))
}

/// A text as PDF has it.
fn text(words: &str) -> Object {
    let bytes = [0xfeff].into_iter().chain(words.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}
