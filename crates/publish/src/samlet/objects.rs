//! The objects of a PDF by their numbers: moved behind those of another file, walked through, and
//! at the end those alone that the document leads to.

use lopdf::{Document, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// Gives all objects new numbers from `first` on. What leads nowhere becomes null, so that it
/// never leads to somebody else's object. The number after the last.
pub fn renumber(document: &mut Document, first: u32) -> u32 {
    let new: BTreeMap<ObjectId, ObjectId> =
        document.objects.keys().copied().zip((first..).map(|number| (number, 0))).collect();
    let lead = |object: &mut Object| {
        if let Object::Reference(id) = object {
            *object = new.get(id).map_or(Object::Null, |id| Object::Reference(*id));
        }
    };
    let objects = std::mem::take(&mut document.objects);
    for (id, mut object) in objects {
        each(&mut object, &mut |one| lead(one));
        document.objects.insert(new.get(&id).copied().unwrap_or(id), object);
    }
    document.trailer.iter_mut().for_each(|(_, object)| each(object, &mut |one| lead(one)));
    let next = first.saturating_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
    document.max_id = next.saturating_sub(1);
    next
}

/// Visits an object and all that stands in it. Their depth is the parser's limit.
pub fn each(object: &mut Object, visit: &mut impl FnMut(&mut Object)) {
    visit(object);
    match object {
        Object::Array(all) => all.iter_mut().for_each(|one| each(one, visit)),
        Object::Dictionary(dictionary) => dictionary.iter_mut().for_each(|(_, one)| each(one, visit)),
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, one)| each(one, visit)),
        _ => {}
    }
}

/// Takes away what the document does not lead to, and closes the gaps.
pub fn tidy(document: &mut Document) {
    let mut found: BTreeSet<ObjectId> = BTreeSet::new();
    let mut waiting = Vec::new();
    document.trailer.iter().for_each(|(_, object)| references(object, &mut waiting));
    while let Some(id) = waiting.pop() {
        if found.insert(id)
            && let Some(object) = document.objects.get(&id)
        {
            references(object, &mut waiting);
        }
    }
    document.objects.retain(|id, _| found.contains(id));
    renumber(document, 1);
}

fn references(object: &Object, found: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(all) => all.iter().for_each(|one| references(one, found)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, one)| references(one, found)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, one)| references(one, found)),
        _ => {}
    }
}
