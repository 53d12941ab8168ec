//! Number trees and name trees of a PDF as flat maps, and back.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes of one tree; no sound file has nearly as many.
const MAX_NODES: usize = 100_000;

pub type Numbers = BTreeMap<i64, Object>;
pub type Names = BTreeMap<Vec<u8>, Object>;

/// A number tree's entries; those of a broken part of it are left out.
pub fn numbers(document: &Document, root: &Object) -> Numbers {
    let pair = |key: &Object, value: &Object| Some((key.as_i64().ok()?, value.clone()));
    entries(document, root, b"Nums").iter().filter_map(|(key, value)| pair(key, value)).collect()
}

/// A name tree's entries.
pub fn names(document: &Document, root: &Object) -> Names {
    let pair = |key: &Object, value: &Object| Some((key.as_str().ok()?.to_vec(), value.clone()));
    entries(document, root, b"Names").iter().filter_map(|(key, value)| pair(key, value)).collect()
}

fn entries(document: &Document, root: &Object, leaf: &[u8]) -> Vec<(Object, Object)> {
    let mut all = Vec::new();
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    let mut waiting = vec![root.clone()];
    for _ in 0..MAX_NODES {
        let Some(node) = waiting.pop() else { break };
        if let Ok(id) = node.as_reference()
            && !seen.insert(id)
        {
            continue;
        }
        let Some(node) = dictionary_of(document, &node) else { continue };
        if let Some(kids) = array(document, node, b"Kids") {
            waiting.extend(kids.iter().cloned());
        }
        for pair in array(document, node, leaf).map(Vec::as_slice).unwrap_or_default().chunks_exact(2) {
            if let [key, value] = pair {
                all.push((
                    document.dereference(key).map_or(Object::Null, |(_, key)| key.clone()),
                    value.clone(),
                ));
            }
        }
    }
    all
}

/// A number tree of one node.
pub fn of_numbers(all: Numbers) -> Object {
    one("Nums", all.into_iter().map(|(key, value)| (Object::Integer(key), value)))
}

/// A name tree of one node.
pub fn of_names(all: Names) -> Object {
    one("Names", all.into_iter().map(|(key, value)| (Object::String(key, StringFormat::Literal), value)))
}

fn one(leaf: &str, all: impl Iterator<Item = (Object, Object)>) -> Object {
    let mut node = Dictionary::new();
    node.set(leaf, all.flat_map(|(key, value)| [key, value]).collect::<Vec<_>>());
    Object::Dictionary(node)
}

/// The dictionary that an object is or leads to.
pub fn dictionary_of<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

/// The array under a key, also where the key only leads to it.
pub fn array<'a>(document: &'a Document, node: &'a Dictionary, key: &[u8]) -> Option<&'a Vec<Object>> {
    document.dereference(node.get(key).ok()?).ok()?.1.as_array().ok()
}
