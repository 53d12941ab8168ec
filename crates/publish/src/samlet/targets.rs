//! Links inside an attachment name their targets. In the joined file two attachments may use the
//! same name, so each link is given the place itself.

use super::{
    objects::each,
    trees::{dictionary_of, names},
};
use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeMap;

type Targets = BTreeMap<Vec<u8>, Object>;

/// Puts the place instead of its name wherever a link or bookmark leads to one.
pub fn resolve(document: &mut Document) {
    let targets = targets(document);
    for object in document.objects.values_mut() {
        each(object, &mut |one| {
            let dictionary = match one {
                Object::Dictionary(dictionary) => dictionary,
                Object::Stream(stream) => &mut stream.dict,
                _ => return,
            };
            place(dictionary, b"Dest", &targets);
            if dictionary.get(b"S").and_then(Object::as_name).is_ok_and(|kind| kind == b"GoTo") {
                place(dictionary, b"D", &targets);
            }
        });
    }
}

fn place(link: &mut Dictionary, key: &[u8], targets: &Targets) {
    let Ok(Object::String(name, _) | Object::Name(name)) = link.get(key) else { return };
    match targets.get(name).cloned() {
        Some(target) => link.set(key, target),
        // It leads nowhere in the attachment either.
        None => drop(link.remove(key)),
    }
}

fn targets(document: &Document) -> Targets {
    let Ok(catalog) = document.catalog() else { return Targets::new() };
    let old = catalog.get(b"Dests").ok().and_then(|dests| dictionary_of(document, dests));
    let mut all: Targets =
        old.into_iter().flat_map(|dests| dests.iter()).map(|(name, to)| (name.clone(), to.clone())).collect();
    let tree =
        || catalog.get(b"Names").ok().and_then(|names| dictionary_of(document, names))?.get(b"Dests").ok();
    if let Some(tree) = tree() {
        all.extend(names(document, tree));
    }
    all.into_iter().filter_map(|(name, target)| Some((name, explicit(document, &target)?))).collect()
}

/// A target may be a place, or a dictionary around one.
fn explicit(document: &Document, target: &Object) -> Option<Object> {
    match document.dereference(target).ok()?.1 {
        Object::Dictionary(around) => match document.dereference(around.get(b"D").ok()?).ok()?.1 {
            place @ Object::Array(_) => Some(place.clone()),
            _ => None,
        },
        place @ Object::Array(_) => Some(place.clone()),
        _ => None,
    }
}
