//! The bookmarks of an attachment stand below one for the attachment, which stands below the
//! bookmark of its item in the list of attachments.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};
use std::collections::BTreeSet;

/// Bookmarks of one attachment; one with more has them by itself alone.
const MAX_BOOKMARKS: usize = 20_000;

/// The bookmarks of the items in the list of attachments, which is the last of the agenda.
pub fn of_list(agenda: &Document) -> Option<Vec<ObjectId>> {
    let outlines = agenda.catalog().ok()?.get(b"Outlines").ok()?.as_reference().ok()?;
    let last = agenda.get_dictionary(outlines).ok()?.get(b"Last").ok()?.as_reference().ok()?;
    siblings(agenda, last, &mut BTreeSet::new())
}

/// The bookmarks below one, in order; none if they go round in a ring.
fn siblings(document: &Document, parent: ObjectId, seen: &mut BTreeSet<ObjectId>) -> Option<Vec<ObjectId>> {
    let mut all = Vec::new();
    let mut next = document.get_dictionary(parent).ok()?.get(b"First").ok().cloned();
    while let Some(id) = next.and_then(|next| next.as_reference().ok()) {
        if !seen.insert(id) || seen.len() > MAX_BOOKMARKS {
            return None;
        }
        all.push(id);
        next = document.get_dictionary(id).ok()?.get(b"Next").ok().cloned();
    }
    Some(all)
}

/// A bookmark for the part, with those that it has below it.
pub fn of_part(part: &mut Document, title: &Object, page: ObjectId) -> ObjectId {
    let own = own(part).unwrap_or_default();
    let place = vec![page.into(), "Fit".into()];
    let mut bookmark = dictionary! { "Title" => title.clone(), "Dest" => place };
    hold(&mut bookmark, &own);
    let id = part.add_object(bookmark);
    chain(part, id, &own);
    id
}

/// Puts bookmarks below one that has none yet.
pub fn put_below(document: &mut Document, parent: ObjectId, children: &[ObjectId]) {
    if let Ok(bookmark) = document.get_dictionary_mut(parent) {
        hold(bookmark, children);
    }
    chain(document, parent, children);
}

/// What a bookmark says of those below it: folded away.
fn hold(bookmark: &mut Dictionary, children: &[ObjectId]) {
    if let (Some(first), Some(last)) = (children.first(), children.last()) {
        bookmark.set("First", *first);
        bookmark.set("Last", *last);
        bookmark.set("Count", -i64::try_from(children.len()).unwrap_or(i64::MAX));
    }
}

fn chain(document: &mut Document, parent: ObjectId, children: &[ObjectId]) {
    for (index, id) in children.iter().enumerate() {
        let Ok(bookmark) = document.get_dictionary_mut(*id) else { continue };
        bookmark.set("Parent", parent);
        let neighbours = [("Prev", index.checked_sub(1)), ("Next", index.checked_add(1))];
        for (key, neighbour) in neighbours {
            match neighbour.and_then(|index| children.get(index)) {
                Some(neighbour) => bookmark.set(key, *neighbour),
                None => drop(bookmark.remove(key.as_bytes())),
            }
        }
    }
}

/// The outermost bookmarks of a part, if all of them are sound. All are folded, so that their
/// number says how many stand right below.
fn own(part: &mut Document) -> Option<Vec<ObjectId>> {
    let outlines = part.catalog().ok()?.get(b"Outlines").ok()?.as_reference().ok()?;
    let mut seen = BTreeSet::new();
    let tops = siblings(part, outlines, &mut seen)?;
    let mut waiting = tops.clone();
    while let Some(id) = waiting.pop() {
        let below = siblings(part, id, &mut seen)?;
        let bookmark = part.get_dictionary_mut(id).ok()?;
        [&b"First"[..], b"Last", b"Count"].iter().for_each(|key| drop(bookmark.remove(key)));
        put_below(part, id, &below);
        waiting.extend(below);
    }
    Some(tops)
}
